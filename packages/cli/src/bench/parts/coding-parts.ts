/**
 * Erasure coding and commitments, by size of the committee and of the payload.
 */
import { erasureCode, type Kernel, merkleCommitment, portableKernel, wasmKernel } from '@mc/avid'
import { type CryptoProvider, merkleTree, verifyMerkleProof } from '@mc/crypto'
import { faultsTolerated } from '@mc/protocol'
import type { PartCase } from './stopwatch.js'

const SIZES = [4, 7, 16, 31, 100]

const PAYLOADS = [4_096, 65_536, 1_048_576]

/** Encoding, and the worst case of decoding: the last k shards only. */
export function* erasureParts(): Generator<PartCase> {
  const simd = wasmKernel()
  for (const n of SIZES) {
    for (const bytes of PAYLOADS) {
      if (simd !== undefined) yield* erasureCases(n, bytes, simd)
    }
    if (n <= 16) yield* erasureCases(n, 65_536, portableKernel())
  }
}

function* erasureCases(n: number, bytes: number, kernel: Kernel): Generator<PartCase> {
  const k = n - 2 * faultsTolerated(n)
  const code = erasureCode({ n, k, kernel })
  const data = filled(k * Math.ceil(bytes / k))
  const last = code.encode(data).map((shard, index) => (index >= n - k ? shard : undefined))
  const common = { variant: kernel.name, n, k, bytes }
  yield { part: 'erasure/encode', ...common, run: () => code.encode(data) }
  yield { part: 'erasure/decode', ...common, run: () => code.decode(last) }
}

/** Encoding with its commitment, as a proposer does it. */
export function* commitmentParts(providers: readonly CryptoProvider[]): Generator<PartCase> {
  for (const { name, sha256 } of providers) {
    for (const n of [4, 16]) {
      const f = faultsTolerated(n)
      const coding = merkleCommitment({ sha256, payloadBytesMax: 2 ** 20 }).among({ n, f })
      const payload = filled(524_288)
      const run = (): unknown => coding.encode(payload)
      yield { part: 'commitment/encode', variant: name, n, k: n - 2 * f, bytes: payload.length, run }
    }
  }
}

/** Merkle trees over shards, and their proofs. */
export function* merkleParts(providers: readonly CryptoProvider[]): Generator<PartCase> {
  for (const { name, sha256 } of providers) {
    for (const n of [4, 31, 100]) {
      const leaves = Array.from({ length: n }, () => filled(1_024))
      const tree = merkleTree(leaves, sha256)
      const claim = {
        root: tree.root,
        index: 1,
        count: n,
        leaf: leaves[1] as Uint8Array,
        proof: tree.proof(1),
      }
      yield { part: 'merkle/tree', variant: name, n, bytes: n * 1_024, run: () => merkleTree(leaves, sha256) }
      yield {
        part: 'merkle/verify',
        variant: name,
        n,
        bytes: 1_024,
        run: () => verifyMerkleProof(claim, sha256),
      }
    }
  }
}

/** Bytes that are not all the same. */
export const filled = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 2_654_435_761) >>> 13)
