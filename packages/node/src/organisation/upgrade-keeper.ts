/**
 * Our part in upgrades, by itself: it says on the ledger that this node is ready, as soon as its software has what was decided on
 * and, where a mistake would stop everything, its operator has approved it.
 */
import { isManual } from '@mc/contracts'
import { type CryptoProvider, domainHash, equalBytes } from '@mc/crypto'
import { memberIndex } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import type { PendingUpgrade, ProtocolModule } from '@mc/topics'
import type { Node } from '../node.js'
import type { Approvals } from './approvals.js'
import { type SeatVoice, seatOperation } from './seat-operation.js'
import type { Software } from './software.js'

/** What a keeper needs of the node that it speaks through. */
export type UpgradeNode = Pick<Node, 'events' | 'submit'> & {
  readonly ledger: Pick<Node['ledger'], 'configuration' | 'nextEpoch'>
}

/** What a keeper is made of. */
export interface UpgradeKeeperOptions extends SeatVoice {
  readonly software: Software
  readonly approvals: Approvals
}

/** What keeps a node from being ready for an upgrade; `ready` if nothing does, `said` once the ledger has it. */
export type Readiness = 'missing' | 'unapproved' | 'ready' | 'said'

/** Blocks after which it is said again, if the ledger does not have it by then. */
const SAID_FOR_BLOCKS = 32

/**
 * What the state is after a migration that changes nothing: H('mc/upgrade/unchanged/v1', manifest).
 *
 * Modules that come with the software read the state as it is, so what they migrate to is the same whenever it is said.
 */
export const unchangedRoot = (manifest: Uint8Array, { sha256 }: Pick<CryptoProvider, 'sha256'>): Uint8Array =>
  domainHash(sha256, 'mc/upgrade/unchanged/v1', manifest)

/** One node's keeper of upgrades. */
export class UpgradeKeeper {
  readonly #options: UpgradeKeeperOptions
  readonly #publicKey: Uint8Array
  /** When we have said something about a manifest last, by epoch; of none that is no longer pending. */
  #said = new Map<string, number>()
  #told = new Set<string>()
  #node: UpgradeNode | undefined
  #work: Promise<void> = Promise.resolve()

  constructor(options: UpgradeKeeperOptions) {
    this.#options = options
    this.#publicKey = options.crypto.ed25519.publicKey(options.secretKey)
  }

  /** Takes part through a node that runs; call what it returns before the node stops. */
  attend(node: UpgradeNode): () => Promise<void> {
    this.#node = node
    const look = (): void => this.look()
    node.events.on('block', look)
    this.look()
    return async () => {
      node.events.off('block', look)
      this.#node = undefined
      await this.#work
    }
  }

  /** Looks at what is decided and not in force, and says what is to be said. */
  look(): void {
    const pending = this.#options.state().tables.modules.values().flatMap(withPending)
    const names = new Set(pending.map(({ upgrade }) => hex(upgrade.manifest)))
    this.#said = new Map([...this.#said].filter(([name]) => names.has(name)))
    this.#told = new Set([...this.#told].filter(name => names.has(name.split(' ')[1] as string)))
    for (const { module, upgrade } of pending) this.#consider(module, upgrade)
  }

  /** How this node stands to an upgrade. */
  readiness({ name }: Pick<ProtocolModule, 'name'>, { manifest, ready }: PendingUpgrade): Readiness {
    if (ready.some(({ publicKey }) => equalBytes(publicKey, this.#publicKey))) return 'said'
    const { software, approvals } = this.#options
    const module = software.find(name, manifest)
    if (module === undefined) return 'missing'
    return isManual(module) && !approvals.has(manifest) ? 'unapproved' : 'ready'
  }

  #consider(module: ProtocolModule, upgrade: PendingUpgrade): void {
    const node = this.#node
    if (node === undefined || memberIndex(node.ledger.configuration, this.#publicKey) < 0) return
    const manifest = hex(upgrade.manifest)
    switch (this.readiness(module, upgrade)) {
      case 'missing':
        return this.#tell(
          'node/upgrade-missing',
          manifest,
          `this software does not have ${module.name} ${manifest}: install one that has it, or this node stops when it takes force`,
        )
      case 'unapproved':
        return this.#tell(
          'node/upgrade-unapproved',
          manifest,
          `${module.name} ${manifest} waits for your approval`,
        )
      case 'ready':
        return this.#speak(node, upgrade.manifest)
      case 'said':
        return
    }
  }

  #speak(node: UpgradeNode, manifest: Uint8Array): void {
    const name = hex(manifest)
    const { nextEpoch } = node.ledger
    const said = this.#said.get(name)
    if (said !== undefined && nextEpoch < said + SAID_FOR_BLOCKS) return
    this.#said.set(name, nextEpoch)
    const operation = seatOperation(
      {
        type: 'upgradeReady',
        manifest,
        buildMatched: true,
        testsPassed: true,
        migratedRoot: unchangedRoot(manifest, this.#options.crypto),
      },
      this.#options,
    )
    // A node that has stopped says nothing any more, and what it refuses is tried again later.
    this.#work = this.#work.then(() => node.submit([operation])).then(ignore, ignore)
  }

  #tell(rule: 'node/upgrade-missing' | 'node/upgrade-unapproved', manifest: string, detail: string): void {
    const name = `${rule} ${manifest}`
    if (this.#told.has(name)) return
    this.#told.add(name)
    this.#node?.events.emit('fault', { rule, detail, peerName: undefined, disconnected: false })
  }
}

const withPending = (
  module: ProtocolModule,
): readonly { readonly module: ProtocolModule; readonly upgrade: PendingUpgrade }[] =>
  module.pending === undefined ? [] : [{ module, upgrade: module.pending }]

const ignore = (): void => {}
