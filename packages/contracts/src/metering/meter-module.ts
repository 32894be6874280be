/**
 * Rewrites a WebAssembly module so that it counts its instructions and its depth of calls, in a memory that cannot grow.
 *
 * "gas injected into the QuickJS WASM itself at basic-block level, so that built-ins and garbage collection are metered too"
 * (contracts, section 2). The result is a pure function of the input: every member runs the same bytes.
 */
import { utf8 } from '@mc/protocol/wire'
import { BinaryReader, BinaryWriter, UnsupportedBinary } from './binary.js'
import { NO_RESULT } from './instructions.js'
import { type FunctionShape, type MeterContext, meterFunction } from './meter-function.js'

/** What the rewritten module allows. */
export interface MeterLimits {
  /** The size of its memory in pages of 64 KiB, from beginning to end. */
  readonly memoryPages: number
  /** How deep its functions may call each other, in weights: sixteen per call and one per local variable. */
  readonly depthMax: number
}

/** The names under which the counters are exported, and that of the module's own stack pointer (its global 0). */
export const METER_EXPORTS = { fuel: 'meter.fuel', depth: 'meter.depth', stack: 'meter.stack' } as const

const SECTION = { type: 1, import: 2, function: 3, memory: 5, global: 6, export: 7, code: 10 } as const

const I32 = 0x7f
const I64 = 0x7e
const MUTABLE = 1

/** Fuel for what runs while the module starts; whoever runs it sets its own afterwards. */
const FUEL_AT_START = 2 ** 40

/**
 * The metered module.
 *
 * Assumes a module with one imported memory, whose global 0 is its stack pointer, and no function with several results.
 *
 * @throws UnsupportedBinary for a module that is built otherwise or uses instructions that cannot be charged.
 */
export function meterModule(bytes: Uint8Array, limits: MeterLimits): Uint8Array {
  const reader = new BinaryReader(bytes)
  const out = new BinaryWriter()
  out.raw(reader.raw(8))
  const rewriter = new ModuleMeter(limits)
  while (!reader.isAtEnd) {
    const id = reader.u8()
    const content = reader.raw(reader.u32())
    out.push(id)
    out.sized(rewriter.section(id, content))
  }
  return out.finish()
}

class ModuleMeter {
  readonly #limits: MeterLimits
  #types: readonly FunctionShape[] = []
  #functions: readonly number[] = []
  #globals = -1

  constructor(limits: MeterLimits) {
    this.#limits = limits
  }

  section(id: number, content: Uint8Array): Uint8Array {
    const reader = new BinaryReader(content)
    switch (id) {
      case SECTION.type:
        this.#types = readTypes(reader)
        return content
      case SECTION.import:
        return this.#imports(reader)
      case SECTION.function:
        this.#functions = Array.from({ length: reader.u32() }, () => reader.u32())
        return content
      case SECTION.memory:
        throw new UnsupportedBinary('a memory of its own: its size could not be fixed from outside')
      case SECTION.global:
        return this.#addGlobals(reader)
      case SECTION.export:
        return this.#addExports(reader)
      case SECTION.code:
        return this.#code(reader)
      default:
        return content
    }
  }

  /** Copies the imports, and fixes the size of the memory among them. */
  #imports(reader: BinaryReader): Uint8Array {
    const out = new BinaryWriter()
    const count = reader.u32()
    out.u32(count)
    for (let left = count; left > 0; left -= 1) {
      out.sized(reader.raw(reader.u32()))
      out.sized(reader.raw(reader.u32()))
      const kind = reader.u8()
      out.push(kind)
      if (kind === 0) out.u32(reader.u32())
      else if (kind === 2) this.#fixMemory(reader, out)
      else throw new UnsupportedBinary(`an import of kind ${kind}`)
    }
    return out.finish()
  }

  #fixMemory(reader: BinaryReader, out: BinaryWriter): void {
    const { memoryPages } = this.#limits
    const flags = reader.u8()
    const pagesMin = reader.u32()
    if (flags === 1) reader.u32()
    if (flags > 1 || pagesMin > memoryPages) {
      throw new UnsupportedBinary(`a memory of ${pagesMin} pages, flags ${flags}`)
    }
    out.push(1)
    out.u32(memoryPages)
    out.u32(memoryPages)
  }

  #addGlobals(reader: BinaryReader): Uint8Array {
    const out = new BinaryWriter()
    this.#globals = reader.u32()
    out.u32(this.#globals + 2)
    out.raw(reader.raw(reader.bytes.length - reader.at))
    out.push(I64, MUTABLE, 0x42)
    out.signed(FUEL_AT_START)
    out.push(0x0b, I32, MUTABLE, 0x41, 0, 0x0b)
    return out.finish()
  }

  #addExports(reader: BinaryReader): Uint8Array {
    const { fuel, depth } = this.#context()
    const out = new BinaryWriter()
    out.u32(reader.u32() + 3)
    out.raw(reader.raw(reader.bytes.length - reader.at))
    const exported = [
      [METER_EXPORTS.fuel, fuel],
      [METER_EXPORTS.depth, depth],
      [METER_EXPORTS.stack, 0],
    ] as const
    for (const [name, index] of exported) {
      out.sized(utf8(name))
      out.push(3)
      out.u32(index)
    }
    return out.finish()
  }

  #code(reader: BinaryReader): Uint8Array {
    const out = new BinaryWriter()
    const context = this.#context()
    const count = reader.u32()
    out.u32(count)
    for (let at = 0; at < count; at += 1) {
      const shape = this.#types[this.#functions[at] ?? -1]
      if (shape === undefined) throw new UnsupportedBinary(`function ${at} has no type`)
      out.sized(meterFunction(new BinaryReader(reader.raw(reader.u32())), shape, context))
    }
    return out.finish()
  }

  /** The sections come in order, so the number of globals is known before it is needed. */
  #context(): MeterContext {
    if (this.#globals < 1) throw new UnsupportedBinary('no stack pointer among the globals')
    return { fuel: this.#globals, depth: this.#globals + 1, depthMax: this.#limits.depthMax }
  }
}

function readTypes(reader: BinaryReader): readonly FunctionShape[] {
  return Array.from({ length: reader.u32() }, () => {
    if (reader.u8() !== 0x60) throw new UnsupportedBinary('a type that is no function')
    const parameters = reader.u32()
    reader.raw(parameters)
    const results = reader.u32()
    if (results > 1) throw new UnsupportedBinary(`${results} results`)
    return { parameters, result: results === 1 ? reader.u8() : NO_RESULT }
  })
}
