/**
 * Verification by who trusts a genesis only: the last block, its certificate, and that an operation is in it.
 */
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { type Genesis, LightClient } from '@mc/ledger'
import {
  type BlockSource,
  believe,
  blockBytesFromJson,
  certificateFromJson,
  proofFromJson,
} from '@mc/node/client'
import { fromHex } from '@mc/protocol/wire'
import type { ApiClient } from './api-client.js'

/** What a light client found. */
export type LightVerification =
  | { readonly verified: true; readonly epoch: number; readonly cid: string; readonly seals: number }
  | { readonly verified: false; readonly reason: string }

/** What a node shows of its blocks and configurations, read for who verifies. */
export const blockSource = (client: ApiClient): BlockSource => ({
  configuration: index => client.configuration(String(index)),
  blockBytes: epoch => client.blockBytes(String(epoch)),
  certificate: async epoch => certificateFromJson(await client.certificate(String(epoch))),
})

/** Verifies that an operation is on the ledger, from what a node says about it and the genesis alone. */
export async function verifyOperation(
  genesis: Genesis,
  client: ApiClient,
  operationId: string,
): Promise<LightVerification> {
  const light = new LightClient({ genesis, crypto })
  const believed = await believe(light, blockSource(client), async () => {
    const answer = await client.proof(operationId)
    const certificate = certificateFromJson(answer.certificate)
    return { bytes: blockBytesFromJson(answer.block), certificate, proof: answer.proof }
  })
  if (!believed.verified) return { verified: false, reason: believed.reason }
  const { block, cid, shown } = believed
  if (!light.verifyInclusion(block, fromHex(operationId), proofFromJson(shown.proof))) {
    return { verified: false, reason: `the proof does not show ${operationId} in block ${block.epoch}` }
  }
  return { verified: true, epoch: block.epoch, cid: String(cid), seals: shown.certificate.seals.length }
}

/** Verifies one block by its certificate and the genesis alone. */
export async function verifyBlock(
  genesis: Genesis,
  client: ApiClient,
  name: string,
): Promise<LightVerification> {
  const light = new LightClient({ genesis, crypto })
  const bytes = await client.blockBytes(name)
  const believed = await believe(light, blockSource(client), async () => ({
    bytes,
    certificate: certificateFromJson(await client.certificate(name)),
  }))
  if (!believed.verified) return { verified: false, reason: believed.reason }
  const { block, cid, shown } = believed
  return { verified: true, epoch: block.epoch, cid: String(cid), seals: shown.certificate.seals.length }
}
