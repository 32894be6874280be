/**
 * The kernel in WebAssembly with 128-bit vectors, made of assembly/kernel.ts.
 *
 * Its memory has a fixed size and never grows: shards that are too long for it pass through in segments. So a peer's payload
 * cannot make it larger, views into it stay valid, and the working set stays within the processor's second cache.
 */
import { fromBase64 } from './base64.js'
import { FIELD_SIZE, products } from './galois.js'
import { KERNEL } from './kernel.generated.js'
import type { Kernel } from './kernel.js'

/** The part of the platform's WebAssembly that is used here; it belongs to no library of the compiler's. */
declare const WebAssembly:
  | undefined
  | {
      validate(bytes: Uint8Array): boolean
      Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer }
      Module: new (bytes: Uint8Array) => object
      Instance: new (module: object, imports: object) => { readonly exports: unknown }
    }

interface Exports {
  multiply(
    tables: number,
    matrix: number,
    rows: number,
    columns: number,
    inputs: number,
    outputs: number,
    stride: number,
    slice: number,
  ): void
}

/** 64 KiB each: 1 MiB. */
const PAGES = 16

/** The kernel's step: shards are laid out at multiples of it. */
const STEP = 64

/** How much of all inputs one slice may hold: half of a usual first-level cache. */
const SLICE_BYTES = 16_384

const TABLES_AT = 0
const MATRIX_AT = FIELD_SIZE * 32

/**
 * The WebAssembly kernel, or `undefined` where the platform has no WebAssembly or no SIMD in it.
 *
 * There is one: it holds nothing but working space, which every call fills anew, and making it takes as long as a hundred payloads.
 */
export function wasmKernel(): Kernel | undefined {
  if (typeof WebAssembly === 'undefined') return undefined
  const known = KERNELS.get(WebAssembly)
  if (known !== undefined) return known
  const bytes = fromBase64(KERNEL)
  if (!WebAssembly.validate(bytes)) return undefined
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } })
  const heap = new Uint8Array(memory.buffer)
  writeTables(heap)
  const kernel: Kernel = {
    name: 'wasm-simd',
    multiply: (matrix, inputs, outputs) => multiply(exports as Exports, heap, matrix, inputs, outputs),
  }
  KERNELS.set(WebAssembly, kernel)
  return kernel
}

/** By the WebAssembly that runs it. */
const KERNELS = new WeakMap<object, Kernel>()

/** Per coefficient its 16 products with low nibbles, then its 16 products with high ones. */
function writeTables(heap: Uint8Array): void {
  for (let coefficient = 0; coefficient < FIELD_SIZE; coefficient += 1) {
    const all = products(coefficient)
    for (let nibble = 0; nibble < 16; nibble += 1) {
      heap[TABLES_AT + 32 * coefficient + nibble] = all[nibble] as number
      heap[TABLES_AT + 32 * coefficient + 16 + nibble] = all[nibble << 4] as number
    }
  }
}

function multiply(
  { multiply: multiplySegment }: Exports,
  heap: Uint8Array,
  matrix: Uint8Array,
  inputs: readonly Uint8Array[],
  outputs: readonly Uint8Array[],
): void {
  const rows = outputs.length
  const columns = inputs.length
  const length = outputs[0]?.length ?? 0
  heap.set(matrix, MATRIX_AT)
  const inputsAt = padded(MATRIX_AT + matrix.length)
  const segment = roundedDown((heap.length - inputsAt) / (rows + columns))
  const slice = Math.max(STEP, roundedDown(SLICE_BYTES / columns))
  for (let from = 0; from < length; from += segment) {
    const to = Math.min(from + segment, length)
    const stride = padded(to - from)
    const outputsAt = inputsAt + columns * stride
    copyIn(heap, inputsAt, stride, inputs, from, to)
    multiplySegment(TABLES_AT, MATRIX_AT, rows, columns, inputsAt, outputsAt, stride, slice)
    copyOut(heap, outputsAt, stride, outputs, from, to)
  }
}

const padded = (length: number): number => Math.ceil(length / STEP) * STEP

const roundedDown = (length: number): number => Math.floor(length / STEP) * STEP

function copyIn(
  heap: Uint8Array,
  at: number,
  stride: number,
  inputs: readonly Uint8Array[],
  from: number,
  to: number,
): void {
  for (let index = 0; index < inputs.length; index += 1) {
    const input = inputs[index] as Uint8Array
    // Most shards pass in one piece, and a view costs more than copying a short one.
    heap.set(to - from === input.length ? input : input.subarray(from, to), at + index * stride)
  }
}

function copyOut(
  heap: Uint8Array,
  at: number,
  stride: number,
  outputs: readonly Uint8Array[],
  from: number,
  to: number,
): void {
  for (let index = 0; index < outputs.length; index += 1) {
    const start = at + index * stride
    const output = outputs[index] as Uint8Array
    output.set(heap.subarray(start, start + to - from), from)
  }
}
