/**
 * What a node needs of a suite of protocols, and how it asks for one.
 */
import { type AtomicBroadcast, epochsBounds } from '@mc/abc'
import type { BitSource } from '@mc/coin'
import type { Sha256 } from '@mc/crypto'
import type { Configuration } from '@mc/ledger'
import type { Suite, SuiteKeys } from '@mc/presets'
import { invariant } from '@mc/protocol'

/** What a node gives to whoever builds its suite: asked anew for each configuration, which names the suite. */
export interface SuiteParts {
  /** The configuration that the suite is to run, and our place in it. */
  readonly configuration: Configuration
  readonly self: number
  /** Our hold on the keys of `configuration.keySet`, if it names any and we have it. */
  readonly keys?: SuiteKeys | undefined
  /** Fresh bits that survive a restart. */
  readonly rng: BitSource
  readonly sha256: Sha256
  readonly payloadBytesMax: number
  readonly depth: number
  readonly epochsKept: number
}

/**
 * Makes the suite that `parts.configuration.suite` names.
 *
 * @throws RangeError if it does not know that name, or lacks keys that the suite needs: then the node follows and does not vote.
 */
export type SuiteMaker = (parts: SuiteParts) => NodeSuite

/** The windows of epochs that a suite was built with. */
export interface EpochWindows {
  readonly epochsAhead: number
  readonly depth: number
  readonly epochsKept: number
}

/** A suite as a node runs it. */
export interface NodeSuite {
  readonly name: string
  /** Members with another fingerprint are refused. */
  readonly fingerprint: string
  readonly atomicBroadcast: AtomicBroadcast<never>
  readonly epochs: EpochWindows
  /** How its members choose what to propose. */
  readonly selection: Suite<never>['selection']
  /** How many epochs above its tip a member may speak in. */
  readonly epochsTaken: number
}

/** A preset, or any suite of your own, as a node runs it. */
export function nodeSuite<Message>({
  name,
  fingerprint,
  atomicBroadcast,
  selection,
}: Suite<Message>): NodeSuite {
  const { parameters } = atomicBroadcast
  const epochs = {
    epochsAhead: natural(parameters, 'epochsAhead'),
    depth: natural(parameters, 'depth'),
    epochsKept: natural(parameters, 'epochsKept'),
  }
  const { epochsTaken } = epochsBounds(epochs)
  // Which messages it sends is between its members; the node only carries their bytes.
  return {
    name,
    fingerprint,
    atomicBroadcast: atomicBroadcast as unknown as AtomicBroadcast<never>,
    epochs,
    selection,
    epochsTaken,
  }
}

function natural(parameters: Readonly<Record<string, unknown>>, name: string): number {
  const value = parameters[name]
  invariant(Number.isSafeInteger(value), `an atomic broadcast of epochs says its ${name}`)
  return value as number
}
