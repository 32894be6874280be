import {
  type Acs,
  type BkrSubsetMessage,
  bkrSubset,
  type RabaSubsetMessage,
  rabaSubset,
  type Subset,
} from '@mc/acs'
import { localCoin } from '@mc/coin'
import { type Bit, type PeerIndex, peer, type Round, round } from '@mc/protocol'
import { type QuadraticMessage, quadraticAba, quadraticRaba } from '@mc/raba'
import {
  type Adversary,
  agreement,
  contentAware,
  type Random,
  type SimEvent,
  simulate,
  termination,
} from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { type StubRbcMessage, stubRbc } from './stub-parts.js'

type Vote = QuadraticMessage<never>
type RabaMessage = RabaSubsetMessage<StubRbcMessage, Vote>
type AbaMessage = BkrSubsetMessage<StubRbcMessage, Vote>
type Message = RabaMessage | AbaMessage

const rabaOf = ({ random: rng }: { readonly random: Random }): Acs<RabaMessage> =>
  rabaSubset({ rbc: stubRbc(), raba: quadraticRaba({ coin: localCoin({ rng }) }) })
const bkrOf = ({ random: rng }: { readonly random: Random }): Acs<AbaMessage> =>
  bkrSubset({ rbc: stubRbc(), aba: quadraticAba({ coin: localCoin({ rng }) }) })

/** Which broadcasts each correct member delivers before anything else; the members after the last one are Byzantine. */
type Script = readonly (readonly number[])[]

/** agreement.md 18, X8: ones per agreement 2, 2, 1, 5, 5, 5, 5. */
const SEVEN: Script = [
  [3, 4, 5, 6, 0],
  [3, 4, 5, 6, 0],
  [3, 4, 5, 6, 1],
  [3, 4, 5, 6, 1],
  [3, 4, 5, 6, 2],
]
/** Ones per agreement 2, 1, 3, 3. */
const FOUR: Script = [
  [2, 3, 0],
  [2, 3, 0],
  [2, 3, 1],
]

/** The bit or `*` that a message stands for. */
const saidBy = (message: Vote): Bit | '*' | undefined => {
  if ('bit' in message) return message.bit
  return 'value' in message ? message.value : undefined
}
const roundOf = (message: Vote): Round | undefined => ('round' in message ? message.round : undefined)

const zeros = (type: 'raba' | 'aba', at: Round): Vote[] => [
  { type: 'prevote', round: at, bit: 0 },
  { type: 'vote', round: at, bit: 0 },
  { type: 'mainvote', round: at, value: 0 },
  { type: 'finalvote', round: at, value: 0 },
  ...(type === 'aba' || at > 0 ? [{ type: 'fixvote' as const, round: at, value: 0 as const }] : []),
]

/** Makes the ideal broadcasts available, and says 0 in every phase of every round as soon as somebody is there. */
const liar = <M extends Message>(n: number): Adversary<Uint8Array, M> => ({
  name: 'always 0',
  corrupt: world => {
    const reached = new Array<number>(n).fill(-1)
    return {
      input: () => {
        for (const proposer of world.committee.peers) {
          const message: StubRbcMessage = { type: 'deliver', payload: Uint8Array.of(proposer) }
          if (world.self === n - 1) world.send('all', { type: 'rbc', proposer, message } as M)
        }
      },
      observe: ({ what, event }) => {
        if (what !== 'sent' || event.type !== 'message' || event.message.type === 'rbc') return
        const { type, proposer, message } = event.message as Exclude<Message, { type: 'rbc' }>
        const latest = Math.max(roundOf(message) ?? 0, 0)
        for (let next = (reached[proposer] as number) + 1; next <= latest; next += 1) {
          reached[proposer] = next
          for (const lie of zeros(type, round(next))) world.send('all', { type, proposer, message: lie } as M)
        }
      },
    }
  },
})

/** The script's deliveries, then zeros of round 0 and TERM(0), then whatever else, and the missing broadcasts last of all. */
const schedule = <M extends Message>(script: Script) =>
  contentAware<Uint8Array, M>((event: SimEvent<Uint8Array, M>) => {
    if (event.type === 'input') return 5
    const message: Message = event.message
    if (message.type === 'rbc') return (script[event.to]?.includes(message.proposer) ?? true) ? 4 : 1
    const { message: vote } = message
    const isEarlyZero = vote.type === 'term' || (roundOf(vote) ?? 0) === 0
    return isEarlyZero && saidBy(vote) === 0 ? 3 : 2
  })

/** What everybody outputs under the script. */
function outputOf<M extends Message>(
  protocol: (node: { readonly random: Random }) => Acs<M>,
  script: Script,
  seed: number,
): readonly PeerIndex[] {
  // 2f + 1 correct members of 3f + 1.
  const f = (script.length - 1) / 2
  const n = script.length + f
  const byzantine = Array.from({ length: f }, (_, at) => script.length + at)
  const { violations, outputs } = simulate({
    seed,
    n,
    protocol,
    params: committee => ({ committee, domain: ['x8', seed] }),
    inputs: index => Uint8Array.of(index),
    schedule: schedule<M>(script),
    byzantine: Object.fromEntries(byzantine.map(index => [index, liar<M>(n)])),
    invariants: [agreement<Subset>(), termination()],
  })
  expect(violations).toEqual([])
  const [subset = new Map()] = outputs.flat()
  return [...subset.keys()]
}

const seeds = Array.from({ length: Number(process.env['MC_SEEDS'] ?? 20) }, (_, seed) => seed)

describe('agreement.md 18, X8: the smallest output', () => {
  test('rabaSubset, n = 7: four payloads, f + 2 and not n − f, two of them from correct proposers', () => {
    for (const seed of seeds) expect(outputOf(rabaOf, SEVEN, seed)).toEqual([3, 4, 5, 6].map(peer))
  })

  test('bkrSubset under the same schedule: five payloads, n − f, three of them from correct proposers', () => {
    for (const seed of seeds) {
      const output = outputOf(bkrOf, SEVEN, seed)
      expect(output).toHaveLength(5)
      expect(output).toEqual(expect.arrayContaining([3, 4, 5, 6].map(peer)))
    }
  })

  test('rabaSubset, n = 4: three payloads, f + 2 = n − f', () => {
    for (const seed of seeds) expect(outputOf(rabaOf, FOUR, seed)).toEqual([0, 2, 3].map(peer))
  })
})
