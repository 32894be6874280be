import { type RabaSubsetMessage, rabaSubset, type Subset } from '@mc/acs'
import { fixedCoin } from '@mc/coin'
import { committee, type Driven, drive, faultsTolerated, peer, type Step } from '@mc/protocol'
import { quadraticRaba } from '@mc/raba'
import { describe, expect, test } from 'vitest'
import { type StubRabaMessage, type StubRbcMessage, stubRaba, stubRbc } from './stub-parts.js'

type Message = RabaSubsetMessage<StubRbcMessage, StubRabaMessage>
type Node = Driven<Uint8Array, Message, Subset>

const payloadOf = (proposer: number): Uint8Array => Uint8Array.of(proposer, 7)

/** Member 0 of n, whose parts do what the test says. */
function member(n = 4): {
  readonly node: Node
  deliver(...proposers: number[]): Step<Message, Subset>
  spoil(proposer: number): Step<Message, Subset>
  decide(bit: 0 | 1, ...proposers: number[]): Step<Message, Subset>
} {
  const node = drive(rabaSubset({ rbc: stubRbc(), raba: stubRaba() }), {
    committee: committee({ n, self: 0 }),
    domain: ['test', 0],
  })
  const tell = (
    proposers: readonly number[],
    message: (proposer: number) => Message,
  ): Step<Message, Subset> => {
    const steps = proposers.map(proposer => node.message(peer(1), message(proposer)))
    return {
      messages: steps.flatMap(step => step.messages),
      outputs: steps.flatMap(step => step.outputs),
      faults: steps.flatMap(step => step.faults),
    }
  }
  return {
    node,
    deliver: (...proposers) =>
      tell(proposers, proposer => ({
        type: 'rbc',
        proposer: peer(proposer),
        message: { type: 'deliver', payload: payloadOf(proposer) },
      })),
    spoil: proposer =>
      tell([proposer], () => ({ type: 'rbc', proposer: peer(proposer), message: { type: 'spoil' } })),
    decide: (bit, ...proposers) =>
      tell(proposers, proposer => ({
        type: 'raba',
        proposer: peer(proposer),
        message: { type: 'decide', bit },
      })),
  }
}

/** The inputs that agreements were given in a step: proposer, and 0, 1 or 'repropose'. */
const given = (step: Step<Message, Subset>): [number, 0 | 1 | 'repropose'][] =>
  step.messages.flatMap(({ message }) => {
    if (message.type !== 'raba' || message.message.type !== 'given') return []
    const { input } = message.message
    return [[message.proposer, input === 2 ? 'repropose' : (input as 0 | 1)]]
  })
const subset = (...proposers: number[]): Subset =>
  new Map(proposers.map(proposer => [peer(proposer), payloadOf(proposer)]))

describe('agreement.md 14.2: rabaSubset', () => {
  test('our payload is broadcast by our own RBC, once', () => {
    const { node } = member()
    expect(node.input(payloadOf(0)).messages).toEqual([
      { to: 'all', message: { type: 'rbc', proposer: 0, message: { type: 'given', payload: payloadOf(0) } } },
    ])
  })

  test('A1: RBC_j delivers and RABA_j is not started: propose_j(1)', () => {
    expect(given(member().deliver(2))).toEqual([[2, 1]])
  })

  test('A1: RBC_j delivers and RABA_j was started with 0: repropose_j(1)', () => {
    const { deliver } = member()
    deliver(0, 1, 2)
    expect(given(deliver(3))).toEqual([[3, 'repropose']])
  })

  test('A1: repropose_j(1) even if RABA_j has decided 0 locally', () => {
    const { deliver, decide } = member()
    deliver(0, 1, 2)
    expect(decide(0, 3).outputs).toEqual([])
    expect(given(deliver(3))).toEqual([[3, 'repropose']])
  })

  test('A1: repropose_j(1) even after the subset is out: the instance goes on helping', () => {
    const { deliver, decide } = member()
    deliver(0, 1, 2)
    expect(decide(1, 0, 1, 2).outputs).toEqual([])
    expect(decide(0, 3).outputs).toEqual([subset(0, 1, 2)])
    const step = deliver(3)
    expect(given(step)).toEqual([[3, 'repropose']])
    expect(step.outputs).toEqual([])
  })

  test('A1: propose_j(1) even if RABA_j has decided by the others’ TERMs before our input', () => {
    const { deliver, decide } = member()
    decide(1, 2)
    expect(given(deliver(2))).toEqual([[2, 1]])
  })

  test('A1: a broadcast that delivered BAD is proposed like any other', () => {
    expect(given(member().spoil(2))).toEqual([[2, 1]])
  })

  test('A2: n − f RBCs delivered: propose_j(0) for all j not started, in one batch', () => {
    const { deliver } = member()
    expect(given(deliver(1, 3))).toEqual([
      [1, 1],
      [3, 1],
    ])
    expect(given(deliver(0))).toEqual([
      [0, 1],
      [2, 0],
    ])
  })

  test('A2: n − f, not 2f + 1: with n = 6, f = 1 four deliveries are not enough', () => {
    const { deliver } = member(6)
    expect(given(deliver(0, 1, 2, 3))).toHaveLength(4)
    expect(given(deliver(4))).toEqual([
      [4, 1],
      [5, 0],
    ])
  })

  test('A2: deliveries count, decisions do not: n − f agreements decided 1 start nothing', () => {
    const { deliver, decide } = member()
    deliver(0, 1)
    expect(given(decide(1, 0, 1, 2))).toEqual([])
  })

  test('A2: an agreement that decided before our input is still given one', () => {
    const { deliver, decide } = member()
    decide(0, 3)
    decide(1, 0)
    expect(given(deliver(0, 1, 2)).at(-1)).toEqual([3, 0])
  })

  test('A3: wait until all n RABAs decided; undecided is never read as 0', () => {
    const { deliver, decide } = member()
    deliver(0, 1, 2, 3)
    expect(decide(1, 0, 1, 2).outputs).toEqual([])
    expect(decide(1, 3).outputs).toEqual([subset(0, 1, 2, 3)])
  })

  test('A4: RABA_j decided 1: wait for RBC_j', () => {
    const { deliver, decide } = member()
    deliver(0, 1, 2)
    expect(decide(1, 0, 1, 2, 3).outputs).toEqual([])
    expect(deliver(3).outputs).toEqual([subset(0, 1, 2, 3)])
  })

  test('A4: the payload of a slot decided 0 stays out, whenever it comes', () => {
    const before = member()
    before.deliver(0, 1, 2, 3)
    expect(before.decide(0, 3).outputs).toEqual([])
    expect(before.decide(1, 0, 1, 2).outputs).toEqual([subset(0, 1, 2)])

    const after = member()
    after.deliver(0, 1, 2)
    after.decide(0, 3)
    after.deliver(3)
    expect(after.decide(1, 0, 1, 2).outputs).toEqual([subset(0, 1, 2)])
  })

  test('A5: output is ascending by proposer, whatever the order of events', () => {
    const { deliver, decide } = member()
    deliver(3, 1, 2)
    decide(1, 2, 1)
    decide(0, 0)
    const [output] = decide(1, 3).outputs
    expect([...(output as Subset).keys()]).toEqual([1, 2, 3])
  })

  test('A5: an accepted slot that delivered BAD is in with an empty payload', () => {
    for (const decideFirst of [false, true]) {
      const { deliver, spoil, decide } = member()
      deliver(0, 1, 2)
      if (decideFirst) decide(1, 3)
      else spoil(3)
      decide(1, 0, 1, 2)
      const [output] = (decideFirst ? spoil(3) : decide(1, 3)).outputs
      expect(output).toEqual(new Map([...subset(0, 1, 2), [peer(3), new Uint8Array(0)]]))
    }
  })

  test('a slot that is decided 0 and delivered BAD is out', () => {
    const { deliver, spoil, decide } = member()
    deliver(0, 1, 2)
    spoil(3)
    decide(1, 0, 1, 2)
    expect(decide(0, 3).outputs).toEqual([subset(0, 1, 2)])
  })

  test('messages of RABA_j before propose_j reach it', () => {
    const { deliver, decide } = member()
    decide(1, 0, 1, 2, 3)
    expect(deliver(0, 1, 2).outputs).toEqual([])
    expect(deliver(3).outputs).toEqual([subset(0, 1, 2, 3)])
  })

  test('TERM runs before propose: a real agreement decides by n − f TERMs without our input', () => {
    const node = drive(rabaSubset({ rbc: stubRbc(), raba: quadraticRaba({ coin: fixedCoin([0]) }) }), {
      committee: committee({ n: 4, self: 0 }),
      domain: [],
    })
    const say = (from: number, proposer: number, bit: 0 | 1) =>
      node.message(peer(from), { type: 'raba', proposer: peer(proposer), message: { type: 'term', bit } })
    for (const proposer of [0, 1, 2, 3])
      for (const from of [1, 2, 3]) say(from, proposer, proposer === 3 ? 0 : 1)
    const deliver = (proposer: number) =>
      node.message(peer(1), {
        type: 'rbc',
        proposer: peer(proposer),
        message: { type: 'deliver', payload: payloadOf(proposer) },
      })
    expect([0, 1, 2].flatMap(proposer => deliver(proposer).outputs)).toEqual([subset(0, 1, 2)])
  })

  test('faults of a part are reported as they are', () => {
    const rbc = stubRbc()
    const node = drive(
      rabaSubset({
        raba: stubRaba(),
        rbc: {
          ...rbc,
          create: (params, effects) => ({
            ...rbc.create(params, effects),
            handleMessage: from => effects.fault({ rule: 'rbc/some-deed', peer: from }),
          }),
        },
      }),
      { committee: committee({ n: 4, self: 0 }), domain: [] },
    )
    const step = node.message(peer(2), { type: 'rbc', proposer: peer(1), message: { type: 'spoil' } })
    expect(step.faults).toEqual([{ rule: 'rbc/some-deed', peer: 2 }])
  })

  test('each agreement has its own domain: that of the subset and the proposer', () => {
    const domains: unknown[] = []
    const raba = stubRaba()
    const node = rabaSubset({
      rbc: stubRbc(),
      raba: {
        ...raba,
        create: (params, effects) => {
          domains.push(params.domain)
          return raba.create(params, effects)
        },
      },
    })
    drive(node, { committee: committee({ n: 4, self: 0 }), domain: ['net', 12] })
    expect(domains).toEqual([0, 1, 2, 3].map(proposer => ['net', 12, proposer]))
  })

  test('a part that breaks its contract is a bug of ours: it stops the node', () => {
    const delivered = member()
    delivered.deliver(1)
    expect(() => delivered.deliver(1)).toThrow('a broadcast delivers once')
    const decided = member()
    decided.decide(0, 1)
    expect(() => decided.decide(0, 1)).toThrow('an agreement decides once')
  })

  test('the largest payload is that of the broadcast', () => {
    expect(rabaSubset({ rbc: stubRbc(), raba: stubRaba() }).payloadBytesMax).toBe(64)
  })

  test('14.3: guaranteedSlots = ceil(((n − f)² − n·f) / (n − 2f))', () => {
    const { guaranteedSlots } = rabaSubset({ rbc: stubRbc(), raba: stubRaba() })
    const sizes = [4, 5, 6, 7, 8, 9, 10, 13, 16]
    const slots = sizes.map(n => guaranteedSlots({ n, f: faultsTolerated(n) }))
    expect(slots).toEqual([3, 4, 5, 4, 5, 7, 5, 6, 7])
    for (let f = 1; f < 20; f += 1) expect(guaranteedSlots({ n: 3 * f + 1, f })).toBe(f + 2)
    expect(guaranteedSlots({ n: 4, f: 0 })).toBe(4)
    expect(guaranteedSlots({ n: 1, f: 0 })).toBe(1)
  })
})
