/**
 * Entries of the state for who trusts a genesis and nothing else: f + 1 members signed the block, and the entry is in its state.
 */

import { equalBytes } from '@mc/crypto'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import {
  type Block,
  type Genesis,
  LightClient,
  recordedRoot,
  sealsToConvince,
  stateProofCodec,
  verifyStateProof,
} from '@mc/ledger'
import { certificateFromJson } from '@mc/node/client'
import { faultsTolerated } from '@mc/protocol'
import { type Codec, DecodeError, fromHex, hex } from '@mc/protocol/wire'
import { PREFIXES } from '@mc/topics'
import { CommandError, FAILED } from '../terminal/failure.js'
import type { OrganisationClient } from './organisation-client.js'

/** A block that f + 1 members signed. */
export interface ProvenBlock {
  readonly epoch: number
  readonly cid: string
  readonly signers: number
  readonly block: Block
}

/** Milliseconds to wait for signatures, which come a moment after a block. */
const SEALS_MS_MAX = 10_000
const SEALS_STEP_MS = 50

/** Reads proven entries, and remembers which blocks it has believed. */
export class LightReader {
  readonly #light: LightClient
  readonly #genesis: Genesis
  readonly #organisation: OrganisationClient
  readonly #blocks = new Map<string, ProvenBlock>()
  #entries = 0

  constructor(genesis: Genesis, organisation: OrganisationClient) {
    this.#genesis = genesis
    this.#light = new LightClient({ genesis, crypto })
    this.#organisation = organisation
  }

  /** The blocks that entries were proven in, ascending. */
  get blocks(): readonly ProvenBlock[] {
    return [...this.#blocks.values()].sort((left, right) => left.epoch - right.epoch)
  }

  /** How many entries, or gaps, have been proven. */
  get entries(): number {
    return this.#entries
  }

  /**
   * What the state holds under a key of a table; undefined if it is proven that it holds nothing.
   *
   * @throws CommandError `light/not-verified` with what does not hold.
   */
  async entry<T>(table: keyof typeof PREFIXES, key: string, codec: Codec<T>): Promise<T | undefined> {
    const { value } = await this.standing(table, key)
    return value && decoded(codec, hex(value))
  }

  /**
   * The bytes of an entry, and the block that they were proven in; no bytes if it is proven that there are none.
   *
   * @throws CommandError `light/not-verified` with what does not hold.
   */
  async standing(
    table: keyof typeof PREFIXES,
    key: string,
  ): Promise<{ readonly epoch: number; readonly value: Uint8Array | undefined }> {
    const answer = await this.#sealed(
      () => this.#organisation.proof(table, key),
      ({ certificate }) => certificate.seals.length,
    )
    const { block, epoch } = this.#believed(answer.block, answer.certificate)
    const root = fromHex(answer.organisationRoot)
    const under = recordedRoot(fromHex(answer.recordRoot), root, crypto.sha256)
    if (!equalBytes(under, block.stateRoot)) throw notVerified(`the roots are not those of block ${epoch}`)
    const mapKey = Uint8Array.of(PREFIXES[table], ...fromHex(key))
    const proven = verifyStateProof(
      { root, key: mapKey, proof: decoded(stateProofCodec, answer.proof) },
      crypto.sha256,
    )
    if (proven === undefined)
      throw notVerified(`the proof of ${table}/${key} does not lead to block ${epoch}`)
    this.#entries += 1
    return { epoch, value: proven.isPresent ? proven.value : undefined }
  }

  /** The block of an epoch. @throws CommandError `light/not-verified` if f + 1 members have not signed it. */
  async block(epoch: number): Promise<ProvenBlock> {
    const { api } = this.#organisation
    const bytes = hex(await api.blockBytes(String(epoch)))
    const certificate = await this.#sealed(
      () => api.certificate(String(epoch)),
      ({ seals }) => seals.length,
    )
    return this.#believed(bytes, certificate)
  }

  #believed(bytes: string, certificate: unknown): ProvenBlock {
    const known = this.#blocks.get(bytes)
    if (known !== undefined) return known
    const read = certificateFromJson(certificate)
    const verified = this.#light.verifyBlock(fromHex(bytes), read)
    if (!verified.verified) throw notVerified(verified.reason)
    const { block, cid } = verified
    const proven = { epoch: block.epoch, cid: String(cid), signers: read.seals.length, block }
    this.#blocks.set(bytes, proven)
    return proven
  }

  async #sealed<T>(ask: () => Promise<T>, sealsOf: (answer: T) => number): Promise<T> {
    const needed = sealsToConvince({ f: faultsTolerated(this.#genesis.configuration.members.length) })
    const until = performance.now() + SEALS_MS_MAX
    for (;;) {
      const answer = await ask()
      if (sealsOf(answer) >= needed || performance.now() > until) return answer
      await new Promise(resolve => setTimeout(resolve, SEALS_STEP_MS))
    }
  }
}

function decoded<T>(codec: Codec<T>, bytes: string): T {
  try {
    return codec.decode(fromHex(bytes))
  } catch (error) {
    if (error instanceof DecodeError || error instanceof RangeError) throw notVerified(error.message)
    throw error
  }
}

/** What a light client does not believe, and why. */
export const notVerified = (reason: string): CommandError =>
  new CommandError('light/not-verified', reason, { exitCode: FAILED })
