// The inner loop of the erasure code: a matrix over GF(2^8) times a block of shards, 16 bytes at a time.
//
// AssemblyScript, compiled by scripts/generate-kernel.mjs. The memory is imported and laid out by the caller; nothing is
// allocated here. Addresses are trusted: the caller keeps every range inside the memory.
//
// A product by a coefficient c is two look-ups, one per nibble: c · x = low[x mod 16] + high[x div 16]. `tables` holds 32 bytes
// per coefficient, first its 16 low products, then its 16 high ones.

/**
 * outputs[r] = Σ_c matrix[r][c] · inputs[c].
 *
 * `matrix` is rows × columns bytes, row by row. Shard i begins at `inputs` (or `outputs`) + i · stride; stride is a multiple
 * of 64 and every shard is as long as the stride. The work goes by slices of `slice` bytes, also a multiple of 64, so that a
 * slice of all inputs stays in the processor's nearest cache while all rows are made of it.
 */
export function multiply(
  tables: usize,
  matrix: usize,
  rows: usize,
  columns: usize,
  inputs: usize,
  outputs: usize,
  stride: usize,
  slice: usize,
): void {
  for (let from: usize = 0; from < stride; from += slice) {
    const to = min(from + slice, stride)
    let row: usize = 0
    for (; row + 2 <= rows; row += 2) {
      twoRows(tables, matrix + row * columns, columns, inputs, outputs + row * stride, stride, from, to)
    }
    if (row < rows) {
      oneRow(tables, matrix + row * columns, columns, inputs, outputs + row * stride, stride, from, to)
    }
  }
}

function twoRows(
  tables: usize,
  matrix: usize,
  columns: usize,
  inputs: usize,
  outputs: usize,
  stride: usize,
  from: usize,
  to: usize,
): void {
  const nibble = i8x16.splat(0x0f)
  for (let at = from; at < to; at += 32) {
    let a0 = i8x16.splat(0)
    let a1 = i8x16.splat(0)
    let b0 = i8x16.splat(0)
    let b1 = i8x16.splat(0)
    let input = inputs + at
    const end = matrix + columns
    for (let entry = matrix; entry < end; entry++) {
      const x0 = v128.load(input)
      const x1 = v128.load(input, 16)
      const low0 = v128.and(x0, nibble)
      const low1 = v128.and(x1, nibble)
      const high0 = v128.and(i16x8.shr_u(x0, 4), nibble)
      const high1 = v128.and(i16x8.shr_u(x1, 4), nibble)
      const tableA = tables + ((<usize>load<u8>(entry)) << 5)
      const lowA = v128.load(tableA)
      const highA = v128.load(tableA, 16)
      a0 = v128.xor(a0, v128.xor(i8x16.swizzle(lowA, low0), i8x16.swizzle(highA, high0)))
      a1 = v128.xor(a1, v128.xor(i8x16.swizzle(lowA, low1), i8x16.swizzle(highA, high1)))
      const tableB = tables + ((<usize>load<u8>(entry + columns)) << 5)
      const lowB = v128.load(tableB)
      const highB = v128.load(tableB, 16)
      b0 = v128.xor(b0, v128.xor(i8x16.swizzle(lowB, low0), i8x16.swizzle(highB, high0)))
      b1 = v128.xor(b1, v128.xor(i8x16.swizzle(lowB, low1), i8x16.swizzle(highB, high1)))
      input += stride
    }
    const output = outputs + at
    v128.store(output, a0)
    v128.store(output, a1, 16)
    v128.store(output + stride, b0)
    v128.store(output + stride, b1, 16)
  }
}

function oneRow(
  tables: usize,
  matrix: usize,
  columns: usize,
  inputs: usize,
  outputs: usize,
  stride: usize,
  from: usize,
  to: usize,
): void {
  const nibble = i8x16.splat(0x0f)
  for (let at = from; at < to; at += 64) {
    let a0 = i8x16.splat(0)
    let a1 = i8x16.splat(0)
    let a2 = i8x16.splat(0)
    let a3 = i8x16.splat(0)
    let input = inputs + at
    const end = matrix + columns
    for (let entry = matrix; entry < end; entry++) {
      const table = tables + ((<usize>load<u8>(entry)) << 5)
      const low = v128.load(table)
      const high = v128.load(table, 16)
      a0 = v128.xor(a0, product(low, high, v128.load(input), nibble))
      a1 = v128.xor(a1, product(low, high, v128.load(input, 16), nibble))
      a2 = v128.xor(a2, product(low, high, v128.load(input, 32), nibble))
      a3 = v128.xor(a3, product(low, high, v128.load(input, 48), nibble))
      input += stride
    }
    const output = outputs + at
    v128.store(output, a0)
    v128.store(output, a1, 16)
    v128.store(output, a2, 32)
    v128.store(output, a3, 48)
  }
}

// @ts-ignore: decorator
@inline
function product(low: v128, high: v128, x: v128, nibble: v128): v128 {
  return v128.xor(
    i8x16.swizzle(low, v128.and(x, nibble)),
    i8x16.swizzle(high, v128.and(i16x8.shr_u(x, 4), nibble)),
  )
}
