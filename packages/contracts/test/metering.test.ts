/** The rewriter on a module that fits on a page: what is counted, and what is refused. */

import { expect, test } from 'vitest'
import { UnsupportedBinary } from '../src/metering/binary.js'
import { METER_EXPORTS, meterModule } from '../src/metering/meter-module.js'
import type { WebAssemblyPlatform } from '../src/sandbox/web-assembly.js'

/** What these tests use of the platform's WebAssembly. */
declare const WebAssembly: WebAssemblyPlatform & { readonly LinkError: new () => Error }

const limits = { memoryPages: 2, depthMax: 1_000 }

const section = (id: number, ...content: number[]): number[] => [id, content.length, ...content]

/** (func (export "f") (param i32) (result i32) …body) beside a memory a.a and a stack pointer. */
const moduleOf = (body: readonly number[], memory: readonly number[] = [0, 1]): Uint8Array => {
  const code = [0, ...body, 0x0b]
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 1, 0x7f, 1, 0x7f),
    ...section(2, 1, 1, 0x61, 1, 0x61, 2, ...memory),
    ...section(3, 1, 0),
    ...section(6, 1, 0x7f, 1, 0x41, 0, 0x0b),
    ...section(7, 1, 1, 0x66, 0, 0),
    ...section(10, 1, code.length, ...code),
  )
}

interface Metered {
  f(value: number): number
  readonly [METER_EXPORTS.fuel]: { value: bigint }
  readonly [METER_EXPORTS.depth]: { value: number }
}

const instantiate = (body: readonly number[]): Metered => {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2 })
  const module = new WebAssembly.Module(meterModule(moduleOf(body), limits))
  return new WebAssembly.Instance(module, { a: { a: memory } }).exports as never
}

/** Counts its argument down to zero. */
const COUNT_DOWN = [...[0x03, 0x40], ...[0x20, 0, 0x41, 1, 0x6b, 0x22, 0], ...[0x0d, 0], ...[0x0b, 0x20, 0]]

const costOf = ({ f, [METER_EXPORTS.fuel]: fuel }: Metered, argument: number): number => {
  fuel.value = 1_000_000n
  f(argument)
  return 1_000_000 - Number(fuel.value)
}

test('every instruction of every turn of a loop is paid', () => {
  const module = instantiate(COUNT_DOWN)
  expect(costOf(module, 10) - costOf(module, 9)).toBe(5)
  expect(costOf(module, 1_000) - costOf(module, 999)).toBe(5)
})

test('a loop ends when the fuel is spent', () => {
  const module = instantiate(COUNT_DOWN)
  module[METER_EXPORTS.fuel].value = 1_000n
  expect(() => module.f(1_000_000)).toThrow(WebAssembly.RuntimeError)
  expect(module[METER_EXPORTS.fuel].value).toBeLessThan(0n)
  expect(module[METER_EXPORTS.fuel].value).toBeGreaterThan(-10n)
})

test('a return gives the depth back, wherever it stands', () => {
  const module = instantiate([0x02, 0x40, 0x03, 0x40, 0x41, 7, 0x0f, 0x0b, 0x0b, 0x41, 8])
  expect(module.f(1)).toBe(7)
  expect(module[METER_EXPORTS.depth].value).toBe(0)
})

test('recursion ends at the same depth everywhere', () => {
  const module = instantiate([0x20, 0, 0x41, 1, 0x6a, 0x10, 0])
  expect(() => module.f(0)).toThrow(WebAssembly.RuntimeError)
  expect(module[METER_EXPORTS.depth].value).toBeGreaterThan(limits.depthMax)
  expect(module[METER_EXPORTS.depth].value).toBeLessThan(limits.depthMax + 20)
})

test('filling memory is paid by its length', () => {
  const fill = instantiate([0x41, 0, 0x41, 1, 0x20, 0, 0xfc, 11, 0, 0x20, 0])
  expect(costOf(fill, 80_000) - costOf(fill, 0)).toBe(10_000)
})

test('the memory has one size, and cannot be made to grow', () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
  const module = new WebAssembly.Module(meterModule(moduleOf(COUNT_DOWN), limits))
  expect(() => new WebAssembly.Instance(module, { a: { a: memory } })).toThrow(WebAssembly.LinkError)
  expect(() => meterModule(moduleOf([0x20, 0, 0x40, 0]), limits)).toThrow(UnsupportedBinary)
  expect(() => meterModule(moduleOf(COUNT_DOWN, [0, 3]), limits)).toThrow(UnsupportedBinary)
})

test('what cannot be charged is refused', () => {
  expect(() => meterModule(moduleOf([0xfd, 12]), limits)).toThrow(UnsupportedBinary)
  expect(() => meterModule(moduleOf([0xfc, 8, 0, 0]), limits)).toThrow(UnsupportedBinary)
  expect(() => meterModule(moduleOf(COUNT_DOWN).slice(0, -3), limits)).toThrow(UnsupportedBinary)
})
