/**
 * Loads the engine for contract code: the one file of this package that touches the platform.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { domainHash, type Sha256 } from '@mc/crypto'
import { hex, utf8 } from '@mc/protocol/wire'
import { meterModule } from './metering/meter-module.js'
import { DEPTH_MAX, MEMORY_PAGES, quickjsSandbox } from './sandbox/engine.js'
import { PRELUDE } from './sandbox/prelude.js'
import type { Sandbox } from './sandbox/sandbox.js'
import type { WebAssemblyPlatform } from './sandbox/web-assembly.js'

declare const WebAssembly: WebAssemblyPlatform

/** SHA-256 of the only binary that is accepted: quickjs-wasmfile-release-sync 0.32.0. Another one is another protocol. */
export const QUICKJS_SHA256 = '105c3bed22d457e43e3d1c3c1c6959fda62a8fe06f0fc8a985303c3a2be72232'

/** What loading needs. */
export interface LoadSandboxOptions {
  readonly sha256: Sha256
  /** The engine's binary, where it cannot be read from its package: in a page, say. */
  readonly wasm?: Uint8Array
}

/**
 * QuickJS, metered: read once, rewritten, compiled, and started as far as every call starts from.
 *
 * @throws RangeError if the binary is not the pinned one.
 */
export async function loadSandbox({ sha256, wasm }: LoadSandboxOptions): Promise<Sandbox> {
  const bytes = wasm ?? new Uint8Array(await readFile(wasmPath()))
  const digest = hex(sha256(bytes))
  if (digest !== QUICKJS_SHA256) {
    throw new RangeError(`quickjs: need the binary ${QUICKJS_SHA256}, got ${digest}`)
  }
  const metered = meterModule(bytes, { memoryPages: MEMORY_PAGES, depthMax: DEPTH_MAX })
  const engine = hex(domainHash(sha256, 'mc/sandbox/v1', metered, utf8(PRELUDE)))
  return quickjsSandbox(WebAssembly, metered, `quickjs/${engine}`)
}

const wasmPath = (): string =>
  createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm')
