/**
 * QuickJS in WebAssembly, metered, in a memory that is put back before each call.
 *
 * The engine's own bindings are not used: they would bring a clock, a random seed and a memory that grows. Here the module is given
 * nothing but one question to the host, so there is nothing in it that could differ between two members.
 */
import { InvariantViolation, invariant } from '@mc/protocol'
import { DecodeError, fromUtf8, utf8 } from '@mc/protocol/wire'
import { METER_EXPORTS } from '../metering/meter-module.js'
import { PRELUDE } from './prelude.js'
import type { Oracle, Resource, Sandbox, SandboxCall, SandboxOutcome } from './sandbox.js'
import type { Counter, WebAssemblyPlatform } from './web-assembly.js'

/** The size of the engine's memory, in pages of 64 KiB: 16 MiB, of which a contract can fill about ten. */
export const MEMORY_PAGES = 256

/** How deep the engine's functions may call each other; see `MeterLimits`. */
export const DEPTH_MAX = 48_000

/** The engine's own limit to recursion, in bytes of its stack; it ends in an error that a contract can catch. */
const STACK_BYTES = 512 * 1_024

/** Objects, evaluation, regular expressions and their compiler, JSON, maps, promises (for the syntax; no job ever runs), big integers. */
const INTRINSICS = (1 << 0) | (1 << 2) | (1 << 4) | (1 << 5) | (1 << 6) | (1 << 8) | (1 << 10) | (1 << 11)

/** An answer of the host costs this much, and as much again per byte of question and answer. */
const FUEL_PER_ANSWER = 1_000
const FUEL_PER_ANSWER_BYTE = 10

/** The exports of the pinned binary, by the names that its build gave them. */
interface Exports {
  /** Runs the constructors of the C library. */
  u(): void
  /** malloc */
  v(bytes: number): number
  /** QTS_RuntimeSetMaxStackSize */
  D(runtime: number, bytes: number): void
  /** QTS_NewRuntime */
  K(): number
  /** free */
  M(pointer: number): void
  /** QTS_NewContext */
  N(runtime: number, intrinsics: number): number
  /** QTS_NewString */
  _(context: number, text: number): number
  /** QTS_GetString */
  $(context: number, value: number): number
  /** QTS_SetProp */
  ja(context: number, target: number, name: number, value: number): void
  /** QTS_ResolveException */
  na(context: number, value: number): number
  /** QTS_Eval */
  pa(context: number, code: number, length: number, file: number, detectModule: number, flags: number): number
  /** QTS_GetGlobalObject */
  ua(context: number): number
  /** QTS_NewFunction */
  Da(context: number, name: number, length: number, isConstructor: number, hostRef: number): number
}

type Counters = {
  readonly [METER_EXPORTS.fuel]: Counter<bigint>
  readonly [METER_EXPORTS.depth]: Counter<number>
  readonly [METER_EXPORTS.stack]: Counter<number>
}

/** Thrown through the engine by its host, so that no code inside can catch it. */
class OutOfMemory extends Error {}

/**
 * A sandbox on a metered engine.
 *
 * `engine` is the name it goes by: whoever meters the binary makes it from the digest of the result.
 */
export function quickjsSandbox(platform: WebAssemblyPlatform, metered: Uint8Array, engine: string): Sandbox {
  return new Engine(platform, metered, engine)
}

class Engine implements Sandbox {
  readonly engine: string
  readonly #platform: WebAssemblyPlatform
  readonly #heap: Uint8Array
  readonly #exports: Exports & Counters
  readonly #context: number
  /** The memory of a fresh engine, without the zeros behind it, and its stack pointer. */
  readonly #fresh: Uint8Array
  readonly #freshStack: number
  #oracle: Oracle | undefined

  constructor(platform: WebAssemblyPlatform, metered: Uint8Array, engine: string) {
    this.engine = engine
    this.#platform = platform
    const memory = new platform.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES })
    this.#heap = new Uint8Array(memory.buffer)
    const module = new platform.Module(metered)
    const instance = new platform.Instance(module, { a: { a: memory, ...this.#imports() } })
    this.#exports = instance.exports as Exports & Counters
    this.#exports.u()
    const runtime = this.#exports.K()
    this.#exports.D(runtime, STACK_BYTES)
    this.#context = this.#exports.N(runtime, INTRINSICS)
    this.#installAsk()
    const failed = this.#evaluate(PRELUDE)
    invariant(failed === undefined, `the prelude runs (${failed})`)
    this.#fresh = this.#heap.slice(0, endOf(this.#heap))
    this.#freshStack = this.#exports[METER_EXPORTS.stack].value
  }

  call(call: SandboxCall): SandboxOutcome {
    if (!Number.isSafeInteger(call.fuel) || call.fuel < 1) {
      throw new RangeError(`sandbox: need a positive safe integer of fuel, got ${call.fuel}`)
    }
    this.#reset(call)
    try {
      return this.#outcome(this.#run(call), call.fuel)
    } catch (error) {
      return this.#broken(error, call.fuel)
    } finally {
      this.#oracle = undefined
    }
  }

  /** Puts everything back that a call can change: so no call can tell what ran before it, whatever broke off. */
  #reset(call: SandboxCall): void {
    this.#heap.set(this.#fresh)
    this.#heap.fill(0, this.#fresh.length)
    this.#exports[METER_EXPORTS.stack].value = this.#freshStack
    this.#exports[METER_EXPORTS.depth].value = 0
    this.#exports[METER_EXPORTS.fuel].value = BigInt(call.fuel)
    this.#oracle = call.oracle
  }

  #run({ source, entry, input, oracle }: SandboxCall): string {
    const thrown = this.#evaluate(source)
    if (thrown !== undefined) return `!${thrown}`
    const hasView = oracle !== undefined
    const said = this.#evaluated(`__call('${entry}', ${JSON.stringify(input)}, ${hasView})`)
    // The driver catches all that a contract throws, so this is the stack that ran out while it did.
    return this.#exports.na(this.#context, said) === 0 ? this.#text(said) : '!no stack left to say why'
  }

  #outcome(said: string, fuel: number): SandboxOutcome {
    const left = Number(this.#exports[METER_EXPORTS.fuel].value)
    if (left < 0) return { status: 'exhausted', resource: 'fuel', fuel }
    const text = said.slice(1)
    return said.startsWith('=')
      ? { status: 'returned', text, fuel: fuel - left }
      : { status: 'threw', message: text, fuel: fuel - left }
  }

  /** What an exception out of the engine means. Only ours and the engine's own traps mean anything; any other is the host's. */
  #broken(error: unknown, fuel: number): SandboxOutcome {
    if (error instanceof OutOfMemory) return { status: 'exhausted', resource: 'memory', fuel }
    if (error instanceof DecodeError) return { status: 'threw', message: 'text that is not UTF-8', fuel }
    if (!(error instanceof this.#platform.RuntimeError)) {
      throw new InvariantViolation(`invariant: the host of the sandbox does not fail (${String(error)})`)
    }
    const resource = this.#spent()
    return resource === undefined ? { status: 'broken', fuel } : { status: 'exhausted', resource, fuel }
  }

  #spent(): Resource | undefined {
    if (this.#exports[METER_EXPORTS.fuel].value < 0n) return 'fuel'
    return this.#exports[METER_EXPORTS.depth].value > DEPTH_MAX ? 'stack' : undefined
  }

  /** Evaluates a script in the global scope; returns what it threw, if it threw. */
  #evaluate(code: string): string | undefined {
    const value = this.#evaluated(code)
    const thrown = this.#exports.na(this.#context, value)
    return thrown === 0 ? undefined : this.#text(thrown)
  }

  #evaluated(code: string): number {
    const bytes = utf8(code)
    const at = this.#write(bytes)
    return this.#exports.pa(this.#context, at, bytes.length, this.#write(FILE), 0, STRICT)
  }

  #installAsk(): void {
    const name = this.#exports._(this.#context, this.#write(utf8('__ask')))
    const ask = this.#exports.Da(this.#context, this.#write(utf8('ask')), 1, 0, 1)
    this.#exports.ja(this.#context, this.#exports.ua(this.#context), name, ask)
  }

  /** Copies bytes into the engine, with a zero behind them. */
  #write(bytes: Uint8Array): number {
    const at = this.#exports.v(bytes.length + 1)
    if (at === 0) throw new OutOfMemory()
    this.#heap.set(bytes, at)
    this.#heap[at + bytes.length] = 0
    return at
  }

  #text(value: number): string {
    const at = this.#exports.$(this.#context, value)
    if (at === 0) return '!something that has no text'
    return fromUtf8(this.#heap.subarray(at, this.#heap.indexOf(0, at)))
  }

  /** The one way out of the engine: a question, as text, for an answer, as text. */
  #answer(context: number, count: number, values: number): number {
    const question = count > 0 ? this.#text(values) : ''
    const answer = utf8(this.#oracle?.(question) ?? 'null')
    const cost = FUEL_PER_ANSWER + FUEL_PER_ANSWER_BYTE * (question.length + answer.length)
    this.#exports[METER_EXPORTS.fuel].value -= BigInt(cost)
    return this.#exports._(context, this.#write(answer))
  }

  #imports(): object {
    const refuse = (): never => {
      throw new this.#platform.RuntimeError('the engine asked for something that it is not given')
    }
    return {
      ...Object.fromEntries([...'bcdefghijlmnopqrst'].map(name => [name, refuse])),
      // The clock of the C library, which seeds the engine's random numbers: always the same instant.
      p: () => 0,
      // No time zone, and an environment of no variables: the counts it would write are zero already.
      n: () => undefined,
      e: () => 0,
      f: () => 0,
      // The memory is full. Nothing inside may see that and go on.
      k: () => {
        throw new OutOfMemory()
      },
      s: (context: number, _this: number, count: number, values: number) =>
        this.#answer(context, count, values),
    }
  }
}

/** Where the zeros at the end begin. */
function endOf(heap: Uint8Array): number {
  let end = heap.length
  while (end > 0 && heap[end - 1] === 0) end -= 1
  return end
}

/** What the engine calls a contract in its errors. */
const FILE = utf8('contract')

/** Strict mode for all code. */
const STRICT = 1 << 3
