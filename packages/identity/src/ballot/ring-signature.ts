/**
 * Proof B: a linkable ring signature among the pseudonyms of a meeting.
 *
 * c_{i+1} = Hs(ctx, s_i U + c_i T_i, s_i V + c_i K) round the ring. Bytes: c_1, s_1 … s_n; with its key image K 32·(n + 2).
 *
 * @see identity.md, section 7; Liu, Wei, Wong: Linkable Spontaneous Anonymous Group Signature, ACISP 2004
 */
import type { Rng } from '@mc/crypto'
import {
  decodeScalar,
  encodeScalar,
  hashToScalar,
  joinPoints,
  pointAt,
  scalarOf,
  scalarStream,
} from '@mc/crypto/ristretto'
import { type Element, type IdentityCrypto, type KeyBase, multiple } from '../identity-crypto.js'
import type { Ring } from '../ring/ring.js'

/** T_π = x·U for some tag of the ring, and K = x·V; `context` is what is said by it. */
export interface LinkableStatement {
  readonly ring: Ring
  /** U. */
  readonly ringBase: KeyBase
  /** V. */
  readonly imageBase: KeyBase
  /** K. */
  readonly image: Element
  /** Binds organisation, ring, meeting, key image, ballot and version. */
  readonly context: Uint8Array
}

/** Length of a signature in a ring of this size, its key image not counted. */
export const linkableBytes = (size: number): number => 32 * (size + 1)

/** Signs at position π of the ring. */
export function signLinkable(
  statement: LinkableStatement,
  { secret, position }: { readonly secret: bigint; readonly position: number },
  rng: Rng,
  crypto: IdentityCrypto,
): Uint8Array {
  const { ring, ringBase, imageBase } = statement
  const next = scalarStream('MC-v1-lrs-nonce', rng.bytes(32), encodeScalar(secret), statement.context)
  const alpha = next()
  const s = ring.keys.map(() => next())
  const challenges = new Array<bigint>(ring.size)
  let challenge = linkOf(statement, multiple(ringBase, alpha, crypto), multiple(imageBase, alpha, crypto))
  for (let step = 1; step <= ring.size; step += 1) {
    const index = (position + step) % ring.size
    challenges[index] = challenge
    if (index !== position) challenge = nextChallenge(statement, index, challenge, s[index] as bigint, crypto)
  }
  s[position] = scalarOf(alpha - (challenges[position] as bigint) * secret)
  return encode(challenges[0] as bigint, s)
}

/** Whether the cycle closes. Total. */
export function verifyLinkable(
  statement: LinkableStatement,
  signature: Uint8Array,
  crypto: IdentityCrypto,
): boolean {
  const { size } = statement.ring
  if (signature.length !== linkableBytes(size)) return false
  const scalars: bigint[] = []
  for (let at = 0; at < signature.length; at += 32) {
    const scalar = decodeScalar(signature.subarray(at, at + 32))
    if (scalar === undefined) return false
    scalars.push(scalar)
  }
  const first = scalars[0] as bigint
  let challenge = first
  for (let index = 0; index < size; index += 1) {
    challenge = nextChallenge(statement, index, challenge, scalars[index + 1] as bigint, crypto)
  }
  return challenge === first
}

/** L = s_i U + c_i T_i; R = s_i V + c_i K; c_{i+1} = Hs(ctx, L, R). */
function nextChallenge(
  statement: LinkableStatement,
  index: number,
  challenge: bigint,
  s: bigint,
  { ristretto }: IdentityCrypto,
): bigint {
  const { ring, ringBase, imageBase, image } = statement
  const left = joinPoints(ringBase.point, pointAt(ring.points, index))
  const right = joinPoints(imageBase.point, image.point)
  const scalars = [s, challenge]
  return linkOf(statement, ristretto.combine(left, scalars), ristretto.combine(right, scalars))
}

const linkOf = ({ context }: LinkableStatement, left: Uint8Array, right: Uint8Array): bigint =>
  hashToScalar('MC-LRS-v1', context, left, right)

function encode(first: bigint, s: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(linkableBytes(s.length))
  for (const [index, scalar] of [first, ...s].entries()) bytes.set(encodeScalar(scalar), 32 * index)
  return bytes
}
