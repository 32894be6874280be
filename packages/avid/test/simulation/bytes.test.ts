import { readFileSync } from 'node:fs'
import {
  avidMDispersal,
  avidMRetrieval,
  type Dispersal,
  type DispersalOutput,
  type DispersalParams,
  fragmentBytes,
  nearOptimalDispersal,
  nearOptimalRetrieval,
  type Retrieved,
} from '@mc/avid'
import { committee, drive, faultsTolerated, peer } from '@mc/protocol'
import { fifo, simulate, termination } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { noise } from '../bytes.js'
import { commitment as merkle } from '../parties.js'
import { vectorCommitment as vector } from '../vector-parties.js'
import { disperseAndRetrieve } from './disperse-and-retrieve.js'

// What commits to the shards, beside the payload itself: counted in runs without faults, and by formula.
const PAYLOAD_BYTES = 10_000
const payload = noise(PAYLOAD_BYTES, 1)
const proposer = peer(0)
const sizes = [4, 7, 16, 31, 64]

/** Kind, root, and a shard behind its length. */
const sharded = (n: number): number => {
  const bytes = Math.ceil((4 + PAYLOAD_BYTES) / (n - 2 * faultsTolerated(n)))
  return 1 + 32 + (bytes < 128 ? 1 : 2) + bytes
}
const path = (n: number): number => 32 * Math.ceil(Math.log2(n))
const fragment = (n: number): number => fragmentBytes({ n })

/** Bytes of a dispersal, of what the proposer sends of it, of one retrieval, and of what a member stores of the commitment. */
interface Bytes {
  readonly dispersal: number
  readonly proposer: number
  readonly retrieval: number
  readonly stored: number
}

/** What each proof beside a shard costs, if every other message is a root alone. */
const avidMBytes = (n: number, proof: number): Bytes => ({
  dispersal: (n - 1) * (sharded(n) + proof) + 2 * n * (n - 1) * 33,
  proposer: (n - 1) * (sharded(n) + proof),
  retrieval: (n - 1) * (1 + sharded(n) + proof),
  stored: 32 + proof,
})

const nearOptimalBytes = (n: number): Bytes => ({
  dispersal: (n - 1) * (sharded(n) + fragment(n)) + 3 * n * (n - 1) * (33 + fragment(n)),
  proposer: (n - 1) * (sharded(n) + fragment(n)),
  retrieval: (n - 1) * (1 + sharded(n) + fragment(n)),
  stored: 32 + fragment(n),
})

const variants = [
  {
    name: 'Merkle path',
    parts: [avidMDispersal({ commitment: merkle }), avidMRetrieval({ commitment: merkle })],
    formula: (n: number) => avidMBytes(n, path(n)),
  },
  {
    name: 'whole vector',
    parts: [avidMDispersal({ commitment: vector }), avidMRetrieval({ commitment: vector })],
    formula: (n: number) => avidMBytes(n, 32 * n),
  },
  {
    name: 'near-optimal',
    parts: [nearOptimalDispersal({ commitment: vector }), nearOptimalRetrieval({ commitment: vector })],
    formula: nearOptimalBytes,
  },
] as const

type Part = Dispersal<unknown>

/** What the proposer sends before anybody has answered. */
function uploaded(n: number, dispersal: Part): number {
  const { messages } = drive(dispersal, { committee: committee({ n, self: proposer }), proposer }).input(
    payload,
  )
  const codec = dispersal.codec({ n })
  return messages
    .filter(({ message }) => (message as { type: string }).type === 'chunk')
    .reduce((sum, { message }) => sum + codec.encode(message).length, 0)
}

/** A run of dispersal alone, then one with a retrieval by everybody, whose messages have one byte more around them. */
function counted(n: number, parts: readonly [unknown, unknown]): Bytes {
  const [dispersal, retrieval] = parts as readonly [Part, never]
  const setting = {
    seed: 1,
    n,
    params: (committee: DispersalParams['committee']) => ({ committee, proposer }),
    inputs: (index: number) => (index === proposer ? payload : undefined),
    schedule: fifo(),
    encoded: true,
  }
  const alone = simulate<DispersalParams, Uint8Array, unknown, DispersalOutput>({
    ...setting,
    protocol: () => dispersal,
    invariants: [termination({ outputs: 2 })],
  })
  expect(alone.violations).toEqual([])
  const both = simulate<DispersalParams, Uint8Array, unknown, Retrieved>({
    ...setting,
    protocol: () => disperseAndRetrieve(dispersal, retrieval),
    invariants: [termination()],
  })
  expect(both.violations).toEqual([])
  expect(both.outputs[n - 1]).toEqual([payload])
  const stored = alone.outputs[1]?.find(output => output.type === 'stored')
  if (stored?.type !== 'stored') throw new Error('a correct member stores a shard')
  return {
    dispersal: alone.cost.bytes,
    proposer: uploaded(n, dispersal),
    retrieval: (both.cost.bytes - both.cost.messages - alone.cost.bytes) / n,
    stored: stored.root.length + stored.proof.length,
  }
}

const numbers = ({ dispersal, proposer, retrieval, stored }: Bytes): readonly number[] => [
  dispersal,
  proposer,
  retrieval,
  stored,
]

describe.each(variants)('the bytes of AVID-M and its like: $name', ({ name, parts, formula }) => {
  test.each(sizes)('%i members: counted is what the formula says, and what PAPER.md says', n => {
    expect(counted(n, parts)).toEqual(formula(n))
    const page = readFileSync(new URL('../../PAPER.md', import.meta.url), 'utf8')
    expect(page).toContain(`| ${n} | ${name} | ${numbers(formula(n)).join(' | ')} |`)
  })
})

test('a fragment is shorter than a Merkle path from five members on', () => {
  for (let n = 4; n <= 255; n += 1) expect([n, fragment(n) < path(n)]).toEqual([n, n >= 5])
})
