/** The engine's memory between two calls. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { SandboxCall } from '@mc/contracts'
import { hex } from '@mc/protocol/wire'
import { expect, test } from 'vitest'
import { meterModule } from '../src/metering/meter-module.js'
import { DEPTH_MAX, MEMORY_PAGES, quickjsSandbox } from '../src/sandbox/engine.js'
import type { WebAssemblyPlatform } from '../src/sandbox/web-assembly.js'
import { sha256 } from './world.js'

declare const WebAssembly: WebAssemblyPlatform

const path = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm')
const metered = meterModule(new Uint8Array(readFileSync(path)), {
  memoryPages: MEMORY_PAGES,
  depthMax: DEPTH_MAX,
})
const calm: SandboxCall = {
  source: 'function execute() { return 1 }',
  entry: 'execute',
  input: '[]',
  fuel: 1_000_000,
}

test('every byte of it is put back before a call, wherever the last one broke off', () => {
  let memory: { readonly buffer: ArrayBuffer } | undefined
  const Memory = class extends WebAssembly.Memory {
    constructor(size: { initial: number; maximum: number }) {
      super(size)
      memory = this
    }
  }
  const sandbox = quickjsSandbox({ Memory, ...pick(WebAssembly) }, metered, 'test')
  const digest = (): string => hex(sha256(new Uint8Array((memory as { buffer: ArrayBuffer }).buffer)))
  sandbox.call(calm)
  const before = digest()
  const bodies = [
    'for (;;);',
    'const a = []; for (;;) a.push("x".repeat(1e5) + a.length)',
    '(function f() { f() })()',
  ]
  for (const body of bodies) {
    const broken = sandbox.call({ ...calm, source: body, fuel: 150_000_000 })
    expect(broken.status).toBe('exhausted')
    expect(digest()).not.toBe(before)
    sandbox.call(calm)
    expect(digest()).toBe(before)
  }
})

/** The constructors of the platform are not enumerable. */
const pick = ({ Module, Instance, RuntimeError }: WebAssemblyPlatform) => ({ Module, Instance, RuntimeError })
