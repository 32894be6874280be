/**
 * Rewrites the body of one function so that it counts what it does.
 *
 * Each straight run of instructions pays its length when it is entered; loops and functions also look whether the fuel is spent, so
 * nothing runs on for longer than one straight pass through a function. Entering a function adds its weight to the depth and leaving
 * takes it away, so that native recursion ends at the same call on every machine, long before the platform's own stack does.
 */
import { type BinaryReader, BinaryWriter, UnsupportedBinary } from './binary.js'
import { MEMORY_COPY, MEMORY_FILL, NO_RESULT, OP, skipImmediates } from './instructions.js'

/** What a body has to know of its module. */
export interface MeterContext {
  /** Indices of the two counters among the module's globals. */
  readonly fuel: number
  readonly depth: number
  readonly depthMax: number
}

/** What a body has to know of its function. */
export interface FunctionShape {
  readonly parameters: number
  /** The type of its one result, or NO_RESULT. */
  readonly result: number
}

/** Copying or filling memory costs one unit per this many bytes, as a power of two. */
const BULK_BYTES_LOG2 = 3

/** A call costs its own frame besides its locals, in units of depth. */
const FRAME_WEIGHT = 16

/** The metered form of a body, which starts with its local variables. */
export function meterFunction(body: BinaryReader, shape: FunctionShape, context: MeterContext): Uint8Array {
  return new FunctionMeter(body, shape, context).run()
}

class FunctionMeter {
  readonly #body: BinaryReader
  readonly #shape: FunctionShape
  readonly #context: MeterContext
  readonly #out = new BinaryWriter()
  /** Instructions of the current straight run, not yet written. */
  #run = new BinaryWriter()
  #cost = 0
  /** Whether the current run starts at a loop or a function: there, the fuel is also checked. */
  #isChecked = true
  /** Open blocks of the original body, the function's own excluded. */
  #nesting = 0
  #scratch = 0

  constructor(body: BinaryReader, shape: FunctionShape, context: MeterContext) {
    this.#body = body
    this.#shape = shape
    this.#context = context
  }

  run(): Uint8Array {
    const locals = this.#writeLocals()
    const weight = FRAME_WEIGHT + locals
    this.#enter(weight)
    this.#out.push(OP.block, this.#shape.result)
    while (!this.#instruction());
    this.#leave(weight)
    this.#out.push(OP.end)
    return this.#out.finish()
  }

  /** Copies the declarations and adds one i32 for the lengths of bulk operations; returns how many locals there are. */
  #writeLocals(): number {
    const groups = this.#body.u32()
    let count = this.#shape.parameters
    this.#out.u32(groups + 1)
    for (let group = 0; group < groups; group += 1) {
      const size = this.#body.u32()
      this.#out.u32(size)
      this.#out.push(this.#body.u8())
      count += size
    }
    this.#out.push(1, 0x7f)
    this.#scratch = count
    return count
  }

  /** One instruction of the original; true at the end of the function. */
  #instruction(): boolean {
    const start = this.#body.at
    const opcode = this.#body.u8()
    const prefixed = skipImmediates(this.#body, opcode)
    const code = this.#body.bytes.subarray(start, this.#body.at)
    if (!isMark(opcode)) this.#cost += 1
    if (opcode === OP.memoryGrow) throw new UnsupportedBinary(`memory.grow at byte ${start}`)
    if (prefixed === MEMORY_COPY || prefixed === MEMORY_FILL) this.#chargeBulk()
    if (opcode === OP.return) this.#writeReturn()
    else this.#run.raw(code)
    return this.#endsFunction(opcode)
  }

  /** Keeps track of blocks, and ends the straight run where control may come in or go away. */
  #endsFunction(opcode: number): boolean {
    switch (opcode) {
      case OP.block:
        this.#nesting += 1
        return false
      case OP.loop:
      case OP.if:
        this.#nesting += 1
        this.#endRun(opcode === OP.loop)
        return false
      case OP.end:
        this.#endRun(false)
        this.#nesting -= 1
        return this.#nesting < 0
      case OP.else:
      case OP.br:
      case OP.brIf:
      case OP.brTable:
      case OP.return:
      case OP.unreachable:
        this.#endRun(false)
        return false
      default:
        return false
    }
  }

  /** Writes the charge of the straight run in front of it. */
  #endRun(nextIsChecked: boolean): void {
    if (this.#cost > 0 || this.#isChecked) this.#chargeRun()
    if (this.#isChecked) this.#checkFuel()
    this.#out.raw(this.#run.finish())
    this.#run = new BinaryWriter()
    this.#cost = 0
    this.#isChecked = nextIsChecked
  }

  #chargeRun(): void {
    // At least one unit, so that a loop of nothing but marks ends too.
    const cost = Math.max(1, this.#cost)
    this.#charge(() => {
      this.#out.push(OP.i64Const)
      this.#out.signed(cost)
    }, this.#out)
  }

  /** fuel := fuel − amount, where `amount` pushes an i64. */
  #charge(amount: () => void, out: BinaryWriter): void {
    out.push(OP.globalGet)
    out.u32(this.#context.fuel)
    amount()
    out.push(OP.i64Sub, OP.globalSet)
    out.u32(this.#context.fuel)
  }

  #checkFuel(): void {
    this.#out.push(OP.globalGet)
    this.#out.u32(this.#context.fuel)
    this.#out.push(OP.i64Const, 0, OP.i64LtS, OP.if, NO_RESULT, OP.unreachable, OP.end)
  }

  /** The length of a bulk operation is on top of the stack and stays there. */
  #chargeBulk(): void {
    const run = this.#run
    run.push(OP.localTee)
    run.u32(this.#scratch)
    this.#charge(() => {
      run.push(OP.localGet)
      run.u32(this.#scratch)
      run.push(OP.i64ExtendI32U, OP.i64Const, BULK_BYTES_LOG2, OP.i64ShrU)
    }, run)
  }

  /** A return jumps to the end of the block around the body, where the depth is given back. */
  #writeReturn(): void {
    this.#run.push(OP.br)
    this.#run.u32(this.#nesting)
  }

  #enter(weight: number): void {
    const { depth, depthMax } = this.#context
    this.#addToDepth(OP.i32Add, weight)
    this.#out.push(OP.globalGet)
    this.#out.u32(depth)
    this.#out.push(OP.i32Const)
    this.#out.signed(depthMax)
    this.#out.push(OP.i32GtS, OP.if, NO_RESULT, OP.unreachable, OP.end)
  }

  #leave(weight: number): void {
    this.#addToDepth(OP.i32Sub, weight)
  }

  #addToDepth(operation: number, weight: number): void {
    const { depth } = this.#context
    this.#out.push(OP.globalGet)
    this.#out.u32(depth)
    this.#out.push(OP.i32Const)
    this.#out.signed(weight)
    this.#out.push(operation, OP.globalSet)
    this.#out.u32(depth)
  }
}

/** Marks are places, not work: the interpreter's dispatch alone opens hundreds of blocks. */
const isMark = (opcode: number): boolean => opcode === OP.block || opcode === OP.loop || opcode === OP.end
