import { type Mvc, NONE, type Subset, type VectorConsensusMessage, vectorConsensus } from '@mc/acs'
import { committee, drive, peer, type Step } from '@mc/protocol'
import { bytes, union } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { type StubRbcMessage, stubRbc } from './stub-parts.js'

type StubMvcMessage =
  | { readonly type: 'decide'; readonly value: Uint8Array }
  | { readonly type: 'none' }
  | { readonly type: 'given'; readonly value: Uint8Array }

type Message = VectorConsensusMessage<StubRbcMessage, StubMvcMessage>

const value = bytes({ max: 64 })

/** A consensus that decides whatever anybody tells it to, and shows what it was given. */
const stubMvc = (): Mvc<StubMvcMessage> => ({
  role: 'mvc',
  name: 'mvc/stub',
  wireVersion: 1,
  parameters: {},
  parts: {},
  valueBytesMax: 64,
  codec: () => union({ decide: { value }, none: {}, given: { value } }),
  create: (_, effects) => ({
    handleInput: given => effects.broadcast({ type: 'given', value: given }),
    handleMessage: (_from, message) => {
      if (message.type === 'decide') effects.output(message.value)
      if (message.type === 'none') effects.output(NONE)
    },
  }),
})

/** Member 0 of seven, two of which may be faulty. */
function member(n = 7) {
  const node = drive(vectorConsensus({ rbc: stubRbc(), mvc: stubMvc() }), {
    committee: committee({ n, self: 0 }),
    domain: ['test'],
  })
  const say = (message: Message) => node.message(peer(1), message)
  return {
    node,
    say,
    deliver: (...proposers: number[]) =>
      proposers
        .map(at =>
          say({
            type: 'rbc',
            proposer: peer(at),
            message: { type: 'deliver', payload: Uint8Array.of(at) },
          }),
        )
        .at(-1) as Step<Message, Subset>,
    none: (iteration: number) => say({ type: 'mvc', iteration, message: { type: 'none' } }),
    decide: (iteration: number, bits: number) =>
      say({ type: 'mvc', iteration, message: { type: 'decide', value: Uint8Array.of(bits) } }),
  }
}

const proposals = ({ messages }: Step<Message, Subset>): string[] =>
  messages.map(({ message }) =>
    message.type === 'mvc' && 'value' in message.message
      ? `${message.iteration}: ${[...message.message.value].map(byte => byte.toString(2))}`
      : message.type,
  )

describe('vector consensus', () => {
  test('V1: our payload is broadcast', () => {
    expect(proposals(member().node.input(Uint8Array.of(1)))).toEqual(['rbc'])
  })

  test('V2: n − f deliveries: the set of them is proposed, once', () => {
    const { deliver } = member()
    expect(proposals(deliver(6, 5, 4, 3))).toEqual([])
    expect(proposals(deliver(1))).toEqual(['0: 1111010'])
    expect(proposals(deliver(2))).toEqual([])
  })

  test('V3: nothing decided: one more delivery is waited for, then all that there are are proposed', () => {
    const { deliver, none } = member()
    deliver(0, 1, 2, 3, 4)
    expect(proposals(none(0))).toEqual([])
    expect(proposals(deliver(5))).toEqual(['1: 111111'])
    deliver(6)
    expect(proposals(none(1))).toEqual(['2: 1111111'])
  })

  test('V4: decided: the payloads of the set are output, once they are all here', () => {
    const { deliver, decide } = member()
    deliver(0, 1, 2, 3, 5)
    expect(decide(0, 0b1101111).outputs).toEqual([])
    const { outputs } = deliver(6)
    expect(outputs).toEqual([new Map([0, 1, 2, 3, 5, 6].map(at => [at, Uint8Array.of(at)]))])
    expect(deliver(4).outputs).toEqual([])
  })

  test('an iteration that others reached before us counts when we get there', () => {
    const { deliver, decide, none } = member()
    deliver(0, 1, 2, 3, 4)
    expect(decide(1, 0b11111).outputs).toEqual([])
    expect(none(0).outputs.map(subset => [...subset.keys()])).toEqual([[0, 1, 2, 3, 4]])
    // Others may need our proposal there all the same.
    expect(proposals(deliver(5))).toEqual(['1: 111111'])
  })

  test('we propose in an iteration that was decided without us', () => {
    const { deliver, none } = member()
    none(0)
    expect(proposals(deliver(0, 1, 2, 3, 4))).toEqual(['0: 11111'])
    expect(proposals(deliver(5))).toEqual(['1: 111111'])
  })

  test('iterations over f are named, and f + 1 that decide nothing are reported and end in silence', () => {
    const { none, say } = member(8)
    expect(say({ type: 'mvc', iteration: 3, message: { type: 'none' } }).faults).toMatchObject([
      { rule: 'acs/iteration-over-f', peer: 1 },
    ])
    none(0)
    none(1)
    const { faults, outputs } = none(2)
    expect(faults.map(({ rule, peer: culprit }) => [rule, culprit])).toEqual([
      ['acs/no-vector-agreed', undefined],
    ])
    expect(outputs).toEqual([])
  })

  test('a broadcast of garbage is in, empty', () => {
    const { say, deliver, decide } = member()
    say({ type: 'rbc', proposer: peer(0), message: { type: 'spoil' } })
    deliver(1, 2, 3, 4)
    expect(decide(0, 0b11111).outputs[0]?.get(peer(0))).toEqual(new Uint8Array(0))
  })
})
