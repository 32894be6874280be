/**
 * What a thread that verifies proofs does: jobs in, results out, as `@mc/identity` writes them. What is no job ends it.
 */
import { parentPort } from 'node:worker_threads'
import { nodeCrypto } from '@mc/crypto/node'
import { ristrettoEngine } from '@mc/crypto/ristretto'
import { proofWorker } from '@mc/identity'

/** Answers jobs from now on, if this is a thread; for programs that bring their own script for it. */
export function serveProofs(): void {
  const answer = proofWorker({ sha256: nodeCrypto.sha256, ristretto: ristrettoEngine() })
  parentPort?.on('message', (job: Uint8Array) => parentPort?.postMessage(answer(job)))
}
