/**
 * How long each WebAssembly instruction is: what follows its opcode.
 *
 * Covered are the first version of WebAssembly, sign extension, saturating conversions and bulk memory; anything else is refused,
 * because an instruction that is not understood cannot be charged.
 */
import { type BinaryReader, UnsupportedBinary } from './binary.js'

/** The opcodes that the rewriter reads or writes. */
export const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  localGet: 0x20,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  i32GtS: 0x4a,
  i64LtS: 0x53,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i64Sub: 0x7d,
  i64ShrU: 0x88,
  i64ExtendI32U: 0xad,
  prefixed: 0xfc,
} as const

/** Prefixed instructions whose work grows with the number on top of the stack. */
export const MEMORY_COPY = 10
export const MEMORY_FILL = 11

/** The block type of a block without a result; also what marks a function without one here. */
export const NO_RESULT = 0x40

/**
 * Skips what follows an opcode. For a prefixed instruction it returns the number of that instruction, else −1.
 *
 * @throws UnsupportedBinary for an instruction outside the set above.
 */
export function skipImmediates(reader: BinaryReader, opcode: number): number {
  switch (opcode) {
    case OP.block:
    case OP.loop:
    case OP.if:
    case OP.br:
    case OP.brIf:
    case OP.call:
    case OP.memoryGrow:
    case 0x3f: // memory.size
    case OP.i32Const:
    case OP.i64Const:
      reader.skipLeb()
      return -1
    case OP.callIndirect:
      reader.skipLeb()
      reader.skipLeb()
      return -1
    case OP.brTable:
      for (let labels = reader.u32() + 1; labels > 0; labels -= 1) reader.skipLeb()
      return -1
    case 0x43: // f32.const
      reader.raw(4)
      return -1
    case 0x44: // f64.const
      reader.raw(8)
      return -1
    case OP.prefixed:
      return skipPrefixed(reader)
    default:
      skipPlain(reader, opcode)
      return -1
  }
}

function skipPlain(reader: BinaryReader, opcode: number): void {
  const isVariable = opcode >= OP.localGet && opcode <= OP.globalSet
  const isMemory = opcode >= 0x28 && opcode <= 0x3e
  const isNumeric = opcode >= 0x45 && opcode <= 0xc4
  const isBare = opcode <= 0x01 || opcode === OP.else || opcode === OP.end || opcode === OP.return
  const isParametric = opcode === 0x1a || opcode === 0x1b
  if (isVariable || isMemory) reader.skipLeb()
  if (isMemory) reader.skipLeb()
  if (!(isVariable || isMemory || isNumeric || isBare || isParametric)) {
    throw new UnsupportedBinary(`opcode 0x${opcode.toString(16)} at byte ${reader.at}`)
  }
}

/** Immediates of the prefixed instructions 0–11, each a LEB128 integer: conversions, memory.init, data.drop, memory.copy, memory.fill. */
const PREFIXED_IMMEDIATES = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1]

function skipPrefixed(reader: BinaryReader): number {
  const instruction = reader.u32()
  const immediates = PREFIXED_IMMEDIATES[instruction]
  // memory.init would be bulk work too; none is in the engine, so its charge could not be tested.
  if (immediates === undefined || instruction === 8) {
    throw new UnsupportedBinary(`prefixed instruction ${instruction} at byte ${reader.at}`)
  }
  for (let left = immediates; left > 0; left -= 1) reader.skipLeb()
  return instruction
}
