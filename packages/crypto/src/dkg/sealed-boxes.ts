/**
 * Boxes that one member alone can open: public-key encryption for the shares of a key generation.
 *
 * Diffie–Hellman with one ephemeral key for all recipients of a statement, then a stream of SHA-256 as one-time pad and a tag
 * of SHA-256 over the ciphertext (DHIES). The keys of pad and tag are hashes of the shared element, the ephemeral key, the
 * recipient's key and the context. So a box that is copied into another context, or that was changed by one bit, does not open.
 *
 * No cipher of a library is needed: a box holds some hundred bytes, and its key serves once. The tag is the first half of a
 * hash of key and ciphertext behind their lengths, which no extension of the hash can prolong.
 *
 * A recipient can disclose what one box was sealed with, and prove it. That gives away nothing that whoever sealed it does not
 * know; but it opens every box under the same ephemeral key. So where boxes may be disclosed, who seals must prove that it
 * knows the ephemeral key's logarithm: else it could borrow the key of another, and have that one's boxes opened.
 *
 * @see Abdalla, Bellare, Rogaway: The Oracle Diffie–Hellman Assumptions and an Analysis of DHIES, CT-RSA 2001
 */
import { domainHash } from '../domain-hash.js'
import { equalSecret } from '../identifier.js'
import type { Rng } from '../rng.js'
import { seededRng } from '../seeded-rng.js'
import type { Sha256 } from '../sha256.js'
import {
  type DleqStatement,
  decodeDleqProof,
  dleqProofBytes,
  proveDleq,
  verifyDleq,
} from '../threshold/dleq.js'
import { framed, joined } from '../threshold/framing.js'
import { randomNonZero } from '../threshold/prime-field.js'
import type { PrimeGroup } from '../threshold/prime-group.js'

/** A key pair of one member. */
export interface BoxKeys {
  readonly publicKey: Uint8Array
  readonly secretKey: Uint8Array
}

/** What is sealed: one message per recipient, all under one ephemeral key. */
export interface SealOptions {
  readonly recipients: readonly Uint8Array[]
  readonly messages: readonly Uint8Array[]
  /** What the boxes are for; they open in their own context only. */
  readonly context: Uint8Array
  readonly rng: Rng
}

/** Boxes with the key that they were sealed under. */
export interface SealedFor {
  readonly ephemeral: Uint8Array
  readonly boxes: readonly Uint8Array[]
  /** Proves, in this context, that the ephemeral key is the sealer's own; needed where boxes may be disclosed. */
  provePossession(): Uint8Array
}

/** An ephemeral key, and what is offered as proof that whoever sealed knows its logarithm. */
export interface Possession {
  readonly ephemeral: Uint8Array
  readonly context: Uint8Array
  readonly proof: Uint8Array
}

/** One box as it came from somewhere. */
export interface BoxFor {
  readonly ephemeral: Uint8Array
  readonly box: Uint8Array
  readonly context: Uint8Array
}

/** A box, and what its recipient disclosed about it. */
export interface Disclosure extends BoxFor {
  readonly recipient: Uint8Array
  readonly disclosed: Uint8Array
}

/** What a disclosure shows: the message, that the box does not open, or nothing as the disclosure itself is false. */
export type Disclosed =
  | { readonly type: 'message'; readonly message: Uint8Array }
  | { readonly type: 'unopenable' }
  | { readonly type: 'false-disclosure' }

/** One way of sealing. Everything that takes foreign bytes is total. */
export interface SealedBoxes {
  readonly name: string
  readonly publicKeyBytes: number
  /** How much longer a box is than its message. */
  readonly overheadBytes: number
  /** Length of every disclosure. */
  readonly disclosureBytes: number
  /** Length of every proof of possession. */
  readonly possessionBytes: number

  generate(rng: Rng): BoxKeys

  isPublicKey(bytes: Uint8Array): boolean

  /** The public half. @throws RangeError if `secretKey` is none. */
  publicKeyOf(secretKey: Uint8Array): Uint8Array

  /** @throws RangeError if a recipient is no public key, or if recipients and messages are not equally many. */
  seal(options: SealOptions): SealedFor

  /** The message, or undefined if the box was not sealed for the owner of `secretKey` in this context. */
  open(box: BoxFor, secretKey: Uint8Array): Uint8Array | undefined

  /** Whether the ephemeral key is proven to be its sealer's own. */
  isPossessed(possession: Possession): boolean

  /**
   * What lets everybody open this one box, with a proof; only under an ephemeral key that is proven. Undefined if the ephemeral key is no key, which everybody can see.
   *
   * @throws RangeError if `secretKey` is none.
   */
  disclose(box: BoxFor, secretKey: Uint8Array): Uint8Array | undefined

  /** What a disclosure by `recipient` shows. */
  openDisclosed(disclosure: Disclosure): Disclosed
}

/** Boxes over a group; `ristretto255` unless there is a reason. */
export const sealedBoxes = <Element>(options: {
  readonly group: PrimeGroup<Element>
  readonly sha256: Sha256
}): SealedBoxes => new Boxes(options)

class Boxes<Element> implements SealedBoxes {
  readonly name: string
  readonly publicKeyBytes: number
  readonly overheadBytes = TAG_BYTES
  readonly disclosureBytes: number
  readonly possessionBytes: number
  readonly #group: PrimeGroup<Element>
  readonly #sha256: Sha256

  constructor({ group, sha256 }: { readonly group: PrimeGroup<Element>; readonly sha256: Sha256 }) {
    this.#group = group
    this.#sha256 = sha256
    this.name = `dhies/${group.name}`
    this.publicKeyBytes = group.elementBytes
    this.disclosureBytes = group.elementBytes + dleqProofBytes(group)
    this.possessionBytes = dleqProofBytes(group)
  }

  generate(rng: Rng): BoxKeys {
    const secretKey = this.#group.encodeScalar(randomNonZero(rng, this.#group.order))
    return { publicKey: this.publicKeyOf(secretKey), secretKey }
  }

  isPublicKey(bytes: Uint8Array): boolean {
    return this.#group.decode(bytes) !== undefined
  }

  publicKeyOf(secretKey: Uint8Array): Uint8Array {
    return this.#group.encode(this.#group.multiply(this.#group.generator, this.#secretOf(secretKey)))
  }

  seal({ recipients, messages, context, rng }: SealOptions): SealedFor {
    if (recipients.length !== messages.length) {
      throw new RangeError(`boxes: ${recipients.length} recipients and ${messages.length} messages`)
    }
    const group = this.#group
    const secret = randomNonZero(rng, group.order)
    const image = group.multiply(group.generator, secret)
    const ephemeral = group.encode(image)
    const boxes = recipients.map((recipient, at) => {
      const key = group.decode(recipient)
      if (key === undefined) throw new RangeError(`boxes: recipient ${at} is no public key`)
      const shared = group.encode(group.multiply(key, secret))
      return this.#sealed(messages[at] as Uint8Array, joined(shared, ephemeral, recipient), context)
    })
    return { ephemeral, boxes, provePossession: () => this.#provePossession(image, secret, context) }
  }

  isPossessed({ ephemeral, context, proof: bytes }: Possession): boolean {
    const image = this.#group.decode(ephemeral)
    const proof = decodeDleqProof(this.#group, bytes)
    if (image === undefined || proof === undefined) return false
    return verifyDleq(this.#group, { statement: this.#possession(image, context), proof })
  }

  open(box: BoxFor, secretKey: Uint8Array): Uint8Array | undefined {
    const secret = this.#secretOf(secretKey)
    const ephemeral = this.#group.decode(box.ephemeral)
    if (ephemeral === undefined) return undefined
    const shared = this.#group.encode(this.#group.multiply(ephemeral, secret))
    return this.#opened(box, shared, this.publicKeyOf(secretKey))
  }

  // the shared element, with a proof that log_g(recipient) = log_ephemeral(shared)
  disclose(box: BoxFor, secretKey: Uint8Array): Uint8Array | undefined {
    const group = this.#group
    const secret = this.#secretOf(secretKey)
    const ephemeral = group.decode(box.ephemeral)
    if (ephemeral === undefined) return undefined
    const shared = group.multiply(ephemeral, secret)
    const image = group.multiply(group.generator, secret)
    return joined(
      group.encode(shared),
      proveDleq(group, this.#statement(image, ephemeral, shared, box), secret),
    )
  }

  openDisclosed({ recipient, disclosed, ...box }: Disclosure): Disclosed {
    const group = this.#group
    if (disclosed.length !== this.disclosureBytes) return FALSE_DISCLOSURE
    const [image, ephemeral] = [group.decode(recipient), group.decode(box.ephemeral)]
    const shared = group.decode(disclosed.subarray(0, group.elementBytes))
    const proof = decodeDleqProof(group, disclosed.subarray(group.elementBytes))
    if (image === undefined || ephemeral === undefined || shared === undefined || proof === undefined) {
      return FALSE_DISCLOSURE
    }
    const isProven = verifyDleq(group, { statement: this.#statement(image, ephemeral, shared, box), proof })
    if (!isProven) return FALSE_DISCLOSURE
    const message = this.#opened(box, group.encode(shared), recipient)
    return message === undefined ? { type: 'unopenable' } : { type: 'message', message }
  }

  #statement(
    image: Element,
    otherBase: Element,
    otherImage: Element,
    { context }: BoxFor,
  ): DleqStatement<Element> {
    return { base: this.#group.generator, image, otherBase, otherImage, context }
  }

  #provePossession(image: Element, secret: bigint, context: Uint8Array): Uint8Array {
    return proveDleq(this.#group, this.#possession(image, context), secret)
  }

  /** Schnorr's proof of knowledge: equality of a logarithm with itself. */
  #possession(image: Element, context: Uint8Array): DleqStatement<Element> {
    const base = this.#group.generator
    return { base, image, otherBase: base, otherImage: image, context: framed(POSSESSION, context) }
  }

  #sealed(message: Uint8Array, keyMaterial: Uint8Array, context: Uint8Array): Uint8Array {
    const ciphertext = this.#padded(message, keyMaterial, context)
    return joined(ciphertext, this.#tag(ciphertext, keyMaterial, context))
  }

  #opened(
    { ephemeral, box, context }: BoxFor,
    shared: Uint8Array,
    recipient: Uint8Array,
  ): Uint8Array | undefined {
    if (box.length < TAG_BYTES) return undefined
    const keyMaterial = joined(shared, ephemeral, recipient)
    const ciphertext = box.subarray(0, box.length - TAG_BYTES)
    const tag = this.#tag(ciphertext, keyMaterial, context)
    if (!equalSecret(tag, box.subarray(ciphertext.length))) return undefined
    return this.#padded(ciphertext, keyMaterial, context)
  }

  #padded(bytes: Uint8Array, keyMaterial: Uint8Array, context: Uint8Array): Uint8Array {
    const key = domainHash(this.#sha256, PAD, keyMaterial, context)
    const pad = seededRng(key, this.#sha256).bytes(bytes.length)
    return pad.map((byte, at) => byte ^ (bytes[at] as number))
  }

  #tag(ciphertext: Uint8Array, keyMaterial: Uint8Array, context: Uint8Array): Uint8Array {
    const key = domainHash(this.#sha256, TAG_KEY, keyMaterial, context)
    return domainHash(this.#sha256, TAG, key, ciphertext).slice(0, TAG_BYTES)
  }

  #secretOf(secretKey: Uint8Array): bigint {
    const secret = this.#group.decodeScalar(secretKey)
    if (secret === undefined || secret === 0n) throw new RangeError('boxes: this is no secret key')
    return secret
  }
}

const FALSE_DISCLOSURE: Disclosed = { type: 'false-disclosure' }
const POSSESSION = 'mc/box/possession/v1'
const PAD = 'mc/box/pad/v1'
const TAG_KEY = 'mc/box/tag-key/v1'
const TAG = 'mc/box/tag/v1'
const TAG_BYTES = 16
