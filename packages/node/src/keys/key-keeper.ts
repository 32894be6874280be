/**
 * Our part in the keys of the network, by itself: it announces a box key, deals and acknowledges through the node's own mempool,
 * and has our shares when a configuration is to run on them.
 */
import type { CryptoProvider } from '@mc/crypto'
import { signerBoxSecretKey } from '@mc/crypto/dkg'
import {
  type Generation,
  KeyMember,
  type KeyStatement,
  keyOperations,
  type NetworkKeys,
  type NetworkKeysSetting,
  readKeyStatement,
  signKeyStatement,
} from '@mc/dkg'
import { type Configuration, memberIndex, operationCodec } from '@mc/ledger'
import type { SuiteKeys } from '@mc/presets'
import type { PeerIndex } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import type { Node } from '../node.js'
import { FULL } from '../replica/proposing.js'
import type { KeyFiles } from './key-files.js'
import { suiteKeys } from './suite-keys.js'

/** What a keeper needs of the node that it speaks through. */
export type KeyNode = Pick<Node, 'events' | 'submit' | 'pendingOwn'>

/** What a keeper is made of. */
export interface KeyKeeperOptions {
  /** The name of the network. */
  readonly realm: string
  /** Our Ed25519 secret key. */
  readonly secretKey: Uint8Array
  readonly crypto: CryptoProvider
  readonly setting: NetworkKeysSetting
  readonly files: KeyFiles
  /** The keys of the network as the state holds them now. */
  readonly keys: () => NetworkKeys
}

/** One member's keeper of keys. */
export class KeyKeeper {
  readonly #options: KeyKeeperOptions
  readonly #publicKey: Uint8Array
  readonly #isAboutKeys: (operation: Uint8Array) => boolean
  /** Our parts in generations, by id. */
  readonly #parts = new Map<string, KeyMember>()
  #node: KeyNode | undefined
  /** Signed, and not taken by the mempool yet. */
  #unsaid: readonly Uint8Array[] = []
  #erasedBelow = 0
  #work: Promise<void> = Promise.resolve()
  #isDue = false

  constructor(options: KeyKeeperOptions) {
    const { crypto, secretKey, realm } = options
    this.#options = options
    this.#publicKey = crypto.ed25519.publicKey(secretKey)
    this.#isAboutKeys = keyOperations(realm)
  }

  /** Takes part through a node that runs; call what it returns before the node stops. */
  attend(node: KeyNode): () => Promise<void> {
    this.#node = node
    const onBlock = (): void => this.#schedule()
    node.events.on('block', onBlock)
    this.#schedule()
    return async () => {
      node.events.off('block', onBlock)
      this.#node = undefined
      await this.#work
    }
  }

  /** Our hold on the keys that a configuration names; nothing if we have no share in them. */
  async suiteKeys(configuration: Configuration): Promise<SuiteKeys | undefined> {
    const { keySet } = configuration
    const { setting, crypto } = this.#options
    const generation = keySet && this.#options.keys().generationOf(keySet)
    if (generation === undefined || this.#seatIn(generation) < 0) return undefined
    const part = await this.#partIn(generation)
    part?.advance(generation, false)
    return part?.keys && suiteKeys(setting.needs, part.keys, crypto.sha256)
  }

  /** Blocks that come while we work are looked at together. */
  #schedule(): void {
    if (this.#isDue) return
    this.#isDue = true
    this.#work = this.#work.then(async () => {
      this.#isDue = false
      try {
        await this.#takePart()
      } catch (error) {
        const detail = (error as Error).message
        this.#tell({ rule: 'node/keys-failed', detail })
      }
    })
  }

  async #takePart(): Promise<void> {
    const { running } = this.#options.keys()
    await this.#forget()
    await this.#say([])
    if (running === undefined || this.#seatIn(running) < 0) return
    if (running.isOpen) await this.#speak(running)
    else await this.#announce(running)
  }

  // The secret is on disk before its public half leaves the machine.
  async #announce(generation: Generation): Promise<void> {
    if (generation.announced(this.#seatIn(generation) as PeerIndex) !== undefined) return
    if (this.#saysAlready(generation)) return
    const { files, setting, crypto } = this.#options
    const kept = await files.read(generation)
    const secretKey = kept ?? setting.boxes.generate(crypto.rng).secretKey
    if (kept === undefined) await files.write(generation, secretKey)
    const boxKey = setting.boxes.publicKeyOf(secretKey)
    await this.#submit([{ type: 'box', generation: generation.id, boxKey }], generation)
  }

  async #speak(generation: Generation): Promise<void> {
    const part = await this.#partIn(generation)
    if (part === undefined) return
    // What we had said before a restart gets on the log first.
    const { statements, faults } = part.advance(generation, !this.#saysAlready(generation))
    for (const { rule, peer, detail } of faults) {
      const peerName = generation.configuration.members[peer as number]?.name
      this.#tell({ rule, detail: detail ?? '', peer, peerName })
    }
    await this.#submit(statements, generation)
  }

  async #submit(statements: readonly KeyStatement[], { configuration }: Generation): Promise<void> {
    const { realm, secretKey, crypto } = this.#options
    const created = configuration.index
    await this.#say(
      statements.map(statement => signKeyStatement(statement, { realm, created }, secretKey, crypto)),
    )
  }

  // A statement is said once: what a full mempool has no room for is handed in again after the next block.
  async #say(more: readonly Uint8Array[]): Promise<void> {
    const operations = [...this.#unsaid, ...more]
    if (operations.length === 0 || this.#node === undefined) return
    this.#unsaid = operations
    const submissions = await this.#node.submit(operations)
    this.#unsaid = operations.filter((_, at) => {
      const submission = submissions[at]
      return submission?.taken === false && submission.refusal.rule === FULL.rule
    })
  }

  /** Whether something of ours about this generation is on its way to the log. */
  #saysAlready({ id }: Generation): boolean {
    const name = hex(id)
    return [...this.#unsaid, ...(this.#node?.pendingOwn ?? [])].some(operation => {
      const statement = this.#isAboutKeys(operation) && readKeyStatement(operationCodec.decode(operation))
      return statement ? hex(statement.generation) === name : false
    })
  }

  /** Our part in a generation that is open; nothing if the secret of the key that we announced is gone. */
  async #partIn(generation: Generation): Promise<KeyMember | undefined> {
    const id = hex(generation.id)
    const known = this.#parts.get(id)
    if (known !== undefined) return known
    const self = this.#seatIn(generation) as PeerIndex
    const boxSecretKey = await this.#boxSecretKey(generation, self)
    if (boxSecretKey === undefined) return undefined
    const { setting, crypto } = this.#options
    const part = new KeyMember({ generation, setting, self, boxSecretKey, rng: crypto.rng })
    this.#parts.set(id, part)
    return part
  }

  async #boxSecretKey(generation: Generation, self: PeerIndex): Promise<Uint8Array | undefined> {
    const { files, secretKey } = this.#options
    if (generation.announced(self) === undefined) return signerBoxSecretKey(secretKey)
    const kept = await files.read(generation)
    if (kept === undefined) {
      this.#tell({ rule: 'node/keys-lost', detail: 'the secret of our box key is gone: we have no share' })
    }
    return kept
  }

  async #forget(): Promise<void> {
    const { generations, latest } = this.#options.keys()
    const names = new Set(generations.map(({ id }) => hex(id)))
    for (const id of this.#parts.keys()) if (!names.has(id)) this.#parts.delete(id)
    const needed = generations[0]?.configuration.index ?? latest.index
    if (needed <= this.#erasedBelow) return
    await this.#options.files.eraseBelow(needed)
    this.#erasedBelow = needed
  }

  #seatIn({ configuration }: Generation): number {
    return memberIndex(configuration, this.#publicKey)
  }

  #tell(fault: {
    readonly rule: string
    readonly detail: string
    readonly peer?: PeerIndex | undefined
    readonly peerName?: string | undefined
  }): void {
    const { peer, peerName, ...said } = fault
    const by = peer === undefined ? {} : { peer }
    this.#node?.events.emit('fault', { ...said, ...by, peerName, disconnected: false })
  }
}
