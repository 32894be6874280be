/**
 * Threshold encryption with labels: what nobody can read before `threshold` members have agreed to open it.
 *
 * The scheme TDH2 of Shoup and Gennaro. A ciphertext carries a proof that its maker knows what is inside, bound to the label, so
 * nobody can turn a stranger's ciphertext into one of its own, nor have it opened under another label. Everybody can check that
 * a ciphertext is sound before agreeing to anything about it.
 *
 * Deviation: the message may be of any length: the mask is a stream of hashes instead of one hash.
 *
 * Guarantees in the random oracle model: secure against chosen ciphertexts under the decisional Diffie–Hellman assumption, against
 * adversaries that choose whom to corrupt beforehand (static). Length and label are not hidden. Not safe against quantum
 * computers, who could read today's ciphertexts later.
 *
 * @see Shoup, Gennaro: Securing Threshold Cryptosystems against Chosen Ciphertext Attack, Journal of Cryptology 2002, section 4.3
 */
import { domainHash } from '../domain-hash.js'
import type { Rng } from '../rng.js'
import type { Sha256 } from '../sha256.js'
import { type DleqStatement, decodeDleqProof, dleqProofBytes, proveDleq, verifyDleq } from './dleq.js'
import { framed, joined } from './framing.js'
import { type KeyOrigin, type KeySet, originOf } from './key-set.js'
import { masked } from './mask.js'
import { randomNonZero } from './prime-field.js'
import type { PrimeGroup } from './prime-group.js'
import { type PowerTask, SharedExponent } from './shared-exponent.js'
import type { ValueShare } from './threshold-function.js'

/** What `thresholdEncryption` is made from. */
export interface ThresholdEncryptionOptions<Element> {
  readonly group: PrimeGroup<Element>
  readonly sha256: Sha256
  readonly keys: KeySet
}

/** A ciphertext as it came from somewhere, with the label under which it is said to stand. */
export interface Sealed {
  readonly ciphertext: Uint8Array
  readonly label: Uint8Array
}

/** What shares of an opening came to. */
export type Opening =
  | { readonly type: 'message'; readonly message: Uint8Array }
  | { readonly type: 'bad-shares'; readonly members: readonly number[] }
  | { readonly type: 'bad-ciphertext' }

/** One shared key seen as a cryptosystem. Everything that takes foreign bytes is total. */
export interface ThresholdEncryption {
  readonly name: string
  readonly members: number
  readonly threshold: number
  /** Length of every share. */
  readonly shareBytes: number
  /** How much longer a ciphertext is than its message. */
  readonly overheadBytes: number
  /** Names the key set, 32 bytes. */
  readonly keySet: Uint8Array
  /** Where the key set says that it came from. */
  readonly origin: KeyOrigin

  /** The members whose verification key this secret fits. */
  holdersOf(secretShare: Uint8Array): readonly number[]

  encrypt(message: Uint8Array, label: Uint8Array, rng: Rng): Uint8Array

  /** Whether this is a sound ciphertext under its label: one that every `threshold` members can open, to the same message. */
  isSound(sealed: Sealed): boolean

  /**
   * Our share in opening it; undefined if the ciphertext is not sound, as such a share might tell about another one.
   *
   * @throws RangeError if `secretShare` is no secret of a member.
   */
  share(sealed: Sealed, secretShare: Uint8Array): Uint8Array | undefined

  /** Whether `share` is what `member` must give. */
  verifyShare(sealed: Sealed, member: number, share: Uint8Array): boolean

  /**
   * The message, from exactly `threshold` shares of different members; no invalid share ever enters it.
   *
   * @throws RangeError unless there are exactly `threshold` shares of different members.
   */
  open(sealed: Sealed, shares: readonly ValueShare[]): Opening
}

/**
 * The cryptosystem of one key set.
 *
 * @throws RangeError if `keys` is not a key set in this group; `openKeySet` tells without throwing.
 */
export const thresholdEncryption = <Element>(
  options: ThresholdEncryptionOptions<Element>,
): ThresholdEncryption => new Tdh2(options)

/** A ciphertext, taken apart: c masks the message, u = g^r carries the mask. */
interface OpenedCiphertext<Element> {
  readonly masked: Uint8Array
  readonly carrier: Element
  readonly context: Uint8Array
}

class Tdh2<Element> implements ThresholdEncryption {
  readonly name: string
  readonly members: number
  readonly threshold: number
  readonly shareBytes: number
  readonly overheadBytes: number
  readonly keySet: Uint8Array
  readonly origin: KeyOrigin
  readonly #group: PrimeGroup<Element>
  readonly #sha256: Sha256
  readonly #exponent: SharedExponent<Element>
  readonly #secondGenerator: Element

  constructor(options: ThresholdEncryptionOptions<Element>) {
    const { group, sha256 } = options
    this.#group = group
    this.#sha256 = sha256
    this.#exponent = new SharedExponent(options)
    this.#secondGenerator = group.hashToGroup(SECOND_GENERATOR, new Uint8Array(0))
    this.name = `tdh2/${group.name}`
    this.members = this.#exponent.members
    this.threshold = this.#exponent.threshold
    this.shareBytes = this.#exponent.shareBytes
    this.overheadBytes = 2 * group.elementBytes + dleqProofBytes(group)
    this.keySet = this.#exponent.keySet
    this.origin = originOf(options.keys)
  }

  holdersOf(secretShare: Uint8Array): readonly number[] {
    return this.#exponent.holdersOf(secretShare)
  }

  // c = m ⊕ H(h^r), u = g^r, ū = ḡ^r, and a proof, over c and the label, that log_g(u) = log_ḡ(ū)
  encrypt(message: Uint8Array, label: Uint8Array, rng: Rng): Uint8Array {
    const group = this.#group
    const secret = randomNonZero(rng, group.order)
    const hidden = this.#masked(message, group.multiply(this.#exponent.publicKey, secret))
    const carrier = group.multiply(group.generator, secret)
    const other = group.multiply(this.#secondGenerator, secret)
    const proof = proveDleq(group, this.#statement(carrier, other, contextOf(hidden, label)), secret)
    return joined(group.encode(carrier), group.encode(other), proof, hidden)
  }

  isSound(sealed: Sealed): boolean {
    return this.#opened(sealed) !== undefined
  }

  // u_i = u^(x_i), only for a sound ciphertext
  share(sealed: Sealed, secretShare: Uint8Array): Uint8Array | undefined {
    const opened = this.#opened(sealed)
    return opened === undefined ? undefined : this.#exponent.share(taskOf(opened), secretShare)
  }

  verifyShare(sealed: Sealed, member: number, share: Uint8Array): boolean {
    const opened = this.#opened(sealed)
    return opened !== undefined && this.#exponent.verifyShare(taskOf(opened), member, share)
  }

  // m = c ⊕ H(∏ u_i^(λ_i)), as u^x = g^(rx) = h^r
  open(sealed: Sealed, shares: readonly ValueShare[]): Opening {
    const opened = this.#opened(sealed)
    if (opened === undefined) return { type: 'bad-ciphertext' }
    const combined = this.#exponent.combine(taskOf(opened), shares)
    if (combined.type === 'bad-shares') return combined
    return { type: 'message', message: this.#masked(opened.masked, combined.power) }
  }

  #opened({ ciphertext, label }: Sealed): OpenedCiphertext<Element> | undefined {
    const group = this.#group
    const { elementBytes } = group
    if (ciphertext.length < this.overheadBytes) return undefined
    const carrier = group.decode(ciphertext.subarray(0, elementBytes))
    const other = group.decode(ciphertext.subarray(elementBytes, 2 * elementBytes))
    const proof = decodeDleqProof(group, ciphertext.subarray(2 * elementBytes, this.overheadBytes))
    if (carrier === undefined || other === undefined || proof === undefined) return undefined
    const hidden = ciphertext.subarray(this.overheadBytes)
    const context = contextOf(hidden, label)
    const isProven = verifyDleq(group, { statement: this.#statement(carrier, other, context), proof })
    return isProven ? { masked: hidden, carrier, context } : undefined
  }

  #statement(image: Element, otherImage: Element, context: Uint8Array): DleqStatement<Element> {
    const base = this.#group.generator
    return { base, image, otherBase: this.#secondGenerator, otherImage, context }
  }

  /** Masks and unmasks: m ⊕ stream of H(h^r). A key is used once, as r is. */
  #masked(bytes: Uint8Array, shared: Element): Uint8Array {
    return masked(bytes, domainHash(this.#sha256, MASK, this.#group.encode(shared)), this.#sha256)
  }
}

const SECOND_GENERATOR = 'mc/tdh2/second-generator/v1'
const MASK = 'mc/tdh2/mask/v1'

const contextOf = (hidden: Uint8Array, label: Uint8Array): Uint8Array => framed('mc/tdh2/v1', hidden, label)

const taskOf = <Element>({ carrier, context }: OpenedCiphertext<Element>): PowerTask<Element> => ({
  base: carrier,
  context: framed('mc/tdh2/share/v1', context),
})
