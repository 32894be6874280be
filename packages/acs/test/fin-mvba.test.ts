import { type FinMvbaMessage, finMvba, type MvbaInput, type Verdict } from '@mc/acs'
import { committee, type Driven, drive, type Fault, peer, type Step } from '@mc/protocol'
import { describe, expect, test } from 'vitest'
import {
  hastyGather,
  type StubElectionMessage,
  type StubRabaMessage,
  type StubRbcMessage,
  stubElection,
  stubRaba,
  stubRbc,
} from './stub-parts.js'

type Message = FinMvbaMessage<StubRbcMessage, StubRabaMessage, StubElectionMessage>
type MvbaStep = Step<Message, Uint8Array>

const proposalOf = (proposer: number): Uint8Array => Uint8Array.of(proposer, 7)

interface Member {
  readonly node: Driven<MvbaInput, Message, Uint8Array>
  /** What the predicate says of the value of a proposer; `valid` unless it was set. */
  readonly verdicts: Map<number, Verdict>
  deliver(...proposers: number[]): MvbaStep
  elect(iteration: number, index: number): MvbaStep
  decide(iteration: number, bit: 0 | 1): MvbaStep
  revalidate(): MvbaStep
}

/** Member 0 of n, whose parts do what the test says. */
function member({ n = 4, f = Math.floor((n - 1) / 3) } = {}): Member {
  const verdicts = new Map<number, Verdict>()
  const definition = finMvba({
    rbc: stubRbc(),
    raba: stubRaba(),
    election: stubElection(),
    gather: hastyGather(),
  })
  const node = drive(definition, {
    committee: committee({ n, f, self: 0 }),
    domain: ['test'],
    judge: ([proposer]) => verdicts.get(proposer as number) ?? 'valid',
  })
  const hear = (message: Message): MvbaStep => node.message(peer(1), message)
  return {
    node,
    verdicts,
    deliver: (...proposers) =>
      joined(
        proposers.map(proposer =>
          hear({
            type: 'rbc',
            proposer: peer(proposer),
            message: { type: 'deliver', payload: proposalOf(proposer) },
          }),
        ),
      ),
    elect: (iteration, index) => hear({ type: 'election', iteration, message: { type: 'elect', index } }),
    decide: (iteration, bit) => hear({ type: 'raba', iteration, message: { type: 'decide', bit } }),
    revalidate: () => node.input({ type: 'revalidate' }),
  }
}

const joined = (steps: readonly MvbaStep[]): MvbaStep => ({
  messages: steps.flatMap(step => step.messages),
  outputs: steps.flatMap(step => step.outputs),
  faults: steps.flatMap(step => step.faults),
})

/** Iterations whose election was asked. */
const asked = (step: MvbaStep): number[] =>
  step.messages.flatMap(({ message }) => (message.type === 'election' ? [message.iteration] : []))

/** The inputs that agreements were given: iteration, and 0, 1 or 'repropose'. */
const given = (step: MvbaStep): [number, 0 | 1 | 'repropose'][] =>
  step.messages.flatMap(({ message }) => {
    if (message.type !== 'raba' || message.message.type !== 'given') return []
    const { input } = message.message
    return [[message.iteration, input === 2 ? 'repropose' : (input as 0 | 1)]]
  })

describe('agreement.md 14.5: finMvba', () => {
  test('F1: our value is broadcast by our own RBC', () => {
    const { node } = member()
    expect(node.input({ type: 'propose', value: proposalOf(0) }).messages).toEqual([
      {
        to: 'all',
        message: { type: 'rbc', proposer: 0, message: { type: 'given', payload: proposalOf(0) } },
      },
    ])
  })

  test('F1: a value that is not valid here must not be proposed', () => {
    for (const verdict of ['pending', 'invalid'] as const) {
      const { node, verdicts } = member()
      verdicts.set(0, verdict)
      expect(() => node.input({ type: 'propose', value: proposalOf(0) })).toThrow(RangeError)
    }
  })

  test('F1: a delivery counts only once Q(v_j) holds here', () => {
    const { deliver, verdicts, revalidate } = member()
    verdicts.set(2, 'pending')
    expect(asked(deliver(0, 1, 2))).toEqual([])
    expect(asked(revalidate())).toEqual([])
    verdicts.set(2, 'valid')
    expect(asked(revalidate())).toEqual([0])
  })

  test('F1: every delivery is an occasion to look at the others again', () => {
    const { deliver, verdicts } = member()
    verdicts.set(2, 'pending')
    deliver(2, 1)
    verdicts.set(2, 'valid')
    expect(asked(deliver(0))).toEqual([0])
  })

  test('F1: a value that can never be valid is dropped and its proposer blamed, once', () => {
    const { deliver, verdicts, revalidate } = member()
    verdicts.set(2, 'invalid')
    const fault: Fault = { rule: 'acs/invalid-value', peer: peer(2), detail: '2 bytes' }
    expect(deliver(2).faults).toEqual([fault])
    verdicts.set(2, 'valid')
    expect(revalidate()).toEqual({ messages: [], outputs: [], faults: [] })
    expect(asked(deliver(0, 1))).toEqual([])
  })

  test('F1: a broadcast that delivered BAD never counts', () => {
    const { node, deliver } = member()
    deliver(0, 1)
    const spoil: Message = { type: 'rbc', proposer: peer(2), message: { type: 'spoil' } }
    expect(node.message(peer(1), spoil)).toEqual({ messages: [], outputs: [], faults: [] })
    expect(asked(deliver(3))).toEqual([0])
  })

  test('F2: the election is asked when the gather has ended, not before', () => {
    const { deliver } = member({ n: 7 })
    expect(asked(deliver(0, 1, 2, 3))).toEqual([])
    expect(asked(deliver(4))).toEqual([0])
    expect(asked(deliver(5, 6))).toEqual([])
  })

  test('F3: propose(1) if v_k is counted', () => {
    const { deliver, elect } = member()
    deliver(0, 1, 2)
    expect(given(elect(0, 2))).toEqual([[0, 1]])
  })

  test('F3: else propose(0), and repropose(1) when v_k is counted later', () => {
    const { deliver, elect, verdicts, revalidate } = member()
    verdicts.set(3, 'pending')
    deliver(0, 1, 2, 3)
    expect(given(elect(0, 3))).toEqual([[0, 0]])
    verdicts.set(3, 'valid')
    expect(given(revalidate())).toEqual([[0, 'repropose']])
  })

  test('F3: repropose(1) even if RABA_t has decided, in an iteration that is over', () => {
    const { deliver, elect, decide } = member()
    deliver(0, 1, 2)
    elect(0, 3)
    decide(0, 0)
    elect(1, 1)
    expect(given(deliver(3))).toEqual([[0, 'repropose']])
  })

  test('F3: repropose(1) even after our output: the instance goes on helping', () => {
    const { deliver, elect, decide } = member()
    deliver(0, 1, 2)
    elect(0, 3)
    decide(0, 0)
    elect(1, 1)
    expect(decide(1, 1).outputs).toEqual([proposalOf(1)])
    const step = deliver(3)
    expect(given(step)).toEqual([[0, 'repropose']])
    expect(step.outputs).toEqual([])
  })

  test('F3: whoever was elected before is passed over for the next in order', () => {
    const { deliver, elect, decide } = member({ n: 10 })
    deliver(0, 1, 2, 3, 4, 5, 6)
    expect(given(elect(0, 9))).toEqual([[0, 0]])
    decide(0, 0)
    // Not 9 again, but 0, which is counted.
    expect(given(elect(1, 9))).toEqual([[1, 1]])
    decide(1, 0)
    expect(given(elect(2, 0))).toEqual([[2, 1]])
    expect(decide(2, 1).outputs).toEqual([proposalOf(1)])
  })

  test('F4: decide 1: output v_k, once', () => {
    const { deliver, elect, decide } = member()
    deliver(0, 1, 2)
    elect(0, 2)
    expect(decide(0, 1).outputs).toEqual([proposalOf(2)])
    expect(deliver(3).outputs).toEqual([])
  })

  test('F4: decide 1: wait for v_k to be counted', () => {
    const { deliver, elect, decide, verdicts, revalidate } = member()
    deliver(0, 1, 2)
    elect(0, 3)
    expect(decide(0, 1).outputs).toEqual([])
    verdicts.set(3, 'pending')
    expect(deliver(3).outputs).toEqual([])
    verdicts.set(3, 'valid')
    expect(revalidate().outputs).toEqual([proposalOf(3)])
  })

  test('F4: decide 0: iteration t + 1, its share is released at once', () => {
    const { deliver, elect, decide } = member()
    deliver(0, 1, 2)
    elect(0, 3)
    const step = decide(0, 0)
    expect(asked(step)).toEqual([1])
    expect(step.outputs).toEqual([])
  })

  test('RABA_t decides by the others’ TERMs before its leader is known: we elect and propose all the same', () => {
    const { deliver, elect, decide } = member()
    expect(asked(decide(0, 0))).toEqual([])
    expect(decide(1, 1).outputs).toEqual([])
    expect(asked(deliver(0, 1, 2))).toEqual([0])
    const failed = elect(0, 3)
    expect(given(failed)).toEqual([[0, 0]])
    expect(asked(failed)).toEqual([1])
    const agreed = elect(1, 1)
    expect(given(agreed)).toEqual([[1, 1]])
    expect(agreed.outputs).toEqual([proposalOf(1)])
  })

  test('f + 1 leaders that fail are more than f faults: acs/no-leader-agreed, and silence', () => {
    const { deliver, elect, decide, node } = member()
    deliver(0, 1, 2)
    elect(0, 3)
    decide(0, 0)
    elect(1, 1)
    expect(decide(1, 0)).toEqual({
      messages: [],
      outputs: [],
      faults: [{ rule: 'acs/no-leader-agreed', detail: '2 leaders failed' }],
    })
    expect(given(deliver(3))).toEqual([[0, 'repropose']])
    expect(node.input({ type: 'revalidate' }).faults).toEqual([])
  })

  test('acs/iteration-over-f: with a smaller f than n allows there are fewer iterations than the codec accepts', () => {
    const { elect, decide } = member({ n: 7, f: 1 })
    const fault: Fault = { rule: 'acs/iteration-over-f', peer: peer(1), detail: 'iteration 2' }
    expect(elect(2, 0)).toEqual({ messages: [], outputs: [], faults: [fault] })
    expect(decide(2, 1)).toEqual({ messages: [], outputs: [], faults: [fault] })
    expect(decide(1, 1).faults).toEqual([])
  })

  test('each election and each agreement has its own domain', () => {
    const domains: unknown[] = []
    const spy = <
      P extends { readonly domain: unknown },
      E,
      R,
      D extends { create(params: P, effects: E): R },
    >(
      definition: D,
    ): D => ({
      ...definition,
      create: (params: P, effects: E) => {
        domains.push(params.domain)
        return definition.create(params, effects)
      },
    })
    const definition = finMvba({ rbc: stubRbc(), raba: spy(stubRaba()), election: spy(stubElection()) })
    drive(definition, { committee: committee({ n: 4, self: 0 }), domain: ['net', 12], judge: () => 'valid' })
    expect(domains).toEqual([
      ['net', 12, 'election', 0],
      ['net', 12, 'raba', 0],
      ['net', 12, 'election', 1],
      ['net', 12, 'raba', 1],
    ])
  })

  test('a part that breaks its contract is a bug of ours: it stops the node', () => {
    const early = member()
    expect(() => early.elect(1, 0)).toThrow('an election answers once, when asked')
    const twice = member()
    twice.deliver(0, 1, 2)
    twice.elect(0, 1)
    expect(() => twice.elect(0, 1)).toThrow('an election answers once, when asked')
    const outside = member()
    outside.deliver(0, 1, 2)
    expect(() => outside.elect(0, 4)).toThrow('a member is elected')
    const delivered = member()
    delivered.deliver(1)
    expect(() => delivered.deliver(1)).toThrow('a broadcast delivers once')
    const decided = member()
    decided.decide(0, 1)
    expect(() => decided.decide(0, 1)).toThrow('an agreement decides once')
  })
})
