import {
  type DispersedSubsetMessage,
  dispersedSubset,
  type LinkableOutput,
  linkableSubset,
  type Subset,
} from '@mc/acs'
import { BAD, type Dispersal, type DispersalOutput, type Retrieval } from '@mc/avid'
import { committee, drive, peer, type Step } from '@mc/protocol'
import { bytes, union } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { type StubAbaMessage, stubAba } from './stub-parts.js'

type DispersalWord = { readonly type: 'given' | 'complete' | 'stored'; readonly payload: Uint8Array }
type RetrievalWord = {
  readonly type: 'serve' | 'retrieve' | 'retrieved' | 'bad'
  readonly payload: Uint8Array
}
type Message = DispersedSubsetMessage<DispersalWord, RetrievalWord, StubAbaMessage>

const payload = bytes({ max: 64 })
const NOTHING = new Uint8Array(0)
const part = { wireVersion: 1, parameters: {}, parts: {} }

/** Completes and stores when it is told to. */
const stubDispersal = (): Dispersal<DispersalWord> => ({
  ...part,
  role: 'dispersal',
  name: 'dispersal/stub',
  payloadBytesMax: 64,
  codec: () => union({ given: { payload }, complete: { payload }, stored: { payload } }),
  create: (_, effects) => ({
    handleInput: given => effects.broadcast({ type: 'given', payload: given }),
    handleMessage: (_from, { type, payload: root }) => {
      if (type === 'complete') effects.output({ type, root })
      if (type === 'stored') effects.output({ type, root, shard: root, proof: root } as DispersalOutput)
    },
  }),
})

/** Retrieves what it is told to, and shows what it was asked for. */
const stubRetrieval = (): Retrieval<RetrievalWord> => ({
  ...part,
  role: 'retrieval',
  name: 'retrieval/stub',
  codec: () => union({ serve: { payload }, retrieve: { payload }, retrieved: { payload }, bad: { payload } }),
  create: (_, effects) => ({
    handleInput: ({ type }) => effects.broadcast({ type, payload: NOTHING }),
    handleMessage: (_from, { type, payload: found }) => {
      if (type === 'retrieved') effects.output(found)
      if (type === 'bad') effects.output(BAD)
    },
  }),
})

/** Member 0 of four. */
function member() {
  const node = drive(
    dispersedSubset({ dispersal: stubDispersal(), retrieval: stubRetrieval(), aba: stubAba() }),
    {
      committee: committee({ n: 4, self: 0 }),
      domain: ['test'],
    },
  )
  const say = (message: Message): Step<Message, Subset> => node.message(peer(1), message)
  const each = (proposers: readonly number[], make: (proposer: ReturnType<typeof peer>) => Message) =>
    proposers.map(at => say(make(peer(at)))).at(-1) as Step<Message, Subset>
  return {
    node,
    disperse: (type: 'complete' | 'stored', ...proposers: number[]) =>
      each(proposers, proposer => ({ type: 'dispersal', proposer, message: { type, payload: NOTHING } })),
    decide: (bit: 0 | 1, ...proposers: number[]) =>
      each(proposers, proposer => ({ type: 'aba', proposer, message: { type: 'decide', bit } })),
    retrieved: (type: 'retrieved' | 'bad', ...proposers: number[]) =>
      each(proposers, proposer => ({
        type: 'retrieval',
        proposer,
        message: { type, payload: Uint8Array.of(proposer) },
      })),
  }
}

const words = ({ messages }: Step<Message, Subset>): string[] =>
  messages.map(({ message: { type, proposer, message } }) =>
    [type, proposer, message.type === 'given' && 'bit' in message ? message.bit : message.type].join(' '),
  )

describe('dispersed subset', () => {
  test('D1: our payload is dispersed', () => {
    expect(words(member().node.input(NOTHING))).toEqual(['dispersal 0 given'])
  })

  test('D2: what is complete is proposed, what is stored is served', () => {
    const { disperse } = member()
    expect(words(disperse('complete', 2))).toEqual(['aba 2 1'])
    expect(words(disperse('stored', 2))).toEqual(['retrieval 2 serve'])
  })

  test('D3: n − f decided 1: 0 is proposed where nothing was, and not before', () => {
    const { disperse, decide } = member()
    disperse('complete', 0, 1, 2)
    expect(words(decide(1, 0, 1))).toEqual([])
    expect(words(decide(1, 2))).toEqual(['aba 3 0'])
    expect(words(disperse('complete', 3))).toEqual([])
  })

  test('D4: once all have decided what was decided 1 is retrieved, complete here or not', () => {
    const { decide } = member()
    expect(words(decide(1, 0, 1, 3)).filter(word => word.includes('retrieve'))).toEqual([])
    expect(words(decide(0, 2))).toEqual([
      'retrieval 0 retrieve',
      'retrieval 1 retrieve',
      'retrieval 3 retrieve',
    ])
  })

  test('D5: all of it is output together, ascending, with nothing for what was no payload', () => {
    const { decide, retrieved } = member()
    decide(1, 0, 1, 3)
    decide(0, 2)
    expect(retrieved('retrieved', 3, 0).outputs).toEqual([])
    expect(retrieved('bad', 1).outputs).toEqual([
      new Map([
        [0, Uint8Array.of(0)],
        [1, NOTHING],
        [3, Uint8Array.of(3)],
      ]),
    ])
  })
})

describe('linkable subset', () => {
  const linkable = () => {
    const node = drive(
      linkableSubset({ dispersal: stubDispersal(), retrieval: stubRetrieval(), aba: stubAba() }),
      { committee: committee({ n: 4, self: 0 }), domain: ['test'] },
    )
    const said = (message: Message): readonly LinkableOutput[] => node.message(peer(1), message).outputs
    const fetch = (proposer: number) => node.input({ type: 'fetch', proposer: peer(proposer) })
    const dispersed = (proposer: number) =>
      said({
        type: 'dispersal',
        proposer: peer(proposer),
        message: { type: 'complete', payload: NOTHING },
      })
    const decide = (bit: 0 | 1, proposer: number) =>
      said({ type: 'aba', proposer: peer(proposer), message: { type: 'decide', bit } })
    const retrieved = (proposer: number, type: 'retrieved' | 'bad' = 'retrieved') =>
      said({
        type: 'retrieval',
        proposer: peer(proposer),
        message: { type, payload: Uint8Array.of(proposer) },
      })
    return { node, fetch, dispersed, decide, retrieved }
  }
  const fetched = (proposer: number, payload = Uint8Array.of(proposer)) => ({
    type: 'fetched',
    proposer,
    payload,
  })
  const retrievals = (step: ReturnType<ReturnType<typeof linkable>['fetch']>) =>
    step.messages.filter(({ message }) => message.type === 'retrieval')

  test('what is complete is said, in or not', () => {
    expect(linkable().dispersed(3)).toEqual([{ type: 'complete', proposer: 3 }])
  })

  test('L1: what was left out is fetched, once, also after the subset', () => {
    const { fetch, decide, retrieved } = linkable()
    for (const proposer of [0, 1, 2]) decide(1, proposer)
    decide(0, 3)
    for (const proposer of [0, 1]) retrieved(proposer)
    expect(retrieved(2)).toEqual([
      { type: 'subset', subset: new Map([0, 1, 2].map(at => [at, Uint8Array.of(at)])) },
    ])
    expect(retrievals(fetch(3))).toHaveLength(1)
    expect(retrieved(3)).toEqual([fetched(3)])
    expect(() => fetch(3)).toThrow(RangeError)
  })

  test('what was no payload is fetched as an empty one', () => {
    const { fetch, retrieved } = linkable()
    fetch(2)
    expect(retrieved(2, 'bad')).toEqual([fetched(2, NOTHING)])
  })

  test('what is fetched before the subset is decided is retrieved once, and may be in as well', () => {
    const { fetch, decide, retrieved } = linkable()
    expect(retrievals(fetch(3))).toHaveLength(1)
    for (const proposer of [0, 1, 3]) decide(1, proposer)
    decide(0, 2)
    expect(retrieved(3)).toEqual([fetched(3)])
    retrieved(0)
    expect(retrieved(1)).toEqual([
      { type: 'subset', subset: new Map([0, 1, 3].map(at => [at, Uint8Array.of(at)])) },
    ])
  })

  test('D1: our payload is dispersed', () => {
    const { node } = linkable()
    expect(node.input({ type: 'propose', payload: NOTHING }).messages).toEqual([
      {
        to: 'all',
        message: { type: 'dispersal', proposer: 0, message: { type: 'given', payload: NOTHING } },
      },
    ])
  })
})
