/**
 * Proof A, the verifier: identity.md, section 5, "Verify". Any number of proofs over one ring in one multi-scalar multiplication.
 */
import { encodeScalar, joinPoints, type Points, scalarOf, scalarStream } from '@mc/crypto/ristretto'
import type { IdentityCrypto } from '../identity-crypto.js'
import type { Ring } from '../ring/ring.js'
import type { Generators } from './generators.js'
import { challengeOf, type OneOfMany } from './one-of-many.js'
import { bitsOf, type ParsedProof, parseProof } from './proof-codec.js'

/** A statement with the parsed proof for it and the challenge that both give. */
export interface Candidate {
  readonly statement: OneOfMany
  readonly proof: ParsedProof
  readonly challenge: bigint
}

/** Total: undefined if the proof cannot be one, by its bytes alone. */
export function candidateOf(
  statement: OneOfMany,
  bytes: Uint8Array,
  crypto: IdentityCrypto,
): Candidate | undefined {
  const proof = parseProof(bytes, statement.ring.size, crypto.ristretto)
  return proof && { statement, proof, challenge: challengeOf(statement, proof.commitmentBytes) }
}

/** Candidates that are verified together at most. */
export const BATCH_MAX = 64

/**
 * Whether all hold, which are over one ring and its one base: a false one passes with a chance of 2^−128.
 *
 * Each equation of each proof gets a weight of 128 bits; the weights are a hash of all challenges and responses, so nobody can
 * choose a proof after its weight, and all members compute the same.
 */
export function holdTogether(
  candidates: readonly Candidate[],
  generators: Generators,
  crypto: IdentityCrypto,
): boolean {
  const [first] = candidates
  if (first === undefined) return true
  const sum = new WeightedSum(first.statement.ring, generators)
  const weight = weightsOf(candidates)
  for (const candidate of candidates) sum.add(candidate, [weight(), weight(), weight(), weight()])
  const { points, scalars } = sum.terms(first.statement.ringBase.point)
  return crypto.ristretto.combine(points, scalars).every(byte => byte === 0)
}

type Weights = readonly [bigint, bigint, bigint, bigint]

function weightsOf(candidates: readonly Candidate[]): () => bigint {
  const seed = candidates.flatMap(({ challenge, proof: { f, zA, zC, z } }) =>
    [challenge, ...f, zA, zC, z].map(encodeScalar),
  )
  const next = scalarStream('MC-v1-oom-batch', ...seed)
  return () => BigInt.asUintN(128, next())
}

/** Collects the equations of many proofs; what they share is multiplied once. */
class WeightedSum {
  readonly #ring: Ring
  readonly #bases: Points
  readonly #ringScalars: bigint[]
  readonly #baseScalars: bigint[]
  #ringBase = 0n
  readonly #points: Points[] = []
  readonly #scalars: bigint[] = []
  readonly #tagBases = new Map<string, { readonly point: Points; sum: bigint }>()

  constructor(ring: Ring, generators: Generators) {
    const bits = bitsOf(ring.size)
    this.#ring = ring
    this.#bases = generators.forBits(bits)
    this.#ringScalars = new Array<bigint>(ring.size).fill(0n)
    this.#baseScalars = new Array<bigint>(1 + 2 * bits).fill(0n)
  }

  add({ statement, proof, challenge: xi }: Candidate, [w1, w2, w3, w4]: Weights): void {
    const { f, zA, zC, z } = proof
    // (i) A + ξB = Com(f; z_A) and (ii) ξC + D = Com(f(ξ−f); z_C)
    const commitments = [w1, w1 * xi, w2 * xi, w2]
    this.#addBase(0, -(w1 * zA + w2 * zC))
    for (const [j, one] of f.entries()) {
      const zero = scalarOf(xi - one)
      const product = w2 * scalarOf(zero * one)
      this.#addBase(2 * j + 1, -(w1 * zero + product))
      this.#addBase(2 * j + 2, -(w1 * one + product))
    }
    // (iii) Σ_k p_k X_k − Σ_i ξ^i X̂_i = zB
    this.#addRing(w3, f, xi)
    this.#ringBase -= w3 * z
    let power = 1n
    const powers = f.map(() => {
      const current = power
      power = scalarOf(power * xi)
      return current
    })
    for (const one of powers) commitments.push(-w3 * one)
    // (iv) ξ^m T − Σ_i ξ^i Ŷ_i = zU
    for (const one of powers) commitments.push(-w4 * one)
    this.#points.push(proof.commitments, statement.tag.point)
    this.#scalars.push(...commitments.map(scalarOf), scalarOf(w4 * power))
    const name = statement.tagBase.encoded.join()
    const entry = this.#tagBases.get(name) ?? { point: statement.tagBase.point, sum: 0n }
    entry.sum -= w4 * z
    this.#tagBases.set(name, entry)
  }

  terms(ringBase: Points): { readonly points: Points; readonly scalars: readonly bigint[] } {
    const tagBases = [...this.#tagBases.values()]
    return {
      points: joinPoints(
        this.#ring.points,
        this.#bases,
        ringBase,
        ...tagBases.map(({ point }) => point),
        ...this.#points,
      ),
      scalars: [
        ...[
          ...this.#ringScalars,
          ...this.#baseScalars,
          this.#ringBase,
          ...tagBases.map(({ sum }) => sum),
        ].map(scalarOf),
        ...this.#scalars,
      ],
    }
  }

  #addBase(at: number, scalar: bigint): void {
    this.#baseScalars[at] = (this.#baseScalars[at] as bigint) + scalar
  }

  /** weight · p_k for all k, with p_k = Π_j f_{j,k_j}: bit by bit, so that it takes two products per key. */
  #addRing(weight: bigint, f: readonly bigint[], xi: bigint): void {
    let products = [weight]
    for (const one of f) {
      const zero = scalarOf(xi - one)
      products = [...products.map(p => scalarOf(p * zero)), ...products.map(p => scalarOf(p * one))]
    }
    const last = this.#ring.size - 1
    for (const [k, product] of products.entries()) {
      const at = Math.min(k, last)
      this.#ringScalars[at] = (this.#ringScalars[at] as bigint) + product
    }
  }
}
