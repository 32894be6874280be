/**
 * Verification by who trusts a genesis only: the last block, its certificate, and that an operation is in it.
 */
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { type Genesis, LightClient, sealsToConvince } from '@mc/ledger'
import { blockBytesFromJson, certificateFromJson, proofFromJson } from '@mc/node/client'
import { faultsTolerated } from '@mc/protocol'
import { fromHex } from '@mc/protocol/wire'
import type { ApiClient } from './api-client.js'

/** What a light client found. */
export type LightVerification =
  | { readonly verified: true; readonly epoch: number; readonly cid: string; readonly seals: number }
  | { readonly verified: false; readonly reason: string }

/** Milliseconds to wait for seals, which come a moment after a block. */
const SEALS_MS_MAX = 10_000
const SEALS_STEP_MS = 50

/** Verifies that an operation is on the ledger, from what a node says about it and the genesis alone. */
export async function verifyOperation(
  genesis: Genesis,
  client: ApiClient,
  operationId: string,
): Promise<LightVerification> {
  const light = new LightClient({ genesis, crypto })
  const answer = await sealed(
    genesis,
    () => client.proof(operationId),
    one => one.certificate,
  )
  const bytes = blockBytesFromJson(answer.block)
  const verified = light.verifyBlock(bytes, certificateFromJson(answer.certificate))
  if (!verified.verified) return verified
  const { block, cid } = verified
  if (!light.verifyInclusion(block, fromHex(operationId), proofFromJson(answer.proof))) {
    return { verified: false, reason: `the proof does not show ${operationId} in block ${block.epoch}` }
  }
  return { verified: true, epoch: block.epoch, cid: String(cid), seals: answer.certificate.seals.length }
}

/** Verifies one block by its certificate and the genesis alone. */
export async function verifyBlock(
  genesis: Genesis,
  client: ApiClient,
  name: string,
): Promise<LightVerification> {
  const light = new LightClient({ genesis, crypto })
  const bytes = await client.blockBytes(name)
  const certificate = await sealed(
    genesis,
    () => client.certificate(name),
    one => one,
  )
  const verified = light.verifyBlock(bytes, certificateFromJson(certificate))
  if (!verified.verified) return verified
  const { block, cid } = verified
  return { verified: true, epoch: block.epoch, cid: String(cid), seals: certificate.seals.length }
}

/** Asks until f + 1 members have signed, or for so long that they will not. */
async function sealed<T>(
  { configuration }: Genesis,
  ask: () => Promise<T>,
  certificateOf: (answer: T) => { readonly seals: readonly unknown[] },
): Promise<T> {
  const needed = sealsToConvince({ f: faultsTolerated(configuration.members.length) })
  const until = performance.now() + SEALS_MS_MAX
  for (;;) {
    const answer = await ask()
    if (certificateOf(answer).seals.length >= needed || performance.now() > until) return answer
    await new Promise(resolve => setTimeout(resolve, SEALS_STEP_MS))
  }
}
