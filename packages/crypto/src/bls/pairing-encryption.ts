/**
 * Threshold encryption by pairings, the scheme of Baek and Zheng that HoneyBadger uses, over BLS12-381.
 *
 * A ciphertext is U = g^r, the masked message V, and W = H(U, V, label)^r: a BLS signature under the one-time key U. Whoever can
 * make W knows r, so nobody can turn a stranger's ciphertext into one of its own. Everybody can check it before agreeing to
 * anything about it, and shares need no proofs, since pairings tell whether they are right.
 *
 * Deviation: W covers a label. Without one a ciphertext that was left out of one batch could be copied into another.
 * Deviation: the message may be of any length: the mask is a stream of hashes instead of one hash.
 * Deviation: the scheme was published over one group with itself; here U and the shares lie in G1, W in G2.
 *
 * Guarantees in the random oracle model: secure against chosen ciphertexts under the gap Diffie–Hellman assumption in these groups,
 * against adversaries that choose whom to corrupt beforehand (static). Length and label are not hidden. Not safe against quantum
 * computers, who could read today's ciphertexts later.
 *
 * @see Baek, Zheng: Simple and Efficient Threshold Cryptosystem from the Gap Diffie-Hellman Group, GLOBECOM 2003; Miller and
 * others: The Honey Badger of BFT Protocols, CCS 2016, section 4.4
 */
import { invariant } from '@mc/protocol'
import { domainHash } from '../domain-hash.js'
import { blsG1, blsG2, type G1Element, type G2Element, pairingsMatch } from '../portable/bls.js'
import type { Rng } from '../rng.js'
import type { Sha256 } from '../sha256.js'
import type { SignatureScheme } from '../signature.js'
import { framed, joined } from '../threshold/framing.js'
import { type KeyOrigin, type KeySet, keySetDigest, openKeySet, originOf } from '../threshold/key-set.js'
import { masked } from '../threshold/mask.js'
import { randomNonZero } from '../threshold/prime-field.js'
import { lagrangeAtZero } from '../threshold/shamir.js'
import type { Opening, Sealed, ThresholdEncryption } from '../threshold/threshold-encryption.js'
import { isMember, requireShares, type ValueShare } from '../threshold/threshold-function.js'
import { BLS_MIN_PK, BLS_TAG, noBlsSecret } from './bls-scheme.js'

/** What `pairingEncryption` is made from. */
export interface PairingEncryptionOptions {
  /** Makes and checks ciphertexts: `portableBls`, or `nodeBls()` where it loads. */
  readonly bls: SignatureScheme
  readonly sha256: Sha256
  /** In `blsG1`. */
  readonly keys: KeySet
}

/**
 * The cryptosystem of one key set.
 *
 * Costs: a ciphertext is 144 bytes longer than its message, a share has 48. Checking a ciphertext takes one verification; opening
 * it one pairing check for all shares together, and one for each only if that fails.
 *
 * @throws RangeError if `keys` is not a key set in `blsG1`, or `bls` is another scheme.
 */
export function pairingEncryption(options: PairingEncryptionOptions): ThresholdEncryption {
  if (options.bls.name !== BLS_MIN_PK) {
    throw new RangeError(`pairing encryption: need the scheme ${BLS_MIN_PK}, got ${options.bls.name}`)
  }
  const opened = openKeySet(blsG1, options.keys)
  if (opened === undefined) {
    throw new RangeError('pairing encryption: these keys are no key set of bls12-381')
  }
  return new BaekZheng(options, opened.publicKey, opened.verificationKeys)
}

/** A sound ciphertext, taken apart; `hashed` and `witness` have the exponent of `carrier` between them. */
interface OpenedCiphertext {
  readonly carrier: G1Element
  readonly witness: G2Element
  readonly hidden: Uint8Array
  readonly statement: Uint8Array
}

class BaekZheng implements ThresholdEncryption {
  readonly name: string
  readonly members: number
  readonly threshold: number
  readonly shareBytes: number = blsG1.elementBytes
  readonly overheadBytes: number = blsG1.elementBytes + blsG2.elementBytes
  readonly keySet: Uint8Array
  readonly origin: KeyOrigin
  readonly #bls: SignatureScheme
  readonly #sha256: Sha256
  readonly #publicKey: G1Element
  readonly #verificationKeys: readonly G1Element[]

  constructor(
    { bls, sha256, keys }: PairingEncryptionOptions,
    publicKey: G1Element,
    verificationKeys: readonly G1Element[],
  ) {
    this.#bls = bls
    this.#sha256 = sha256
    this.#publicKey = publicKey
    this.#verificationKeys = verificationKeys
    this.name = `baek-zheng/${bls.name}`
    this.members = verificationKeys.length
    this.threshold = keys.threshold
    this.keySet = keySetDigest(sha256, keys)
    this.origin = originOf(keys)
  }

  holdersOf(secretShare: Uint8Array): readonly number[] {
    const secret = blsG1.decodeScalar(secretShare)
    if (secret === undefined || secret === 0n) return []
    const key = blsG1.multiply(blsG1.generator, secret)
    return this.#verificationKeys.flatMap((other, member) => (blsG1.equals(other, key) ? [member] : []))
  }

  // U = g^r, V = m ⊕ H(y^r), W = H(U, V, label)^r
  encrypt(message: Uint8Array, label: Uint8Array, rng: Rng): Uint8Array {
    const secret = randomNonZero(rng, blsG1.order)
    const oneTimeKey = blsG1.encodeScalar(secret)
    const carrier = this.#bls.publicKey(oneTimeKey)
    const hidden = this.#masked(message, blsG1.multiply(this.#publicKey, secret))
    return joined(carrier, this.#bls.sign(statementOf(carrier, hidden, label), oneTimeKey), hidden)
  }

  isSound(sealed: Sealed): boolean {
    return this.#opened(sealed) !== undefined
  }

  // U_i = U^(x_i), only for a sound ciphertext
  share(sealed: Sealed, secretShare: Uint8Array): Uint8Array | undefined {
    const secret = blsG1.decodeScalar(secretShare)
    if (secret === undefined || secret === 0n) throw noBlsSecret()
    const opened = this.#opened(sealed)
    return opened === undefined ? undefined : blsG1.encode(blsG1.multiply(opened.carrier, secret))
  }

  verifyShare(sealed: Sealed, member: number, share: Uint8Array): boolean {
    if (!isMember(member, this.members)) return false
    const opened = this.#opened(sealed)
    const element = blsG1.decode(share)
    return (
      opened !== undefined && element !== undefined && this.#isPower(opened, element, this.#keyOf(member))
    )
  }

  // y^r = ∏ U_i^(λ_i): all at once; only if that is wrong one by one, to learn who lied. m = V ⊕ H(y^r)
  open(sealed: Sealed, shares: readonly ValueShare[]): Opening {
    requireShares(this, shares)
    const opened = this.#opened(sealed)
    if (opened === undefined) return { type: 'bad-ciphertext' }
    const shared = interpolated(shares)
    if (shared !== undefined && this.#isPower(opened, shared, this.#publicKey)) {
      return { type: 'message', message: this.#masked(opened.hidden, shared) }
    }
    const members = shares
      .filter(share => !share.verified && !this.#isRight(opened, share))
      .map(({ member }) => member)
    invariant(members.length > 0, 'valid shares of one key set combine to the mask of a sound ciphertext')
    return { type: 'bad-shares', members }
  }

  #isRight(opened: OpenedCiphertext, { member, share }: ValueShare): boolean {
    const element = blsG1.decode(share)
    return element !== undefined && this.#isPower(opened, element, this.#keyOf(member))
  }

  /** Whether an element is key^r, with r the exponent of the ciphertext: e(element, H) = e(key, W), since W = H^r. */
  #isPower({ statement, witness }: OpenedCiphertext, element: G1Element, key: G1Element): boolean {
    return pairingsMatch([element, blsG2.hashToGroup(BLS_TAG, statement)], [key, witness])
  }

  // e(g, W) = e(U, H(U, V, label)): W is a signature under U
  #opened({ ciphertext, label }: Sealed): OpenedCiphertext | undefined {
    if (ciphertext.length < this.overheadBytes) return undefined
    const carrierBytes = ciphertext.subarray(0, blsG1.elementBytes)
    const witnessBytes = ciphertext.subarray(blsG1.elementBytes, this.overheadBytes)
    const hidden = ciphertext.subarray(this.overheadBytes)
    const statement = statementOf(carrierBytes, hidden, label)
    if (!this.#bls.verify(witnessBytes, statement, carrierBytes)) return undefined
    const carrier = blsG1.decode(carrierBytes)
    const witness = blsG2.decode(witnessBytes)
    if (carrier === undefined || witness === undefined) return undefined
    return { carrier, witness, hidden, statement }
  }

  #keyOf(member: number): G1Element {
    return this.#verificationKeys[member] as G1Element
  }

  #masked(bytes: Uint8Array, shared: G1Element): Uint8Array {
    return masked(bytes, domainHash(this.#sha256, MASK, blsG1.encode(shared)), this.#sha256)
  }
}

const MASK = 'mc/baek-zheng/mask/v1'

const statementOf = (carrier: Uint8Array, hidden: Uint8Array, label: Uint8Array): Uint8Array =>
  framed('mc/baek-zheng/v1', carrier, hidden, label)

/** ∏ U_i^(λ_i); undefined if a share is no element of the group, or all together are the identity. */
function interpolated(shares: readonly ValueShare[]): G1Element | undefined {
  const elements = shares.map(({ share }) => blsG1.decode(share))
  if (!elements.every(element => element !== undefined)) return undefined
  const weights = lagrangeAtZero(
    shares.map(({ member }) => member),
    blsG1.order,
  )
  const power = blsG1.combine(elements, weights)
  return blsG1.isIdentity(power) ? undefined : power
}
