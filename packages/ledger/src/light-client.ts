/**
 * The light client: trusts a genesis (or a configuration it was given as a checkpoint) and believes nothing else.
 *
 * It runs wherever JavaScript runs: no store, no network, no clock.
 */
import { equalBytes } from '@mc/crypto'
import type { CID } from 'multiformats/cid'
import { type Block, BlockError, decodeBlock } from './block.js'
import { type Configuration, configurationDigest, type LedgerCrypto } from './configuration.js'
import { blockCid } from './content.js'
import { type Genesis, networkId, requireGenesis } from './genesis.js'
import { type RecordProof, verifyRecord } from './records.js'
import { type Certificate, verifyCertificate } from './seal.js'

/** A block that f + 1 members of a known configuration signed, or why it is not believed. */
export type VerifiedBlock =
  | { readonly verified: true; readonly block: Block; readonly cid: CID }
  | { readonly verified: false; readonly reason: string }

/** What a light client starts from. */
export interface LightClientOptions {
  readonly genesis: Genesis
  readonly crypto: LedgerCrypto
  /** A later configuration learnt out of band, for who sleeps longer than all members of an older one stay. */
  readonly checkpoint?: Configuration
}

interface Known {
  readonly configuration: Configuration
  readonly digest: Uint8Array
  /** The first epoch that is not its own any more, once its successor is known. */
  end: number
}

/** Verifies blocks, follows configurations, checks inclusion. */
export class LightClient {
  readonly #crypto: LedgerCrypto
  readonly #network: Uint8Array
  readonly #configurations: Known[] = []
  #announced: { readonly by: Known; readonly digest: Uint8Array } | undefined

  /** A client that knows one network. @throws GenesisError if no network can begin with the genesis. */
  constructor({ genesis, crypto, checkpoint }: LightClientOptions) {
    this.#crypto = crypto
    this.#network = networkId(requireGenesis(genesis), crypto.sha256)
    this.#remember(genesis.configuration)
    if (checkpoint !== undefined) this.#remember(checkpoint)
  }

  /** The newest configuration that it knows. */
  get latest(): Configuration {
    return (this.#configurations.at(-1) as Known).configuration
  }

  /** The configuration with this digest, if it is known. */
  configuration(digest: Uint8Array): Configuration | undefined {
    return this.#known(digest)?.configuration
  }

  /** Whether a block is one of this network's, signed by f + 1 members of a configuration known here. Total. */
  verifyBlock(bytes: Uint8Array, certificate: Certificate): VerifiedBlock {
    const block = readBlock(bytes)
    if (typeof block === 'string') return { verified: false, reason: block }
    if (!equalBytes(block.network, this.#network))
      return { verified: false, reason: 'it belongs to another network' }
    const known = this.#known(block.configuration)
    if (known === undefined) return { verified: false, reason: 'its configuration is not known yet' }
    // Who has left cannot go on with a history of its own: to those who know its successors its signature is worth nothing.
    if (block.epoch < known.configuration.firstEpoch || block.epoch >= known.end) {
      return { verified: false, reason: 'its epoch is not one of its configuration' }
    }
    if (!verifyCertificate(block, certificate, known.configuration, this.#crypto)) {
      return { verified: false, reason: 'fewer than f + 1 members signed it' }
    }
    this.#hear(block, known)
    return { verified: true, block, cid: blockCid(bytes, this.#crypto.sha256) }
  }

  /**
   * Takes the next configuration, once a verified block has announced its digest; anything else is left alone.
   *
   * @throws RangeError if a field is outside the bounds of `configurationCodec`.
   */
  learn(configuration: Configuration): boolean {
    const digest = configurationDigest(configuration, this.#crypto.sha256)
    if (this.#announced === undefined || !equalBytes(digest, this.#announced.digest)) return false
    this.#announced.by.end = configuration.firstEpoch
    this.#announced = undefined
    this.#remember(configuration)
    return true
  }

  /** Whether the operation with this id is in the state that a verified block commits to. Total. */
  verifyInclusion(block: Block, id: Uint8Array, proof: RecordProof): boolean {
    return verifyRecord({ stateRoot: block.stateRoot, id, proof }, this.#crypto.sha256)
  }

  #hear({ nextConfiguration }: Block, by: Known): void {
    if (this.#known(nextConfiguration) === undefined) this.#announced = { by, digest: nextConfiguration }
  }

  #remember(configuration: Configuration): void {
    const digest = configurationDigest(configuration, this.#crypto.sha256)
    this.#configurations.push({ configuration, digest, end: Number.POSITIVE_INFINITY })
  }

  #known(digest: Uint8Array): Known | undefined {
    return this.#configurations.findLast(known => equalBytes(known.digest, digest))
  }
}

function readBlock(bytes: Uint8Array): Block | string {
  try {
    return decodeBlock(bytes)
  } catch (error) {
    if (error instanceof BlockError) return error.message
    throw error
  }
}
