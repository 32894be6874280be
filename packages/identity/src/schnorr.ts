/**
 * Schnorr signatures to any base: by member keys, and by tags, which are keys too.
 *
 * R = kU, c = Hs(purpose, organisation, base, U, T, R, message), s = k + c·x. Verify sU = R + cT. 64 bytes: R ‖ s.
 *
 * @see identity.md, sections 3 and 6
 */
import { equalBytes } from '@mc/crypto'
import {
  decodeScalar,
  encodeScalar,
  hashToScalar,
  joinPoints,
  type Points,
  scalarOf,
  scalarStream,
} from '@mc/crypto/ristretto'
import { utf8 } from '@mc/protocol/wire'
import {
  type Element,
  elementFrom,
  type IdentityCrypto,
  type KeyBase,
  multiple,
  secretScalar,
} from './identity-crypto.js'

/** Length of a signature. */
export const SCHNORR_BYTES = 64

/** What a signature is for: one of one purpose is worth nothing for another. */
export type Purpose =
  | 'operation'
  | 'possession'
  | 'secondary-key'
  | 'vouch'
  | 'attestation'
  | 'meet'
  | 'rotation'

/** What is signed, and with respect to which base. */
export interface Signing {
  readonly purpose: Purpose
  readonly org: Uint8Array
  readonly base: KeyBase
  readonly message: Uint8Array
}

/**
 * Signs. The nonce is a hash of secret and statement: no generator can repeat it for another message.
 *
 * @throws RangeError unless `secretKey` is a scalar.
 */
export function signSchnorr(signing: Signing, secretKey: Uint8Array, crypto: IdentityCrypto): Uint8Array {
  const secret = secretScalar(secretKey)
  const key = multiple(signing.base, secret, crypto)
  const nonce = scalarStream(NONCE, secretKey, ...statementParts(signing, key))()
  const commitment = multiple(signing.base, nonce, crypto)
  const challenge = challengeOf(signing, key, commitment)
  const signature = new Uint8Array(SCHNORR_BYTES)
  signature.set(commitment)
  signature.set(encodeScalar(scalarOf(nonce + challenge * secret)), 32)
  return signature
}

/** A signature to be verified. */
export interface SignatureCheck {
  readonly signing: Signing
  readonly key: Uint8Array
  readonly signature: Uint8Array
}

/** Whether the holder of `key` signed. Total. */
export function verifySchnorr({ signing, key, signature }: SignatureCheck, crypto: IdentityCrypto): boolean {
  const parsed = parse({ signing, key, signature }, crypto)
  if (parsed === undefined) return false
  const points = joinPoints(signing.base.point, parsed.key.point)
  const commitment = crypto.ristretto.combine(points, [parsed.response, scalarOf(-parsed.challenge)])
  return equalBytes(commitment, signature.subarray(0, 32))
}

/**
 * Whether each was signed, as `verifySchnorr` says.
 *
 * Σ w·(sU − R − cT) = 0 with weights that are a hash of all challenges and responses; a batch that fails is halved.
 */
export function verifySchnorrs(
  checks: readonly SignatureCheck[],
  crypto: IdentityCrypto,
): readonly boolean[] {
  const parsed = checks.map(check => parseWithCommitment(check, crypto))
  const results = new Array<boolean>(checks.length).fill(false)
  const indexes = [...parsed.keys()].filter(index => parsed[index] !== undefined)
  const sort = (part: readonly number[]): void => {
    if (part.length === 0) return
    const all = part.map(index => parsed[index] as WithCommitment)
    if (holdTogether(all, crypto)) {
      for (const index of part) results[index] = true
    } else if (part.length > 1) {
      const half = part.length >> 1
      sort(part.slice(0, half))
      sort(part.slice(half))
    }
  }
  sort(indexes)
  return results
}

const NONCE = 'MC-v1-schnorr-nonce'
const WEIGHTS = 'MC-v1-schnorr-batch'

interface Parsed {
  readonly base: KeyBase
  readonly key: Element
  readonly challenge: bigint
  readonly response: bigint
}

interface WithCommitment extends Parsed {
  readonly commitment: Element
}

function parse({ signing, key, signature }: SignatureCheck, crypto: IdentityCrypto): Parsed | undefined {
  if (signature.length !== SCHNORR_BYTES) return undefined
  const element = elementFrom(key, crypto)
  const response = decodeScalar(signature.subarray(32))
  if (element === undefined || response === undefined) return undefined
  const challenge = challengeOf(signing, key, signature.subarray(0, 32))
  return { base: signing.base, key: element, challenge, response }
}

function parseWithCommitment(check: SignatureCheck, crypto: IdentityCrypto): WithCommitment | undefined {
  const parsed = parse(check, crypto)
  const commitment = parsed && elementFrom(check.signature.subarray(0, 32), crypto)
  return commitment && { ...parsed, commitment }
}

function holdTogether(all: readonly WithCommitment[], { ristretto }: IdentityCrypto): boolean {
  const seed = all.flatMap(({ challenge, response }) => [encodeScalar(challenge), encodeScalar(response)])
  const next = scalarStream(WEIGHTS, ...seed)
  const bases = new Map<string, { readonly point: Points; sum: bigint }>()
  const points: Points[] = []
  const scalars: bigint[] = []
  for (const { base, key, commitment, challenge, response } of all) {
    const weight = BigInt.asUintN(128, next())
    const name = base.encoded.join()
    const entry = bases.get(name) ?? { point: base.point, sum: 0n }
    entry.sum += weight * response
    bases.set(name, entry)
    points.push(commitment.point, key.point)
    scalars.push(scalarOf(-weight), scalarOf(-weight * challenge))
  }
  for (const { point, sum } of bases.values()) {
    points.push(point)
    scalars.push(scalarOf(sum))
  }
  return ristretto.combine(joinPoints(...points), scalars).every(byte => byte === 0)
}

const challengeOf = (signing: Signing, key: Uint8Array, commitment: Uint8Array): bigint =>
  hashToScalar('MC-Schnorr-v1', ...statementParts(signing, key), commitment)

const statementParts = ({ purpose, org, base, message }: Signing, key: Uint8Array): readonly Uint8Array[] => [
  utf8(purpose),
  org,
  base.name,
  base.encoded,
  key,
  message,
]
