/**
 * Proof of an entry of the state by who trusts the genesis only: the block, its certificate, the entry in the state it commits to.
 */

import { equalBytes } from '@mc/crypto'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { LightClient, recordedRoot, stateProofCodec, verifyStateProof } from '@mc/ledger'
import { blockBytesFromJson, certificateFromJson } from '@mc/node/client'
import type { StateProofJson } from '@mc/node/organisation'
import { fromHex, hex } from '@mc/protocol/wire'
import { PREFIXES } from '@mc/topics'
import type { Stage } from './stage.js'

/** What was shown, and how a person shows it again. */
export interface Proof {
  readonly verified: boolean
  /** What to run to see it, with the network up. */
  readonly command: string
  readonly table: keyof typeof PREFIXES
  /** The key of the entry, in hexadecimal, and whether it is there. */
  readonly key: string
  readonly isPresent: boolean
  /** Where it was shown. */
  readonly epoch?: number
}

/** How often a proof is asked for again: seals come a moment after a block. */
const TRIES = 60
const TRY_MS = 100

/** Shows that an entry is, or is not, in the state, from what one member says and the genesis. */
export async function proven(
  stage: Stage,
  table: keyof typeof PREFIXES,
  key: Uint8Array,
  { command, isPresent = true }: { readonly command: string; readonly isPresent?: boolean },
): Promise<Proof> {
  const about = { command, table, key: hex(key), isPresent }
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const epoch = await shown(stage, table, key, isPresent)
    if (epoch !== undefined) return { verified: true, ...about, epoch }
    await new Promise(resolve => setTimeout(resolve, TRY_MS))
  }
  return { verified: false, ...about }
}

/** Shows the same again, in the state as it is now. */
export const provenAgain = (stage: Stage, { table, key, ...about }: Proof): Promise<Proof> =>
  proven(stage, table, fromHex(key), about)

async function shown(
  stage: Stage,
  table: keyof typeof PREFIXES,
  key: Uint8Array,
  isPresent: boolean,
): Promise<number | undefined> {
  const answer: StateProofJson = await stage.read(`/v1/organisation/proofs/${table}/${hex(key)}`)
  const light = new LightClient({ genesis: stage.genesis, crypto })
  const verified = light.verifyBlock(
    blockBytesFromJson(answer.block),
    certificateFromJson(answer.certificate),
  )
  if (!verified.verified) return undefined
  const { block } = verified
  const { sha256 } = crypto
  const [record, organisation] = [answer.recordRoot, answer.organisationRoot].map(fromHex) as [
    Uint8Array,
    Uint8Array,
  ]
  if (!equalBytes(recordedRoot(record, organisation, sha256), block.stateRoot)) return undefined
  const proof = stateProofCodec.decode(fromHex(answer.proof))
  const at = Uint8Array.of(PREFIXES[table], ...key)
  const found = verifyStateProof({ root: organisation, key: at, proof }, sha256)
  return found?.isPresent === isPresent ? block.epoch : undefined
}
