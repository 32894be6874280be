import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { erasureCode } from '@mc/avid'
import { type SubspaceInstance, subspaceErasureCode, subspaceGenerator } from '@mc/avid/subspace'
import { ReedSolomonErasure } from '@subspace/reed-solomon-erasure.wasm'
import { describe, expect, test } from 'vitest'
import { noise, only, sameBytes } from '../bytes.js'

const wasm = readFileSync(
  createRequire(import.meta.url).resolve(
    '@subspace/reed-solomon-erasure.wasm/dist/reed_solomon_erasure_bg.wasm',
  ),
)
const instantiate = (): SubspaceInstance => ReedSolomonErasure.fromBytes(wasm)

describe.each([
  [4, 2],
  [5, 3],
  [7, 3],
  [10, 4],
  [16, 6],
  [31, 11],
  [100, 34],
])('n=%i k=%i', (n, k) => {
  const theirs = subspaceErasureCode({ n, k, instantiate })
  const ours = erasureCode({ n, k, generator: subspaceGenerator({ n, k, instantiate }) })
  const data = noise(k * 333, n)

  test('with its generator matrix our kernel makes the same bytes', () => {
    expect(sameBytes(theirs.encode(data), ours.encode(data))).toBe(true)
  })

  test('each decodes what the other encoded, the last k shards alone', () => {
    const kept = Array.from({ length: k }, (_, at) => n - k + at)
    expect(sameBytes([theirs.decode(only(ours.encode(data), kept))], [data])).toBe(true)
    expect(sameBytes([ours.decode(only(theirs.encode(data), kept))], [data])).toBe(true)
  })
})

test('at k = 2 with two parity shards a used instance is never used again: no call traps', () => {
  const code = subspaceErasureCode({ n: 4, k: 2, instantiate })
  for (let round = 0; round < 20; round += 1) {
    const data = noise(2 * 64, round)
    expect(code.decode(only(code.encode(data), [2, 3]))).toEqual(data)
  }
})

test('instances are made anew after each reconstruct, and for each call at k = 2 with two parity shards', () => {
  let made = 0
  const counting = () => {
    made += 1
    return instantiate()
  }
  const seven = subspaceErasureCode({ n: 7, k: 3, instantiate: counting })
  const shards = seven.encode(noise(30, 1))
  seven.encode(noise(30, 2))
  expect(made).toBe(1)
  seven.decode(only(shards, [4, 5, 6]))
  seven.decode(only(shards, [0, 5, 6]))
  expect(made).toBe(2)
  const four = subspaceErasureCode({ n: 4, k: 2, instantiate: counting })
  four.encode(noise(20, 3))
  four.encode(noise(20, 4))
  expect(made).toBe(4)
})

test('misuse by the caller throws', () => {
  for (const [n, k] of [
    [4, 0],
    [4, 4],
    [256, 2],
  ] as const) {
    expect(() => subspaceErasureCode({ n, k, instantiate })).toThrow(RangeError)
  }
  const code = subspaceErasureCode({ n: 5, k: 3, instantiate })
  expect(() => code.encode(new Uint8Array(4))).toThrow(RangeError)
  expect(() => code.decode([new Uint8Array(1), new Uint8Array(1), undefined, undefined, undefined])).toThrow(
    RangeError,
  )
})
