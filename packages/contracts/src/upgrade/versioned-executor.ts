/**
 * An executor of which the organisation decides the version: all versions that this software knows, and the agreed one runs.
 *
 * Which one that is stands in the state, so all members go over in the same block, and blocks of before are executed again as they
 * were.
 */
import { digestKey, type Sha256 } from '@mc/crypto'
import { hex, utf8 } from '@mc/protocol/wire'
import type { ExecutionContext, Executor, OrganisationView } from '@mc/topics'
import { shippedCid } from './shipped-module.js'

/** The module of the organisation whose version is the executor's. */
export const EXECUTOR_MODULE = 'contracts'

/** The module that runs here is not among those that this software has: whoever went on would fork. */
export class MissingModule extends Error {
  override readonly name = 'MissingModule'
  /** As programs read it. */
  readonly rule = 'contracts/missing-module'
  readonly module: string
  readonly manifest: Uint8Array

  constructor(module: string, manifest: Uint8Array) {
    super(
      `the organisation runs the module "${module}" with the manifest ${hex(manifest)} now, and this software does not have it: ` +
        'install a version that does, and start the node again; it goes on where it stopped',
    )
    this.module = module
    this.manifest = manifest
  }
}

/** Name and version of an executor, as a module is named. */
export const executorModule = ({ name, version }: Pick<Executor, 'name' | 'version'>): string =>
  `${name}@${version}`

/** What a versioned executor is made of. */
export interface VersionedExecutorOptions {
  /** The one that runs until an upgrade is decided: its name and version are those of the whole. */
  readonly first: Executor
  readonly later: readonly Executor[]
  readonly sha256: Sha256
}

/**
 * The executor that the organisation has decided on, in every call.
 *
 * @throws MissingModule in every method if this software does not have it. A node looks before it applies a block.
 */
export function versionedExecutor({ first, later, sha256 }: VersionedExecutorOptions): Executor {
  const versions = new Map(
    [first, ...later].map(executor => {
      const name = executorModule(executor)
      return [digestKey(shippedCid({ kind: 'contracts', name }, sha256)), executor]
    }),
  )
  const runningIn = ({ modules }: Pick<OrganisationView, 'modules'>): Executor => {
    const current = modules.get(utf8(EXECUTOR_MODULE))?.current
    if (current === undefined) return first
    const executor = versions.get(digestKey(current))
    if (executor === undefined) throw new MissingModule(EXECUTOR_MODULE, current)
    return executor
  }
  const inContext = ({ draft }: ExecutionContext): Executor => runningIn(draft)
  return {
    name: first.name,
    version: first.version,
    validate: (program, kind, view, budget) => runningIn(view).validate(program, kind, view, budget),
    execute: (program, context) => inContext(context).execute(program, context),
    apply: (actions, context) => inContext(context).apply(actions, context),
    holds: (custom, view, budget) => runningIn(view).holds(custom, view, budget),
  }
}
