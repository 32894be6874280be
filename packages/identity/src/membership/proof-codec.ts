/**
 * Proof A as bytes: A, B, C, D, X̂_0 … X̂_{m−1}, Ŷ_0 … Ŷ_{m−1}, f_0 … f_{m−1}, z_A, z_C, z. With its tag 32·(8 + 3m) bytes.
 */
import { decodeScalar, encodeScalar, type Points, type RistrettoEngine } from '@mc/crypto/ristretto'

/** m: how many bits name a key in a ring of this size; at least one. */
export const bitsOf = (size: number): number => Math.max(1, 32 - Math.clz32(size - 1))

/** Length of a proof, its tag not counted, over a ring of this size. */
export const membershipProofBytes = (size: number): number => 32 * (7 + 3 * bitsOf(size))

/** The responses of a proof. */
export interface Responses {
  /** f_j = σ_{j,1} ξ + a_{j,1}. */
  readonly f: readonly bigint[]
  readonly zA: bigint
  readonly zC: bigint
  readonly z: bigint
}

/** A proof whose encodings are canonical; not verified. */
export interface ParsedProof extends Responses {
  /** All commitments as they stand in the proof: what the challenge binds. */
  readonly commitmentBytes: Uint8Array
  /** A, B, C, D, X̂, Ŷ. */
  readonly commitments: Points
}

/** The bytes of a proof. */
export function encodeProof(commitmentBytes: Uint8Array, { f, zA, zC, z }: Responses): Uint8Array {
  const proof = new Uint8Array(commitmentBytes.length + 32 * (f.length + 3))
  proof.set(commitmentBytes)
  for (const [index, scalar] of [...f, zA, zC, z].entries()) {
    proof.set(encodeScalar(scalar), commitmentBytes.length + 32 * index)
  }
  return proof
}

/** Total: undefined unless `proof` has the length for this ring and all its encodings are canonical. */
export function parseProof(
  proof: Uint8Array,
  size: number,
  engine: RistrettoEngine,
): ParsedProof | undefined {
  if (proof.length !== membershipProofBytes(size)) return undefined
  const bits = bitsOf(size)
  const commitmentBytes = proof.subarray(0, 32 * (4 + 2 * bits))
  // Scalars first: they cost nothing to look at.
  const scalars: bigint[] = []
  for (let at = commitmentBytes.length; at < proof.length; at += 32) {
    const scalar = decodeScalar(proof.subarray(at, at + 32))
    if (scalar === undefined) return undefined
    scalars.push(scalar)
  }
  const commitments = engine.decode(commitmentBytes)
  if (commitments === undefined) return undefined
  const [zA, zC, z] = scalars.slice(bits) as [bigint, bigint, bigint]
  return { commitmentBytes, commitments, f: scalars.slice(0, bits), zA, zC, z }
}
