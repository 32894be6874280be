import {
  cauchyGenerator,
  erasureCode,
  fastestKernel,
  type Kernel,
  matrixGenerator,
  portableKernel,
  wasmKernel,
} from '@mc/avid'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { codeWithErasures, noise, numRuns, only, sameBytes, subsets } from '../bytes.js'

const simd = wasmKernel() as Kernel

const kernels = [
  ['wasm-simd', simd],
  ['portable', portableKernel()],
] as const

test('this platform has the WebAssembly kernel, so that the comparisons below compare something', () => {
  expect(simd.name).toBe('wasm-simd')
})

describe.each(kernels)('%s', (_, kernel) => {
  test('the first k shards are the data itself, not a copy', () => {
    const data = noise(3 * 100, 1)
    const shards = erasureCode({ n: 7, k: 3, kernel }).encode(data)
    expect(shards).toHaveLength(7)
    for (let index = 0; index < 3; index += 1) {
      expect(shards[index]?.buffer).toBe(data.buffer)
      expect(shards[index]).toEqual(data.subarray(index * 100, (index + 1) * 100))
    }
  })

  test('all 35 choices of 3 of 7 shards decode', () => {
    const code = erasureCode({ n: 7, k: 3, kernel })
    const data = noise(3 * 131, 2)
    const shards = code.encode(data)
    const choices = [...subsets(7, 3)]
    expect(choices).toHaveLength(35)
    for (const kept of choices) expect(code.decode(only(shards, kept))).toEqual(data)
  })

  test('any k of n shards decode', () => {
    fc.assert(
      fc.property(codeWithErasures, ({ n, k, data, kept }) => {
        const code = erasureCode({ n, k, kernel })
        expect(code.decode(only(code.encode(data), kept))).toEqual(data)
      }),
      { seed: 1, numRuns: numRuns(150) },
    )
  })

  test('more than k shards decode as well, the surplus being ignored', () => {
    const code = erasureCode({ n: 10, k: 4, kernel })
    const data = noise(4 * 77, 3)
    const shards = code.encode(data)
    expect(code.decode(shards)).toEqual(data)
    expect(code.decode(only(shards, [1, 3, 5, 6, 8, 9]))).toEqual(data)
  })
})

test.each([
  [1, 1],
  [2, 1],
  [4, 2],
  [5, 3],
  [6, 4],
  [7, 3],
  [8, 4],
  [9, 5],
  [10, 4],
  [16, 6],
  [31, 11],
  [100, 34],
  [255, 85],
  [255, 1],
  [255, 254],
])('n=%i k=%i: both kernels make the same parity, and the last k shards decode', (n, k) => {
  for (const length of [1, 63, 64, 65, 1000]) {
    const data = noise(k * length, n + length)
    const fast = erasureCode({ n, k, kernel: simd })
    const slow = erasureCode({ n, k, kernel: portableKernel() })
    const shards = fast.encode(data)
    expect(sameBytes(slow.encode(data), shards)).toBe(true)
    const lastOnly = shards.map((shard, index) => (index < n - k ? undefined : shard))
    expect(sameBytes([fast.decode(lastOnly), slow.decode(lastOnly)], [data, data])).toBe(true)
  }
})

describe('where the platform lacks something, plain TypeScript takes over', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  test('no WebAssembly', () => {
    vi.stubGlobal('WebAssembly', undefined)
    expect(wasmKernel()).toBeUndefined()
    expect(fastestKernel().name).toBe('portable')
  })

  test('WebAssembly without vectors', () => {
    vi.stubGlobal('WebAssembly', { validate: () => false })
    expect(wasmKernel()).toBeUndefined()
    expect(fastestKernel().name).toBe('portable')
  })

  test('else the WebAssembly kernel is the fastest', () => {
    expect(fastestKernel().name).toBe('wasm-simd')
  })
})

test('shards longer than the memory of the WebAssembly kernel pass through it in segments', () => {
  for (const [n, k] of [
    [4, 2],
    [7, 3],
  ] as const) {
    const length = 300_001
    const data = noise(k * length, n)
    const shards = erasureCode({ n, k, kernel: simd }).encode(data)
    expect(sameBytes(erasureCode({ n, k, kernel: portableKernel() }).encode(data), shards)).toBe(true)
  }
})

test('kernels may be shared: one code leaves no trace in the next', () => {
  fc.assert(
    fc.property(codeWithErasures, codeWithErasures, (a, b) => {
      const alone = erasureCode({ ...a, kernel: portableKernel() }).encode(a.data)
      erasureCode({ ...b, kernel: simd }).encode(b.data)
      expect(erasureCode({ ...a, kernel: simd }).encode(a.data)).toEqual(alone)
    }),
    { seed: 2, numRuns: numRuns(50) },
  )
})

test('the parity of a Cauchy code is 1 / (i + j) in GF(2^8) with the polynomial 0x11d', () => {
  expect(Array.from(cauchyGenerator({ n: 4, k: 2 }).parity)).toEqual([142, 244, 244, 142])
  const shards = erasureCode({ n: 4, k: 2 }).encode(Uint8Array.of(1, 0))
  expect(shards.map(shard => shard[0])).toEqual([1, 0, 142, 244])
})

test('the closed form of a Cauchy inverse is what elimination finds', () => {
  const n = 12
  const k = 5
  const cauchy = cauchyGenerator({ n, k })
  const general = matrixGenerator({ n, k, parity: cauchy.parity })
  for (let size = 0; size <= k; size += 1) {
    for (const rows of subsets(n - k, size)) {
      for (const columns of subsets(k, size)) {
        expect(cauchy.inverseOf(rows, columns)).toEqual(general.inverseOf(rows, columns))
      }
    }
  }
})

test('the closed form holds for the largest code', () => {
  const cauchy = cauchyGenerator({ n: 255, k: 85 })
  const rows = Array.from({ length: 85 }, (_, at) => 2 * at)
  const columns = Array.from({ length: 85 }, (_, at) => at)
  const general = matrixGenerator({ n: 255, k: 85, parity: cauchy.parity })
  expect(cauchy.inverseOf(rows, columns)).toEqual(general.inverseOf(rows, columns))
})

test('a matrix without an inverse is reported as such', () => {
  const repetition = matrixGenerator({ n: 4, k: 2, parity: Uint8Array.of(1, 1, 1, 1) })
  expect(repetition.inverseOf([0, 1], [0, 1])).toBeUndefined()
  const code = erasureCode({ n: 4, k: 2, generator: repetition })
  const shards = code.encode(Uint8Array.of(5, 6))
  expect(code.decode(only(shards, [0, 3]))).toEqual(Uint8Array.of(5, 6))
  expect(() => code.decode(only(shards, [2, 3]))).toThrow(RangeError)
})

test('inverted matrices are kept by erasure pattern, at most patternsMax of them', () => {
  const generator = cauchyGenerator({ n: 7, k: 3 })
  let inversions = 0
  const counting = {
    ...generator,
    inverseOf: (rows: readonly number[], columns: readonly number[]) => {
      inversions += 1
      return generator.inverseOf(rows, columns)
    },
  }
  const code = erasureCode({ n: 7, k: 3, generator: counting, patternsMax: 2 })
  const shards = code.encode(noise(30, 4))
  const decode = (...places: number[]) => code.decode(only(shards, places))
  decode(4, 5, 6)
  decode(4, 5, 6)
  expect(inversions).toBe(1)
  decode(0, 5, 6)
  decode(4, 5, 6)
  decode(1, 5, 6)
  expect(inversions).toBe(3)
  decode(4, 5, 6)
  expect(inversions).toBe(3)
  decode(0, 5, 6)
  expect(inversions).toBe(4)
})

describe('misuse by the caller throws', () => {
  const code = erasureCode({ n: 4, k: 2 })
  const shard = new Uint8Array(8)

  test.each([
    [4, 0],
    [3, 4],
    [256, 80],
    [4.5, 2],
  ])('n=%d k=%d', (n, k) => {
    expect(() => erasureCode({ n, k })).toThrow(RangeError)
  })

  test('a generator for other sizes', () => {
    expect(() => erasureCode({ n: 4, k: 2, generator: cauchyGenerator({ n: 7, k: 3 }) })).toThrow(RangeError)
    expect(() => matrixGenerator({ n: 4, k: 2, parity: new Uint8Array(3) })).toThrow(RangeError)
  })

  test('data that is empty, or no multiple of k', () => {
    expect(() => code.encode(new Uint8Array(0))).toThrow(RangeError)
    expect(() => code.encode(new Uint8Array(7))).toThrow(RangeError)
  })

  test('too few shards, too many places, shards of different lengths, empty shards', () => {
    expect(() => code.decode([shard, undefined, undefined, undefined])).toThrow(RangeError)
    expect(() => code.decode([shard, shard, shard, shard, shard])).toThrow(RangeError)
    expect(() => code.decode([shard, new Uint8Array(9), undefined, undefined])).toThrow(RangeError)
    expect(() => code.decode([new Uint8Array(0), new Uint8Array(0), undefined, undefined])).toThrow(
      RangeError,
    )
  })
})
