import {
  avidDispersal,
  avidMDispersal,
  avidMRetrieval,
  avidRetrieval,
  BAD,
  type Dispersal,
  type DispersalParams,
  nearOptimalDispersal,
  nearOptimalRetrieval,
  type Retrieved,
  type ShardCommitment,
  type VectorCommitment,
} from '@mc/avid'
import { peer } from '@mc/protocol'
import {
  type Adversary,
  agreement,
  bounded,
  equivocator,
  fifo,
  garbler,
  integrity,
  latecomer,
  lifo,
  mutator,
  noFaultsAgainstCorrect,
  randomOrder,
  replayer,
  type SimulateOptions,
  silent,
  simulate,
  starve,
  termination,
  totality,
  twins,
  withholder,
} from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { noise } from '../bytes.js'
import { commitment, forgedShards } from '../parties.js'
import { forgedVector, vectorCommitment } from '../vector-parties.js'
import { type DispersalAndRetrieval, disperseAndRetrieve } from './disperse-and-retrieve.js'

const seeds = Array.from({ length: Number(process.env['MC_SEEDS'] ?? 25) }, (_, seed) => seed)
const payload = noise(300, 1)
const proposer = peer(1)

const avid = (of: ShardCommitment = commitment): DispersalAndRetrieval =>
  disperseAndRetrieve(avidDispersal({ commitment: of }), avidRetrieval({ commitment: of }))
const avidM = (of: ShardCommitment = commitment): DispersalAndRetrieval =>
  disperseAndRetrieve(avidMDispersal({ commitment: of }), avidMRetrieval({ commitment: of }))

const nearOptimal = (of: VectorCommitment = vectorCommitment): DispersalAndRetrieval =>
  disperseAndRetrieve(nearOptimalDispersal({ commitment: of }), nearOptimalRetrieval({ commitment: of }))

const variants = [
  ['AVID', () => avid()],
  ['AVID-M', () => avidM()],
  ['near-optimal', () => nearOptimal()],
] as const

/** What a correct proposer encodes, but for one bit of one shard, under a proper tree. */
const inconsistent: ShardCommitment = {
  ...commitment,
  among: size => {
    const coding = commitment.among(size)
    return {
      n: coding.n,
      k: coding.k,
      verifyShard: () => true,
      decode: () => BAD,
      under: () => ({ verify: () => true, decode: () => BAD }),
      encode: given => {
        const encoded = coding.encode(given)
        const leaves = Array.from({ length: coding.n }, (_, index) => encoded.shardOf(index).shard.slice())
        ;(leaves[0] as Uint8Array)[5] = ((leaves[0]?.[5] as number) + 1) % 256
        const forged = forgedShards(leaves)
        return {
          root: forged[0]?.root as Uint8Array,
          payload: given,
          shardOf: index => forged[index] as (typeof forged)[0],
        }
      },
    }
  },
}

/** The same for near-optimal dispersal: a proper vector over leaves that are no codeword. */
const inconsistentVector: VectorCommitment = {
  ...vectorCommitment,
  among: size => {
    const coding = vectorCommitment.among(size)
    return {
      n: coding.n,
      k: coding.k,
      isVector: () => true,
      verifyShard: () => true,
      decode: () => BAD,
      under: () => ({ verify: () => true, decode: () => BAD }),
      encode: given => {
        const encoded = coding.encode(given)
        const leaves = Array.from({ length: coding.n }, (_, index) => encoded.shardOf(index).shard.slice())
        ;(leaves[0] as Uint8Array)[5] = ((leaves[0]?.[5] as number) + 1) % 256
        const { root, vector } = forgedVector(leaves)
        return {
          root,
          payload: given,
          shardOf: index => ({ root, shard: leaves[index] as Uint8Array, proof: vector }),
        }
      },
    }
  },
}

/** Only the proposer lies about the encoding; the others are given the true one. */
const withLiar =
  (protocol: typeof avid) =>
  ({ index }: { index: number }) =>
    protocol(index === proposer ? inconsistent : commitment)

/** One run, its messages as bytes. */
const disperse = (
  options: Partial<SimulateOptions<DispersalParams, Uint8Array, unknown, Retrieved>> &
    Pick<SimulateOptions<DispersalParams, Uint8Array, unknown, Retrieved>, 'seed' | 'n' | 'protocol'>,
) =>
  simulate<DispersalParams, Uint8Array, unknown, Retrieved>({
    params: committee => ({ committee, proposer }),
    inputs: index => (index === proposer ? payload : undefined),
    encoded: true,
    ...options,
  })

const safe = () => [agreement<Retrieved>(), integrity(), totality(), noFaultsAgainstCorrect()]

const sizes = [
  [4, 2],
  [6, 2],
  [7, 2],
] as const

describe.each(variants)('%s', (_, protocol) => {
  test.each([randomOrder(), lifo(), starve(2)])(
    'a correct proposer: everybody retrieves its payload, under $name and with silent members',
    schedule => {
      for (const [n, silentCount] of sizes) {
        for (const seed of seeds) {
          const mute = n === 7 ? silentCount : 1
          const run = disperse({
            seed,
            n,
            protocol: () => protocol(),
            schedule,
            byzantine: Object.fromEntries(Array.from({ length: mute }, (_, at) => [n - 1 - at, silent()])),
            invariants: [...safe(), termination()],
          })
          expect(run.violations).toEqual([])
          expect(run.outputs[0]).toEqual([payload])
        }
      }
    },
  )

  test.each<readonly [string, Adversary]>([
    ['equivocator', equivocator()],
    ['twins', twins()],
    ['withholder of all shards but k', withholder([0, 2, 3, 4])],
    ['withholder of some', withholder([0, 5])],
    ['latecomer', latecomer()],
    ['mutator', mutator()],
    ['replayer', replayer()],
    ['garbler', garbler()],
  ])(
    'a Byzantine proposer and a helper, %s: all correct members retrieve the same, or none does',
    (_, adversary) => {
      for (const seed of seeds) {
        const run = disperse({
          seed,
          n: 7,
          protocol: () => protocol(),
          byzantine: { 1: adversary, 6: mutator() },
          invariants: safe(),
        })
        expect(run.violations).toEqual([])
      }
    },
  )

  test.each<readonly [string, Adversary]>([
    ['mutator', mutator()],
    ['replayer', replayer()],
    ['garbler', garbler()],
    ['latecomer', latecomer()],
  ])('a correct proposer among two of %s: everybody retrieves its payload', (_, adversary) => {
    for (const seed of seeds) {
      const run = disperse({
        seed,
        n: 7,
        protocol: () => protocol(),
        byzantine: { 4: adversary, 6: adversary },
        invariants: [...safe(), termination()],
      })
      expect(run.violations).toEqual([])
      expect(run.outputs[0]).toEqual([payload])
    }
  })
})

test('AVID, inconsistent encoding: it completes nowhere, and the proposer is blamed', () => {
  for (const seed of seeds) {
    const run = disperse({
      seed,
      n: 7,
      protocol: withLiar(avid),
      byzantine: { 1: withholder([]) },
      invariants: safe(),
    })
    expect(run.violations).toEqual([])
    expect(run.outputs).toEqual([[], [], [], [], [], [], []])
    expect(run.faults.map(({ rule, peer }) => [rule, peer])).toContainEqual(['avid/inconsistent-encoding', 1])
  }
})

test('AVID-M, inconsistent encoding: it completes, and everybody retrieves BAD', () => {
  for (const seed of seeds) {
    const run = disperse({
      seed,
      n: 7,
      protocol: withLiar(avidM),
      byzantine: { 1: withholder([]) },
      invariants: [...safe(), termination()],
    })
    expect(run.violations).toEqual([])
    expect(run.outputs).toEqual([[BAD], [], [BAD], [BAD], [BAD], [BAD], [BAD]])
  }
})

test('near-optimal, inconsistent encoding: it completes, and everybody retrieves BAD', () => {
  for (const seed of seeds) {
    const run = disperse({
      seed,
      n: 7,
      protocol: ({ index }) => nearOptimal(index === proposer ? inconsistentVector : vectorCommitment),
      byzantine: { 1: withholder([]) },
      invariants: [...safe(), termination()],
    })
    expect(run.violations).toEqual([])
    expect(run.outputs).toEqual([[BAD], [], [BAD], [BAD], [BAD], [BAD], [BAD]])
  }
})

test('near-optimal: a proposer that gives chunks to n − f members and no more is retrieved by all', () => {
  for (const seed of seeds) {
    const run = disperse({
      seed,
      n: 7,
      protocol: () => nearOptimal(),
      byzantine: { 1: withholder([0, 5]) },
      invariants: [...safe(), termination()],
    })
    expect(run.violations).toEqual([])
    expect(run.outputs[5]).toEqual([payload])
  }
})

test('AVID: a proposer that gives shards to n − f members and no more is retrieved by all', () => {
  for (const seed of seeds) {
    const run = disperse({
      seed,
      n: 7,
      protocol: () => avid(),
      byzantine: { 1: withholder([0, 5]) },
      invariants: [...safe(), termination()],
    })
    expect(run.violations).toEqual([])
    expect(run.outputs[5]).toEqual([payload])
  }
})

test.each([
  ['AVID', 3, avidDispersal({ commitment })],
  ['AVID-M', 3, avidMDispersal({ commitment })],
  ['near-optimal', 4, nearOptimalDispersal({ commitment: vectorCommitment })],
] as const)(
  '%s costs %i steps, and one message from everybody to everybody in all but the first',
  (_, steps, dispersal) => {
    for (const n of [4, 7, 10]) {
      const run = simulate<DispersalParams, Uint8Array, unknown, unknown>({
        seed: 1,
        n,
        protocol: () => dispersal as Dispersal<never> as Dispersal<unknown>,
        params: committee => ({ committee, proposer }),
        inputs: index => (index === proposer ? payload : undefined),
        schedule: fifo(),
        invariants: [
          bounded({ messages: n - 1 + (steps - 1) * n * (n - 1), depth: steps }),
          termination({ outputs: 2 }),
        ],
      })
      expect(run.violations).toEqual([])
    }
  },
)
