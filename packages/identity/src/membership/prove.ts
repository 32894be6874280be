/**
 * Proof A, the prover: identity.md, section 5, "Prove".
 */
import type { Rng } from '@mc/crypto'
import { encodeScalar, joinPoints, type Points, pointAt, scalarOf, scalarStream } from '@mc/crypto/ristretto'
import type { IdentityCrypto } from '../identity-crypto.js'
import type { Generators } from './generators.js'
import { challengeOf, type OneOfMany } from './one-of-many.js'
import { bitsOf, encodeProof } from './proof-codec.js'

/** Who proves: the secret x and the position l of its key. */
export interface Witness {
  readonly secret: bigint
  readonly position: number
}

/**
 * Proves a statement.
 *
 * All random scalars come from one draw of 32 bytes, the secret and the statement: a generator that repeats itself gives the same
 * proof for the same statement, and nothing for two. The sums over the ring take a time that depends on the masks of the position,
 * never on what hides the secret; how many of their scalars are zero does not depend on the position.
 */
export function prove(
  statement: OneOfMany,
  { secret, position }: Witness,
  {
    generators,
    rng,
    crypto,
  }: { readonly generators: Generators; readonly rng: Rng; readonly crypto: IdentityCrypto },
): Uint8Array {
  const { ring, ringBase, tagBase, message, org } = statement
  const bits = bitsOf(ring.size)
  const next = scalarStream(
    'MC-v1-oom-nonce',
    rng.bytes(32),
    encodeScalar(secret),
    org,
    ring.root,
    tagBase.name,
    message,
  )
  const draw = (count: number): readonly bigint[] => Array.from({ length: count }, next)
  const [rA, rB, rC, rD] = draw(4) as [bigint, bigint, bigint, bigint]
  const a = draw(bits)
  const rho = draw(bits)
  const l = Array.from({ length: bits }, (_, j) => BigInt((position >> j) & 1))

  // A = Com(a; r_A), B = Com(σ; r_B), C = Com(a(1−2σ); r_C), D = Com(−a²; r_D), where a_{j,0} = −a_{j,1} and σ_{j,0} = 1 − σ_{j,1}
  const bases = generators.forBits(bits)
  const commit = (r: bigint, entries: (j: number) => readonly [bigint, bigint]): Uint8Array =>
    crypto.ristretto.combineSecret(bases, [r, ...l.flatMap((_, j) => entries(j).map(scalarOf))])
  const at = (values: readonly bigint[], j: number): bigint => values[j] as bigint
  const A = commit(rA, j => [-at(a, j), at(a, j)])
  const B = commit(rB, j => [1n - at(l, j), at(l, j)])
  const C = commit(rC, j => [at(a, j) * (1n - 2n * at(l, j)), at(a, j) * (1n - 2n * at(l, j))])
  const D = commit(rD, j => [-at(a, j) * at(a, j), -at(a, j) * at(a, j)])

  // X̂_i = Σ_k p_{k,i} X_k + ρ_i B, Ŷ_i = ρ_i U
  const lower = lowerCoefficients(l, a, ring.size)
  const X = rho.map((r, i) =>
    blinded(combineNonZero(ring.points, lower[i] as readonly bigint[], crypto), ringBase.point, r, crypto),
  )
  const Y = rho.map(r => crypto.ristretto.combineSecret(tagBase.point, [r]))

  const commitmentBytes = concatenated([A, B, C, D, ...X, ...Y])
  const xi = challengeOf(statement, commitmentBytes)
  // z = x ξ^m − Σ ρ_i ξ^i
  let [z, power] = [0n, 1n]
  for (const r of rho) {
    z -= r * power
    power = scalarOf(power * xi)
  }
  return encodeProof(commitmentBytes, {
    f: l.map((bit, j) => scalarOf(bit * xi + at(a, j))),
    zA: scalarOf(rB * xi + rA),
    zC: scalarOf(rC * xi + rD),
    z: scalarOf(z + secret * power),
  })
}

/**
 * [i][k] = p_{k,i} for i < m: the coefficients of p_k(t) = Π_j (σ_{j,k_j} t + a_{j,k_j}) below t^m.
 *
 * Bit by bit: the polynomials over j bits give those over j + 1 by one product each with a_{j,1}, as a_{j,0} is its negative and
 * σ is 0 or 1. That is about m·2^m products. What stands for the padding, the repeated last key, is added to that key's own.
 */
export function lowerCoefficients(
  l: readonly bigint[],
  a: readonly bigint[],
  size: number,
): readonly (readonly bigint[])[] {
  let polynomials: (readonly bigint[])[] = [[1n]]
  for (const [j, bit] of l.entries()) {
    const zeros: (readonly bigint[])[] = []
    const ones: (readonly bigint[])[] = []
    for (const polynomial of polynomials) {
      const scaled = polynomial.map(coefficient => scalarOf(coefficient * (a[j] as bigint)))
      zeros.push(linear(scaled, polynomial, -1n, 1n - bit))
      ones.push(linear(scaled, polynomial, 1n, bit))
    }
    polynomials = [...zeros, ...ones]
  }
  return l.map((_, i) => folded(polynomials, i, size))
}

/** sign · scaled + factor · t · polynomial. */
const linear = (
  scaled: readonly bigint[],
  polynomial: readonly bigint[],
  sign: bigint,
  factor: bigint,
): readonly bigint[] =>
  Array.from({ length: scaled.length + 1 }, (_, i) =>
    scalarOf(sign * (scaled[i] ?? 0n) + factor * (polynomial[i - 1] ?? 0n)),
  )

function folded(polynomials: readonly (readonly bigint[])[], i: number, size: number): readonly bigint[] {
  const column = polynomials.slice(0, size).map(polynomial => polynomial[i] as bigint)
  const padding = polynomials.slice(size).reduce((sum, polynomial) => sum + (polynomial[i] as bigint), 0n)
  column[size - 1] = scalarOf((column[size - 1] as bigint) + padding)
  return column
}

/** sum + ρ·B. Apart from the sum, as ρ hides x: it is multiplied as a secret. */
function blinded(sum: Uint8Array, base: Points, rho: bigint, { ristretto }: IdentityCrypto): Uint8Array {
  // In a ring of one the coefficients of the key and of its padding cancel out, and the sum is the identity.
  const point = ristretto.decode(sum)
  return point === undefined
    ? ristretto.combineSecret(base, [rho])
    : ristretto.combineSecret(joinPoints(point, base), [1n, rho])
}

/** Half of all coefficients are zero: their points are left out. */
function combineNonZero(
  points: Points,
  scalars: readonly bigint[],
  { ristretto }: IdentityCrypto,
): Uint8Array {
  const indexes = [...scalars.keys()].filter(index => scalars[index] !== 0n)
  const chosen = joinPoints(...indexes.map(index => pointAt(points, index)))
  return ristretto.combine(
    chosen,
    indexes.map(index => scalars[index] as bigint),
  )
}

/** 32 bytes each, one after the other. */
function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(32 * parts.length)
  for (const [index, part] of parts.entries()) bytes.set(part, 32 * index)
  return bytes
}
