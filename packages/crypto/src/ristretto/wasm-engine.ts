/**
 * The engine in WebAssembly, made of assembly/ristretto.ts.
 *
 * Its memory has a fixed size: longer sums pass through in parts. Multiplications by secrets neither branch on them nor look
 * them up by address; whether the machine below keeps that promise, WebAssembly does not say.
 */
import {
  ELEMENT_BYTES,
  joinPoints,
  POINT_BYTES,
  type Points,
  type RistrettoEngine,
  requireScalars,
  SECRET_POINTS_MAX,
} from './engine.js'
import { CURVE_D, ENCHANT, fieldOf, littleEndian, ROOT_OF_MINUS_ONE, writeLittleEndian } from './field.js'
import { KERNEL } from './kernel.generated.js'
import { FEW_POINTS, WIDTH_MAX, windowsFor } from './window.js'

/** The part of the platform's WebAssembly that is used here; it belongs to no library of the compiler's. */
declare const WebAssembly:
  | undefined
  | {
      validate(bytes: Uint8Array): boolean
      Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer }
      Module: new (bytes: Uint8Array) => object
      Instance: new (module: object, imports: object) => { readonly exports: unknown }
    }

interface Kernel {
  readonly HEAP: { readonly value: number }
  setConstants(packed: number): void
  decode(encodings: number, count: number, out: number): number
  unpack(packed: number, count: number, out: number): void
  combine(
    points: number,
    scalars: number,
    count: number,
    width: number,
    windows: number,
    digits: number,
    buckets: number,
    out: number,
  ): void
  multiply(points: number, scalars: number, count: number, digits: number, tables: number, out: number): void
}

/** Most points that pass through at once. */
const PART_POINTS = 4_096

/** 64 KiB each. */
const PAGES = 32

/** The engine in WebAssembly, or `undefined` where the platform has none. */
export function wasmRistretto(): RistrettoEngine | undefined {
  if (typeof WebAssembly === 'undefined') return undefined
  const bytes = base64Bytes(KERNEL)
  if (!WebAssembly.validate(bytes)) return undefined
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } })
  return new WasmRistretto(exports as Kernel, memory.buffer)
}

class WasmRistretto implements RistrettoEngine {
  readonly name = 'wasm'
  readonly #kernel: Kernel
  readonly #heap: Uint8Array
  readonly #view: DataView
  readonly #at: ReturnType<typeof layoutFrom>

  constructor(kernel: Kernel, buffer: ArrayBuffer) {
    this.#kernel = kernel
    this.#heap = new Uint8Array(buffer)
    this.#view = new DataView(buffer)
    this.#at = layoutFrom(kernel.HEAP.value)
    const constants = [0n, 1n, CURVE_D, fieldOf(2n * CURVE_D), ROOT_OF_MINUS_ONE, ENCHANT]
    for (const [index, one] of constants.entries()) {
      this.#heap.set(littleEndian(one), this.#at.packed + 32 * index)
    }
    kernel.setConstants(this.#at.packed)
  }

  decode(encodings: Uint8Array): Points | undefined {
    if (encodings.length % ELEMENT_BYTES !== 0) return undefined
    const count = encodings.length / ELEMENT_BYTES
    const points = new Uint8Array(POINT_BYTES * count)
    for (let from = 0; from < count; from += PART_POINTS) {
      const to = Math.min(from + PART_POINTS, count)
      this.#heap.set(encodings.subarray(ELEMENT_BYTES * from, ELEMENT_BYTES * to), this.#at.scalars)
      if (this.#kernel.decode(this.#at.scalars, to - from, this.#at.packed) !== 1) return undefined
      const packed = this.#heap.subarray(this.#at.packed, this.#at.packed + POINT_BYTES * (to - from))
      points.set(packed, POINT_BYTES * from)
    }
    return points as Points
  }

  combine(points: Points, scalars: readonly bigint[]): Uint8Array {
    requireScalars(points, scalars)
    if (scalars.length === 0) return new Uint8Array(ELEMENT_BYTES)
    if (scalars.length <= FEW_POINTS) return this.#combineFew(points, scalars)
    if (scalars.length <= PART_POINTS) return this.#combinePart(points, scalars)
    const sums: Uint8Array[] = []
    for (let from = 0; from < scalars.length; from += PART_POINTS) {
      const to = Math.min(from + PART_POINTS, scalars.length)
      const part = points.subarray(POINT_BYTES * from, POINT_BYTES * to) as Points
      const sum = this.decode(this.#combinePart(part, scalars.slice(from, to)))
      if (sum !== undefined) sums.push(sum)
    }
    return this.combine(joinPoints(...(sums as Points[])), new Array<bigint>(sums.length).fill(1n))
  }

  combineSecret(points: Points, scalars: readonly bigint[]): Uint8Array {
    requireScalars(points, scalars)
    if (scalars.length < 1 || scalars.length > SECRET_POINTS_MAX) {
      throw new RangeError(`ristretto: need 1 to ${SECRET_POINTS_MAX} secret scalars, got ${scalars.length}`)
    }
    const result = this.#combineFew(points, scalars)
    const { scalars: at, digits } = this.#at
    this.#heap.fill(0, at, at + ELEMENT_BYTES * scalars.length)
    this.#heap.fill(0, digits, digits + 2 * 64 * scalars.length)
    return result
  }

  #combineFew(points: Points, scalars: readonly bigint[]): Uint8Array {
    const { unpacked, scalars: at, digits, buckets, out } = this.#at
    this.#load(points, scalars)
    this.#kernel.multiply(unpacked, at, scalars.length, digits, buckets, out)
    return this.#heap.slice(out, out + ELEMENT_BYTES)
  }

  #combinePart(points: Points, scalars: readonly bigint[]): Uint8Array {
    const { unpacked, scalars: at, digits, buckets, out } = this.#at
    const { width, count } = windowsFor(scalars.length)
    this.#load(points, scalars)
    this.#kernel.combine(unpacked, at, scalars.length, width, count, digits, buckets, out)
    return this.#heap.slice(out, out + ELEMENT_BYTES)
  }

  #load(points: Points, scalars: readonly bigint[]): void {
    this.#heap.set(points, this.#at.packed)
    this.#kernel.unpack(this.#at.packed, scalars.length, this.#at.unpacked)
    for (let index = 0; index < scalars.length; index += 1) {
      writeLittleEndian(this.#view, this.#at.scalars + ELEMENT_BYTES * index, scalars[index] as bigint)
    }
  }
}

/** Where things stand in the memory, behind what the kernel itself uses. */
function layoutFrom(heap: number) {
  const out = (heap + 63) & ~63
  const scalars = out + 64
  const packed = scalars + ELEMENT_BYTES * PART_POINTS
  const unpacked = packed + POINT_BYTES * PART_POINTS
  const buckets = unpacked + 120 * PART_POINTS
  const digits = buckets + 160 * Math.max(2 ** (WIDTH_MAX - 1) + 3, 8 * SECRET_POINTS_MAX + 2)
  return { out, scalars, packed, unpacked, buckets, digits }
}

/** The bytes of well-formed base64 without line breaks: this package's own generated kernel. */
function base64Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.replace(/=+$/, '').length * 3) / 4))
  let [bits, held, at] = [0, 0, 0]
  for (const letter of text) {
    if (letter === '=') break
    held = (held << 6) | BASE64.indexOf(letter)
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[at] = (held >> bits) & 0xff
    at += 1
  }
  return bytes
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
