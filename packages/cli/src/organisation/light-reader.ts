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
  stateProofCodec,
  verifyStateProof,
} from '@mc/ledger'
import { believe, certificateFromJson } from '@mc/node/client'
import { type Codec, DecodeError, fromHex, hex } from '@mc/protocol/wire'
import { PREFIXES } from '@mc/topics'
import { blockSource } from '../client/light-verification.js'
import { CommandError, FAILED } from '../terminal/failure.js'
import type { OrganisationClient } from './organisation-client.js'

/** A block that f + 1 members signed. */
export interface ProvenBlock {
  readonly epoch: number
  readonly cid: string
  readonly signers: number
  readonly block: Block
}

/** Reads proven entries, and remembers which blocks it has believed. */
export class LightReader {
  readonly #light: LightClient
  readonly #organisation: OrganisationClient
  readonly #blocks = new Map<string, ProvenBlock>()
  #entries = 0

  constructor(genesis: Genesis, organisation: OrganisationClient) {
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
    const { proven: standing, shown: answer } = await this.#believed(() =>
      this.#organisation.proof(table, key),
    )
    const { block, epoch } = standing
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
    const block = hex(await api.blockBytes(String(epoch)))
    const { proven } = await this.#believed(async () => ({
      block,
      certificate: await api.certificate(String(epoch)),
    }))
    return proven
  }

  async #believed<Shown extends { readonly block: string; readonly certificate: unknown }>(
    ask: () => Promise<Shown>,
  ): Promise<{ readonly proven: ProvenBlock; readonly shown: Shown }> {
    let first: Shown | undefined = await ask()
    const known = this.#blocks.get(first.block)
    if (known !== undefined) return { proven: known, shown: first }
    const believed = await believe(this.#light, blockSource(this.#organisation.api), async () => {
      const shown = first ?? (await ask())
      first = undefined
      const certificate = certificateFromJson(shown.certificate)
      return { shown, bytes: fromHex(shown.block), certificate }
    })
    if (!believed.verified) throw notVerified(believed.reason)
    const { block, cid } = believed
    const { certificate, shown } = believed.shown
    const signers = certificate.seals.length
    const proven = { epoch: block.epoch, cid: String(cid), signers, block }
    this.#blocks.set(shown.block, proven)
    return { proven, shown }
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
