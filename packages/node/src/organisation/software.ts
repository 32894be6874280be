/**
 * What a node's software can run: the modules that it brings with it, by the names under which an organisation decides on them.
 */
import { EXECUTOR_MODULE, executorModule, MissingModule, type ShippedModule, shippedCid } from '@mc/contracts'
import { digestKey, type Sha256 } from '@mc/crypto'
import { utf8 } from '@mc/protocol/wire'
import type { Executor, ProtocolModule, TopicsState } from '@mc/topics'

/** The module of an organisation whose version is the suite of protocols that its members run. */
export const SUITE_MODULE = 'consensus'

/** A module of this software, with the CID of its manifest: what `protocol.upgrade` names. */
export interface InstalledModule extends ShippedModule {
  readonly manifest: Uint8Array
}

/** What the software can run besides what the organisation began with. */
export interface SoftwareOptions {
  /** Names of suites that can be run without keys that members share. */
  readonly suites: readonly string[]
  readonly executors: readonly Pick<Executor, 'name' | 'version'>[]
  readonly sha256: Sha256
}

/** The modules of this software. */
export class Software {
  /** In the order in which they were given: suites, then executors. */
  readonly modules: readonly InstalledModule[]
  readonly #byManifest: ReadonlyMap<string, InstalledModule>

  constructor({ suites, executors, sha256 }: SoftwareOptions) {
    const shipped: readonly ShippedModule[] = [
      ...suites.map(name => ({ kind: SUITE_MODULE, name }) as const),
      ...executors.map(one => ({ kind: EXECUTOR_MODULE, name: executorModule(one) }) as const),
    ]
    this.modules = shipped.map(module => ({ ...module, manifest: shippedCid(module, sha256) }))
    this.#byManifest = new Map(this.modules.map(module => [digestKey(module.manifest), module]))
  }

  /** The module that an organisation knows under this name and manifest; nothing if this software does not have it. */
  find(name: string, manifest: Uint8Array): InstalledModule | undefined {
    const module = this.#byManifest.get(digestKey(manifest))
    return module?.kind === name ? module : undefined
  }

  /**
   * Looks whether all modules that run in a state are here.
   *
   * @throws MissingModule that says what to do, if one is not: whoever went on would fork.
   */
  require({ tables }: TopicsState): void {
    for (const { name, current } of tables.modules.values()) {
      if (current !== undefined && this.find(name, current) === undefined)
        throw new MissingModule(name, current)
    }
  }

  /** The suite that the organisation has decided on; nothing if it never decided on one. `first` is the one that it began with. */
  suiteIn({ tables }: TopicsState, first: string): string | undefined {
    const module: ProtocolModule | undefined = tables.modules.get(utf8(SUITE_MODULE))
    if (module === undefined) return undefined
    // Back at the beginning, if the first upgrade was rolled back.
    return module.current === undefined ? first : this.find(SUITE_MODULE, module.current)?.name
  }
}
