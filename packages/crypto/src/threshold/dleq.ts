/**
 * Proofs that two elements have the same discrete logarithm, to two bases: that a share was made with the right key.
 *
 * Chaum and Pedersen's proof, made non-interactive by a hash of everything it is about: both bases, both images, both
 * commitments, and the caller's context. A proof for one statement or context is worth nothing for another.
 *
 * Deviation: a proof carries its commitments (a, b, z) instead of the challenge (c, z). That is one element more, and lets any
 * number of proofs be verified by a single multi-scalar multiplication.
 *
 * @see Chaum, Pedersen: Wallet Databases with Observers, CRYPTO 1992; Cachin, Kursawe, Shoup: Random Oracles in Constantinople, section 4.3
 */
import { framed, joined } from './framing.js'
import { reduce } from './prime-field.js'
import type { PrimeGroup } from './prime-group.js'

/** The claim that log_base(image) = log_otherBase(otherImage). None of the four is the identity. */
export interface DleqStatement<Element> {
  readonly base: Element
  readonly image: Element
  readonly otherBase: Element
  readonly otherImage: Element
  /** What the proof is for; a proof holds in its own context only. */
  readonly context: Uint8Array
}

/** A proof; decoded, not verified. */
export interface DleqProof<Element> {
  readonly commitment: Element
  readonly otherCommitment: Element
  readonly response: bigint
}

/** A claim with what is offered as its proof. */
export interface DleqClaim<Element> {
  readonly statement: DleqStatement<Element>
  readonly proof: DleqProof<Element>
}

/** Length of an encoded proof: a ‖ b ‖ z. */
export const dleqProofBytes = <Element>(group: PrimeGroup<Element>): number =>
  2 * group.elementBytes + group.scalarBytes

/**
 * Proves that `secret` is the logarithm on both sides.
 *
 * The nonce is a hash of the secret and the statement, in the manner of RFC 6979: no generator can repeat it for another
 * statement, and the same statement gets the same proof, byte for byte, also after a restart.
 */
export function proveDleq<Element>(
  group: PrimeGroup<Element>,
  statement: DleqStatement<Element>,
  secret: bigint,
): Uint8Array {
  const { base, otherBase } = statement
  const nonce = group.hashToScalar(
    NONCE,
    framed(group.encodeScalar(secret), ...statementBytes(group, statement)),
  )
  const commitment = group.multiply(base, nonce)
  const otherCommitment = group.multiply(otherBase, nonce)
  const challenge = challengeOf(group, statement, { commitment, otherCommitment })
  const response = reduce(nonce + challenge * secret, group.order)
  return joined(group.encode(commitment), group.encode(otherCommitment), group.encodeScalar(response))
}

/** Total: undefined unless `bytes` are the encoding of a proof. */
export function decodeDleqProof<Element>(
  group: PrimeGroup<Element>,
  bytes: Uint8Array,
): DleqProof<Element> | undefined {
  if (bytes.length !== dleqProofBytes(group)) return undefined
  const { elementBytes } = group
  const commitment = group.decode(bytes.subarray(0, elementBytes))
  const otherCommitment = group.decode(bytes.subarray(elementBytes, 2 * elementBytes))
  const response = group.decodeScalar(bytes.subarray(2 * elementBytes))
  if (commitment === undefined || otherCommitment === undefined || response === undefined) return undefined
  return { commitment, otherCommitment, response }
}

/**
 * Whether all claims hold; a false one passes with a chance of 2^−128 or, in a smaller group, of 1 in its order.
 *
 * z·base = a + c·image and z·otherBase = b + c·otherImage for all claims together, in one random linear combination. The weights
 * are a hash of all challenges and responses, so nobody can choose a proof after its weight.
 */
export function verifyDleqs<Element>(
  group: PrimeGroup<Element>,
  claims: readonly DleqClaim<Element>[],
): boolean {
  const challenges = claims.map(({ statement, proof }) => challengeOf(group, statement, proof))
  const weigh = weights(group, claims, challenges)
  const sum = new LinearCombination(group)
  claims.forEach(({ statement, proof }, at) => {
    const challenge = challenges[at] as bigint
    const [weight, otherWeight] = [weigh(2 * at), weigh(2 * at + 1)]
    sum.add(statement.base, weight * proof.response)
    sum.add(proof.commitment, -weight)
    sum.add(statement.image, -weight * challenge)
    sum.add(statement.otherBase, otherWeight * proof.response)
    sum.add(proof.otherCommitment, -otherWeight)
    sum.add(statement.otherImage, -otherWeight * challenge)
  })
  return group.isIdentity(sum.value())
}

/** Whether one claim holds. */
export const verifyDleq = <Element>(group: PrimeGroup<Element>, claim: DleqClaim<Element>): boolean =>
  verifyDleqs(group, [claim])

const NONCE = 'mc/dleq/nonce/v1'
const CHALLENGE = 'mc/dleq/challenge/v1'
const BATCH = 'mc/dleq/batch/v1'

/** c = H(group, context, both bases, both images, both commitments). */
function challengeOf<Element>(
  group: PrimeGroup<Element>,
  statement: DleqStatement<Element>,
  { commitment, otherCommitment }: Omit<DleqProof<Element>, 'response'>,
): bigint {
  const all = [
    ...statementBytes(group, statement),
    group.encode(commitment),
    group.encode(otherCommitment),
  ] as const
  return group.hashToScalar(CHALLENGE, framed(...all))
}

function statementBytes<Element>(
  group: PrimeGroup<Element>,
  { base, image, otherBase, otherImage, context }: DleqStatement<Element>,
): readonly (Uint8Array | string)[] {
  return [group.name, context, ...[base, image, otherBase, otherImage].map(one => group.encode(one))]
}

function weights<Element>(
  group: PrimeGroup<Element>,
  claims: readonly DleqClaim<Element>[],
  challenges: readonly bigint[],
): (at: number) => bigint {
  const all = claims.flatMap(({ proof }, at) => [challenges[at] as bigint, proof.response])
  const transcript = group.encodeScalar(
    group.hashToScalar(BATCH, framed(...all.map(scalar => group.encodeScalar(scalar)))),
  )
  return at => group.hashToScalar(BATCH, framed(transcript, String(at))) & WEIGHT_MASK
}

/** 128 bits: a weight need not be longer than the security that it gives. */
const WEIGHT_MASK = (1n << 128n) - 1n

/** Collects terms; the same element object is multiplied once. */
class LinearCombination<Element> {
  readonly #group: PrimeGroup<Element>
  readonly #terms = new Map<Element, bigint>()

  constructor(group: PrimeGroup<Element>) {
    this.#group = group
  }

  add(element: Element, scalar: bigint): void {
    this.#terms.set(element, reduce((this.#terms.get(element) ?? 0n) + scalar, this.#group.order))
  }

  value(): Element {
    return this.#group.combine([...this.#terms.keys()], [...this.#terms.values()])
  }
}
