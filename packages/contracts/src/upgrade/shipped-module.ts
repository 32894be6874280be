/**
 * Modules that a node's software brings with it, under the same kind of name as modules that somebody publishes.
 *
 * No code comes over the network but contract code, which runs in its sandbox: what changes a protocol is software that people
 * install. A decision names it by the CID of its manifest, which everybody can make again from the line that says what it is.
 */
import type { Sha256 } from '@mc/crypto'
import { hex, utf8 } from '@mc/protocol/wire'
import { codeCid } from '../code/code-cid.js'
import { type Manifest, type ModuleKind, manifestCodec } from './manifest.js'

/** What a module is: where it belongs, and what it is called there, with everything in its name that binds how it behaves. */
export interface ShippedModule {
  readonly kind: ModuleKind
  /** For example `waterbear-q`, or the name and version of an executor. */
  readonly name: string
}

/** The version of the interface between the host and modules that it brings with it. */
export const SHIPPED_ABI = 1

/**
 * The manifest of a module that comes with the software: module, source, recipe and tests are the line that names it, since who
 * has the software has all of them.
 */
export function shippedManifest({ kind, name }: ShippedModule, sha256: Sha256): Manifest {
  const line = codeCid(utf8(`${kind}/${name}`), sha256)
  return {
    module: line,
    abi: SHIPPED_ABI,
    // Names of executors hold a digest of their engine, and are longer than a manifest's may be.
    name: utf8(name).length <= 64 ? name : hex(line).slice(-64),
    previous: undefined,
    source: line,
    buildRecipe: line,
    stateMigration: undefined,
    minNode: '',
    tests: line,
    kind,
  }
}

/** The CID of a manifest: what `protocol.upgrade` names. */
export const manifestCid = (manifest: Manifest, sha256: Sha256): Uint8Array =>
  codeCid(manifestCodec.encode(manifest), sha256)

/** The CID of a shipped module's manifest. */
export const shippedCid = (module: ShippedModule, sha256: Sha256): Uint8Array =>
  manifestCid(shippedManifest(module, sha256), sha256)
