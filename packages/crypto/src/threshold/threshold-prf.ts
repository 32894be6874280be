/**
 * The threshold pseudorandom function of Cachin, Kursawe and Shoup: a coin from Diffie–Hellman, without pairings.
 *
 * Value of an input C: H(C, h^x) with h = hashToGroup(C) and the shared key x. Member i gives h^(x_i) and proves that its
 * exponent is that of its verification key g^(x_i).
 *
 * Guarantees in the random oracle model: unpredictable without `threshold` shares under the computational Diffie–Hellman
 * assumption, pseudorandom under the decisional one, against adversaries that choose whom to corrupt beforehand (static).
 * Not safe against quantum computers; the value cannot be verified as one object by an outsider.
 *
 * @see Cachin, Kursawe, Shoup: Random Oracles in Constantinople, PODC 2000, section 4.3
 */
import { domainHash } from '../domain-hash.js'
import type { Sha256 } from '../sha256.js'
import { type DleqClaim, decodeDleqProof, dleqProofBytes, proveDleq, verifyDleqs } from './dleq.js'
import { type KeySet, keySetDigest, type OpenedKeySet, openKeySet } from './key-set.js'
import type { PrimeGroup } from './prime-group.js'
import { lagrangeAtZero } from './shamir.js'
import {
  type Combination,
  isMember,
  requireShares,
  type ThresholdFunction,
  type ValueShare,
} from './threshold-function.js'

/** What `thresholdPrf` is made from. */
export interface ThresholdPrfOptions<Element> {
  readonly group: PrimeGroup<Element>
  readonly sha256: Sha256
  readonly keys: KeySet
}

/**
 * The threshold PRF of one key set.
 *
 * @throws RangeError if `keys` is not a key set in this group; `openKeySet` tells without throwing.
 */
export function thresholdPrf<Element>(options: ThresholdPrfOptions<Element>): ThresholdFunction {
  const opened = openKeySet(options.group, options.keys)
  if (opened === undefined) throw new RangeError('threshold prf: these keys are no key set of the group')
  return new ThresholdPrf(options, opened)
}

class ThresholdPrf<Element> implements ThresholdFunction {
  readonly name: string
  readonly members: number
  readonly threshold: number
  readonly shareBytes: number
  readonly keySet: Uint8Array
  readonly #group: PrimeGroup<Element>
  readonly #sha256: Sha256
  readonly #keys: OpenedKeySet<Element>

  constructor({ group, sha256, keys }: ThresholdPrfOptions<Element>, opened: OpenedKeySet<Element>) {
    this.#group = group
    this.#sha256 = sha256
    this.#keys = opened
    this.name = `cks/${group.name}`
    this.members = opened.verificationKeys.length
    this.threshold = opened.threshold
    this.shareBytes = group.elementBytes + dleqProofBytes(group)
    this.keySet = keySetDigest(sha256, keys)
  }

  holdersOf(secretShare: Uint8Array): readonly number[] {
    const secret = this.#group.decodeScalar(secretShare)
    if (secret === undefined || secret === 0n) return []
    const key = this.#group.multiply(this.#group.generator, secret)
    return this.#keys.verificationKeys.flatMap((other, member) =>
      this.#group.equals(other, key) ? [member] : [],
    )
  }

  // σ_i = h^(x_i), with a proof that log_h(σ_i) = log_g(vk_i)
  share(input: Uint8Array, secretShare: Uint8Array): Uint8Array {
    const group = this.#group
    const secret = group.decodeScalar(secretShare)
    if (secret === undefined || secret === 0n) throw new RangeError('threshold prf: no secret of a member')
    const base = this.#baseOf(input)
    const share = group.multiply(base, secret)
    const image = group.multiply(group.generator, secret)
    const statement = { base: group.generator, image, otherBase: base, otherImage: share, context: input }
    return Uint8Array.from([...group.encode(share), ...proveDleq(group, statement, secret)])
  }

  verifyShare(input: Uint8Array, member: number, share: Uint8Array): boolean {
    if (!isMember(member, this.members)) return false
    const claim = this.#claimOf(input, this.#baseOf(input), member, share)
    return claim !== undefined && verifyDleqs(this.#group, [claim])
  }

  // all proofs at once; only if that fails one by one, to learn who lied. σ = ∏ σ_i^(λ_i)
  combine(input: Uint8Array, shares: readonly ValueShare[]): Combination {
    requireShares(this, shares)
    const base = this.#baseOf(input)
    const claims = shares.map(({ member, share }) => this.#claimOf(input, base, member, share))
    const bad = this.#badOf(shares, claims)
    if (bad.length > 0) return { type: 'bad-shares', members: bad }
    const sound = claims as DleqClaim<Element>[]
    const weights = lagrangeAtZero(
      shares.map(({ member }) => member),
      this.#group.order,
    )
    const sigma = this.#group.combine(
      sound.map(({ statement }) => statement.otherImage),
      weights,
    )
    return { type: 'value', value: domainHash(this.#sha256, VALUE, input, this.#group.encode(sigma)) }
  }

  #badOf(
    shares: readonly ValueShare[],
    claims: readonly (DleqClaim<Element> | undefined)[],
  ): readonly number[] {
    const unverified = shares.flatMap(({ member, verified }, at) =>
      verified && claims[at] !== undefined ? [] : [{ member, claim: claims[at] }],
    )
    const decoded = unverified.flatMap(({ claim }) => (claim === undefined ? [] : [claim]))
    const isSound =
      decoded.length < 2 || !verifyDleqs(this.#group, decoded)
        ? (claim: DleqClaim<Element>) => verifyDleqs(this.#group, [claim])
        : () => true
    return unverified
      .filter(({ claim }) => claim === undefined || !isSound(claim))
      .map(({ member }) => member)
  }

  #baseOf(input: Uint8Array): Element {
    return this.#group.hashToGroup(BASE, input)
  }

  #claimOf(
    input: Uint8Array,
    base: Element,
    member: number,
    bytes: Uint8Array,
  ): DleqClaim<Element> | undefined {
    const group = this.#group
    if (bytes.length !== this.shareBytes) return undefined
    const share = group.decode(bytes.subarray(0, group.elementBytes))
    const proof = decodeDleqProof(group, bytes.subarray(group.elementBytes))
    if (share === undefined || proof === undefined) return undefined
    const image = this.#keys.verificationKeys[member] as Element
    const statement = { base: group.generator, image, otherBase: base, otherImage: share, context: input }
    return { statement, proof }
  }
}

const BASE = 'mc/threshold-prf/base/v1'
const VALUE = 'mc/threshold-prf/value/v1'
