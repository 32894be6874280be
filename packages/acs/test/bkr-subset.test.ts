import { type BkrSubsetMessage, bkrSubset, type Subset } from '@mc/acs'
import { fixedCoin } from '@mc/coin'
import { committee, type Driven, drive, faultsTolerated, peer, type Step } from '@mc/protocol'
import { quadraticAba } from '@mc/raba'
import { describe, expect, test } from 'vitest'
import { type StubAbaMessage, type StubRbcMessage, stubAba, stubRbc } from './stub-parts.js'

type Message = BkrSubsetMessage<StubRbcMessage, StubAbaMessage>
type Node = Driven<Uint8Array, Message, Subset>

const payloadOf = (proposer: number): Uint8Array => Uint8Array.of(proposer, 7)

/** Member 0 of n, whose parts do what the test says. */
function member(n = 4): {
  readonly node: Node
  deliver(...proposers: number[]): Step<Message, Subset>
  spoil(proposer: number): Step<Message, Subset>
  decide(bit: 0 | 1, ...proposers: number[]): Step<Message, Subset>
} {
  const node = drive(bkrSubset({ rbc: stubRbc(), aba: stubAba() }), {
    committee: committee({ n, self: 0 }),
    domain: ['test', 0],
  })
  const tell = (
    proposers: readonly number[],
    message: (proposer: number) => StubRbcMessage | StubAbaMessage,
  ): Step<Message, Subset> => {
    const steps = proposers.map(proposer => {
      const inner = message(proposer)
      return node.message(
        peer(1),
        inner.type === 'decide'
          ? { type: 'aba', proposer: peer(proposer), message: inner }
          : { type: 'rbc', proposer: peer(proposer), message: inner as StubRbcMessage },
      )
    })
    return {
      messages: steps.flatMap(step => step.messages),
      outputs: steps.flatMap(step => step.outputs),
      faults: steps.flatMap(step => step.faults),
    }
  }
  return {
    node,
    deliver: (...proposers) =>
      tell(proposers, proposer => ({ type: 'deliver', payload: payloadOf(proposer) })),
    spoil: proposer => tell([proposer], () => ({ type: 'spoil' })),
    decide: (bit, ...proposers) => tell(proposers, () => ({ type: 'decide', bit })),
  }
}

/** The inputs that agreements were given in a step: proposer and bit. */
const given = (step: Step<Message, Subset>): [number, 0 | 1][] =>
  step.messages.flatMap(({ message }) =>
    message.type === 'aba' && message.message.type === 'given'
      ? [[message.proposer, message.message.bit]]
      : [],
  )
const subset = (...proposers: number[]): Subset =>
  new Map(proposers.map(proposer => [peer(proposer), payloadOf(proposer)]))

describe('agreement.md 14.1: bkrSubset', () => {
  test('our payload is broadcast by our own RBC, once', () => {
    const { node } = member()
    expect(node.input(payloadOf(0)).messages).toEqual([
      { to: 'all', message: { type: 'rbc', proposer: 0, message: { type: 'given', payload: payloadOf(0) } } },
    ])
  })

  test('B1: RBC_j delivers and ABA_j has no input: ABA_j(1)', () => {
    expect(given(member().deliver(2))).toEqual([[2, 1]])
  })

  test('B1: RBC_j delivers and ABA_j was given 0: nothing, an ABA cannot repropose', () => {
    const { deliver, decide } = member()
    deliver(0, 1, 2)
    decide(1, 0, 1, 2)
    expect(given(deliver(3))).toEqual([])
  })

  test('B1: ABA_j(1) even if ABA_j has decided by the others’ TERMs before our input', () => {
    const { deliver, decide } = member()
    decide(1, 2)
    expect(given(deliver(2))).toEqual([[2, 1]])
  })

  test('B1: a broadcast that delivered BAD is proposed like any other', () => {
    expect(given(member().spoil(2))).toEqual([[2, 1]])
  })

  test('B2: n − f ABAs have decided 1: input 0 to every ABA without input', () => {
    const { deliver, decide } = member(7)
    deliver(0, 1, 2, 3)
    expect(given(decide(1, 0, 1, 2, 3))).toEqual([])
    expect(given(decide(1, 4))).toEqual([
      [4, 0],
      [5, 0],
      [6, 0],
    ])
    expect(given(decide(1, 5))).toEqual([])
  })

  test('B2: n − f broadcasts delivered are not the trigger', () => {
    const { deliver } = member()
    expect(given(deliver(0, 1, 2))).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ])
  })

  test('B2: decisions for 0 do not count', () => {
    const { deliver, decide } = member(7)
    deliver(0, 1, 2)
    decide(1, 0, 1, 2, 3)
    expect(given(decide(0, 5))).toEqual([])
    expect(given(decide(1, 4))).toEqual([
      [3, 0],
      [4, 0],
      [5, 0],
      [6, 0],
    ])
  })

  test('B2: n − f, not 2f + 1: with n = 6, f = 1 four ones are not enough', () => {
    const { deliver, decide } = member(6)
    deliver(0, 1, 2, 3, 4)
    expect(given(decide(1, 0, 1, 2, 3))).toEqual([])
    expect(given(decide(1, 4))).toEqual([[5, 0]])
  })

  test('B3: wait until all n have decided; undecided is never read as 0', () => {
    const { deliver, decide } = member()
    deliver(0, 1, 2, 3)
    expect(decide(1, 0, 1, 2).outputs).toEqual([])
    expect(decide(1, 3).outputs).toEqual([subset(0, 1, 2, 3)])
  })

  test('B3: wait for RBC_j for every j decided 1', () => {
    const { deliver, decide } = member()
    deliver(0, 1)
    expect(decide(1, 0, 1, 2, 3).outputs).toEqual([])
    expect(deliver(3).outputs).toEqual([])
    expect(deliver(2).outputs).toEqual([subset(0, 1, 2, 3)])
  })

  test('B3: the payload of a slot decided 0 stays out, whenever it comes', () => {
    const before = member()
    before.deliver(0, 1, 2, 3)
    before.decide(0, 3)
    expect(before.decide(1, 0, 1, 2).outputs).toEqual([subset(0, 1, 2)])

    const after = member()
    after.deliver(0, 1, 2)
    expect(after.decide(1, 0, 1, 2).outputs).toEqual([])
    expect(after.decide(0, 3).outputs).toEqual([subset(0, 1, 2)])
    expect(after.deliver(3).outputs).toEqual([])

    const between = member()
    between.deliver(0, 1, 2)
    between.decide(0, 3)
    between.deliver(3)
    expect(between.decide(1, 0, 1, 2).outputs).toEqual([subset(0, 1, 2)])
  })

  test('B3: output is ascending by proposer, whatever the order of events', () => {
    const { deliver, decide } = member()
    deliver(3, 1, 2)
    decide(1, 2, 1)
    decide(0, 0)
    const [output] = decide(1, 3).outputs
    expect([...(output as Subset).keys()]).toEqual([1, 2, 3])
  })

  test('B3: an accepted slot that delivered BAD is in with an empty payload', () => {
    const { deliver, spoil, decide } = member()
    deliver(0, 1, 2)
    decide(1, 0, 1, 2, 3)
    expect(spoil(3).outputs).toEqual([new Map([...subset(0, 1, 2), [peer(3), new Uint8Array(0)]])])
  })

  test('TERM runs before our input: a real agreement decides by n − f TERMs', () => {
    const node = drive(bkrSubset({ rbc: stubRbc(), aba: quadraticAba({ coin: fixedCoin([0]) }) }), {
      committee: committee({ n: 4, self: 0 }),
      domain: [],
    })
    for (const proposer of [0, 1, 2, 3].map(peer)) {
      for (const from of [1, 2, 3].map(peer)) {
        node.message(from, {
          type: 'aba',
          proposer,
          message: { type: 'term', bit: proposer === 3 ? 0 : 1 },
        })
      }
    }
    const deliver = (proposer: number) =>
      node.message(peer(1), {
        type: 'rbc',
        proposer: peer(proposer),
        message: { type: 'deliver', payload: payloadOf(proposer) },
      })
    expect([0, 1, 2].flatMap(proposer => deliver(proposer).outputs)).toEqual([subset(0, 1, 2)])
  })

  test('each agreement has its own domain: that of the subset and the proposer', () => {
    const domains: unknown[] = []
    const aba = stubAba()
    const acs = bkrSubset({
      rbc: stubRbc(),
      aba: {
        ...aba,
        create: (params, effects) => {
          domains.push(params.domain)
          return aba.create(params, effects)
        },
      },
    })
    drive(acs, { committee: committee({ n: 4, self: 0 }), domain: ['net', 12] })
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

  test('the largest payload is that of the broadcast, and n − f slots are guaranteed', () => {
    const { guaranteedSlots, payloadBytesMax } = bkrSubset({ rbc: stubRbc(), aba: stubAba() })
    expect(payloadBytesMax).toBe(64)
    const sizes = [4, 5, 6, 7, 8, 9, 10, 13, 16]
    expect(sizes.map(n => guaranteedSlots({ n, f: faultsTolerated(n) }))).toEqual([
      3, 4, 5, 5, 6, 7, 7, 9, 11,
    ])
  })
})
