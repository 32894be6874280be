/**
 * The test vectors of the rules, run against this code: for tests, and for anybody who wants to see it (`mc verify vectors`).
 */
import { domainHash, equalBytes, type Sha256 } from '@mc/crypto'
import { type AgreedTime, advanceTime, reseatMembers } from '@mc/ledger'
import { faultsTolerated, fPlus1 } from '@mc/protocol'
import { fromHex, hex, utf8 } from '@mc/protocol/wire'
import { aggregate, publicityNeeded } from './machine/aggregate.js'
import { type Bucket, fullBucket, taken } from './machine/bucket.js'
import { partition, splitSeed, splitSizes } from './machine/partition.js'

/** How one vector came out. */
export interface VectorCase {
  readonly name: string
  readonly pass: boolean
  readonly expected: string
  readonly actual: string
}

/** The vectors, as they stand in the JSON file. */
export interface Vectors {
  readonly split23: {
    readonly topic: string
    readonly beacon: string
    readonly seed: string
    readonly sizes: readonly number[]
    readonly groups: readonly (readonly string[])[]
  }
  readonly splitSizes: readonly {
    readonly n: number
    readonly cap: number
    readonly g: number
    readonly sizes: string
  }[]
  readonly rounds: readonly {
    readonly n: number
    readonly cap: number
    readonly meetingsPerRound: readonly number[]
  }[]
  readonly agg: Readonly<
    Record<
      string,
      {
        readonly in: readonly number[]
        readonly mean?: string
        readonly median?: string
        readonly trim10?: string
      }
    >
  >
  readonly publicity: readonly {
    readonly avg: number
    readonly N: number
    readonly s: number
    readonly min: number
    readonly len: number
  }[]
  readonly time: readonly TimeVector[]
  readonly bucket: {
    readonly cap: number
    readonly period: number
    readonly times: readonly number[]
    readonly res: readonly string[]
  }
}

interface TimeVector {
  readonly name: string
  readonly start: {
    readonly members: readonly string[]
    readonly T: number
    readonly lambda: number
    readonly latest: Readonly<Record<string, number>>
  }
  readonly blocks: readonly {
    readonly proposals: Readonly<Record<string, number>>
    readonly joinAfter?: readonly string[]
    readonly leaveAfter?: readonly string[]
    readonly expect: {
      readonly n: number
      readonly f: number
      readonly pick: number
      readonly T: number
      readonly lambda: number
      readonly L: number
    }
  }[]
}

/** Runs all vectors. */
export function runVectors(
  vectors: Vectors,
  sha256: Sha256,
): { readonly cases: readonly VectorCase[]; readonly failed: number } {
  const cases = [
    ...splitCases(vectors, sha256),
    ...vectors.rounds.map(roundCase),
    ...aggregateCases(vectors),
    ...vectors.publicity.map(publicityCase),
    ...vectors.time.flatMap(timeCases),
    bucketCase(vectors),
  ]
  return { cases, failed: cases.filter(({ pass }) => !pass).length }
}

function compared(name: string, expected: unknown, actual: unknown): VectorCase {
  const [left, right] = [JSON.stringify(expected), JSON.stringify(actual)]
  return { name, pass: left === right, expected: left, actual: right }
}

function splitCases({ split23, splitSizes: sizes }: Vectors, sha256: Sha256): readonly VectorCase[] {
  const seed = splitSeed(fromHex(split23.beacon), fromHex(split23.topic), 1, sha256)
  const ids = Array.from({ length: 23 }, (_, at) =>
    sha256(utf8(`mc-test/member/${String(at + 1).padStart(3, '0')}`)),
  )
  const nameOf = (id: Uint8Array): string =>
    `m${String(ids.findIndex(one => equalBytes(one, id)) + 1).padStart(3, '0')}`
  const groups = partition(ids, 5, seed, sha256).map(group => group.map(nameOf))
  return [
    compared('split23: topic', split23.topic, hex(sha256(utf8('mc-test/topic/1')))),
    compared('split23: seed', split23.seed, hex(seed)),
    compared(
      'split23: seed by definition',
      split23.seed,
      hex(
        domainHash(
          sha256,
          'mc/split-seed/v1',
          fromHex(split23.beacon),
          fromHex(split23.topic),
          Uint8Array.of(0, 0, 0, 1),
        ),
      ),
    ),
    compared('split23: sizes', split23.sizes, splitSizes(23, 5)),
    compared('split23: groups', split23.groups, groups),
    ...sizes.map(({ n, cap, g, sizes: expected }) =>
      compared(
        `sizes of ${n} by ${cap}`,
        [g, expected],
        [splitSizes(n, cap).length, inShort(splitSizes(n, cap))],
      ),
    ),
  ]
}

function inShort(sizes: readonly number[]): string {
  const distinct = [...new Set(sizes)]
  return distinct.map(size => `${sizes.filter(one => one === size).length}x${size}`).join('+')
}

function roundCase({ n, cap, meetingsPerRound }: Vectors['rounds'][number]): VectorCase {
  const meetings: number[] = []
  for (let elements = n; meetings.at(-1) !== 1; elements = meetings.at(-1) ?? 1) {
    meetings.push(splitSizes(elements, cap).length)
  }
  return compared(`rounds of ${n} by ${cap}`, meetingsPerRound, meetings)
}

function aggregateCases({ agg }: Vectors): readonly VectorCase[] {
  const kinds = { mean: 'mean', median: 'median', trim10: 'trim' } as const
  return Object.entries(agg).flatMap(([name, vector]) =>
    (Object.keys(kinds) as (keyof typeof kinds)[]).flatMap(kind => {
      const expected = vector[kind]
      return expected === undefined
        ? []
        : [compared(`aggregate of ${name}: ${kind}`, expected, String(aggregate(kinds[kind], vector.in)))]
    }),
  )
}

function publicityCase({ avg, N, s, min, len }: Vectors['publicity'][number]): VectorCase {
  const needed = publicityNeeded(86_400, N, s, { min: 86_400, max: 7_776_000 })
  return compared(`publicity of ${s}/${N}`, [min, len], [needed, Math.max(avg, needed)])
}

function timeCases({ name, start, blocks }: TimeVector): readonly VectorCase[] {
  let names = [...start.members]
  let time: AgreedTime = {
    time: start.T,
    clock: start.lambda,
    members: names.map(one => start.latest[one] ?? start.T),
  }
  return blocks.map(({ proposals, joinAfter = [], leaveAfter = [], expect }, at) => {
    const n = names.length
    const f = faultsTolerated(n)
    const proposed = new Map(
      names.flatMap((one, index) => (proposals[one] === undefined ? [] : [[index, proposals[one]]])),
    )
    time = advanceTime(time, proposed)
    const pick = [...time.members].sort((left, right) => right - left)[fPlus1({ f }) - 1]
    const actual = { n, f, pick, T: time.time, lambda: time.clock, L: Math.floor(time.clock / 1000) }
    const after = [...names.filter(one => !leaveAfter.includes(one)), ...joinAfter]
    time = reseatMembers(
      time,
      after.map(one => names.indexOf(one)),
    )
    names = after
    return compared(`time: ${name}, block ${at + 1}`, expect, actual)
  })
}

function bucketCase({ bucket: { cap, period, times, res } }: Vectors): VectorCase {
  const rule = { burst: cap, period }
  let bucket: Bucket = fullBucket(rule, 0)
  const actual = times.map(time => {
    const after = taken(bucket, rule, time, 1)
    bucket = after ?? bucket
    return after === undefined ? 'reject' : 'ok'
  })
  return compared('bucket', res, actual)
}
