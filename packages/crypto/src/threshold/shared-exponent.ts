/**
 * One exponent, shared among n members, who raise any element to it together: the heart of the threshold PRF and of threshold
 * encryption.
 */
import type { Sha256 } from '../sha256.js'
import { type DleqClaim, decodeDleqProof, dleqProofBytes, proveDleq, verifyDleqs } from './dleq.js'
import { joined } from './framing.js'
import { type KeySet, keySetDigest, type OpenedKeySet, openKeySet } from './key-set.js'
import type { PrimeGroup } from './prime-group.js'
import { lagrangeAtZero } from './shamir.js'
import { isMember, requireShares, type ValueShare } from './threshold-function.js'

/** What `SharedExponent` is made from. */
export interface SharedExponentOptions<Element> {
  readonly group: PrimeGroup<Element>
  readonly sha256: Sha256
  readonly keys: KeySet
}

/** What shares of a power came to. */
export type PowerCombination<Element> =
  | { readonly type: 'power'; readonly power: Element }
  | { readonly type: 'bad-shares'; readonly members: readonly number[] }

/** An element that is to be raised, and what for: a share holds in its own context only. */
export interface PowerTask<Element> {
  readonly base: Element
  readonly context: Uint8Array
}

/** The shared exponent of one key set. */
export class SharedExponent<Element> {
  readonly members: number
  readonly threshold: number
  readonly shareBytes: number
  readonly keySet: Uint8Array
  readonly publicKey: Element
  readonly #group: PrimeGroup<Element>
  readonly #keys: OpenedKeySet<Element>

  /** @throws RangeError if `keys` is not a key set in this group. */
  constructor({ group, sha256, keys }: SharedExponentOptions<Element>) {
    const opened = openKeySet(group, keys)
    if (opened === undefined) throw new RangeError('threshold: these keys are no key set of the group')
    this.#group = group
    this.#keys = opened
    this.publicKey = opened.publicKey
    this.members = opened.verificationKeys.length
    this.threshold = opened.threshold
    this.shareBytes = group.elementBytes + dleqProofBytes(group)
    this.keySet = keySetDigest(sha256, keys)
  }

  /** The members whose verification key this secret fits. */
  holdersOf(secretShare: Uint8Array): readonly number[] {
    const secret = this.#group.decodeScalar(secretShare)
    if (secret === undefined || secret === 0n) return []
    const key = this.#group.multiply(this.#group.generator, secret)
    return this.#keys.verificationKeys.flatMap((other, member) =>
      this.#group.equals(other, key) ? [member] : [],
    )
  }

  // σ_i = h^(x_i), with a proof that log_h(σ_i) = log_g(vk_i)
  share({ base, context }: PowerTask<Element>, secretShare: Uint8Array): Uint8Array {
    const group = this.#group
    const secret = group.decodeScalar(secretShare)
    if (secret === undefined || secret === 0n)
      throw new RangeError('threshold: this is no secret of a member')
    const otherImage = group.multiply(base, secret)
    const image = group.multiply(group.generator, secret)
    const statement = { base: group.generator, image, otherBase: base, otherImage, context }
    return joined(group.encode(otherImage), proveDleq(group, statement, secret))
  }

  /** Whether `share` is what `member` must give. Total. */
  verifyShare(task: PowerTask<Element>, member: number, share: Uint8Array): boolean {
    if (!isMember(member, this.members)) return false
    const claim = this.#claimOf(task, member, share)
    return claim !== undefined && verifyDleqs(this.#group, [claim])
  }

  // all proofs at once; only if that fails one by one, to learn who lied. σ = ∏ σ_i^(λ_i)
  combine(task: PowerTask<Element>, shares: readonly ValueShare[]): PowerCombination<Element> {
    requireShares(this, shares)
    const claims = shares.map(({ member, share }) => this.#claimOf(task, member, share))
    const bad = this.#badOf(shares, claims)
    if (bad.length > 0) return { type: 'bad-shares', members: bad }
    const weights = lagrangeAtZero(
      shares.map(({ member }) => member),
      this.#group.order,
    )
    const images = (claims as readonly DleqClaim<Element>[]).map(({ statement }) => statement.otherImage)
    return { type: 'power', power: this.#group.combine(images, weights) }
  }

  #badOf(
    shares: readonly ValueShare[],
    claims: readonly (DleqClaim<Element> | undefined)[],
  ): readonly number[] {
    const unverified = claims.filter(
      (claim, at): claim is DleqClaim<Element> => claim !== undefined && shares[at]?.verified === false,
    )
    const bad = new Set(
      verifyDleqs(this.#group, unverified)
        ? []
        : unverified.filter(claim => !verifyDleqs(this.#group, [claim])),
    )
    return shares.flatMap(({ member }, at) => {
      const claim = claims[at]
      return claim === undefined || bad.has(claim) ? [member] : []
    })
  }

  #claimOf(
    { base, context }: PowerTask<Element>,
    member: number,
    bytes: Uint8Array,
  ): DleqClaim<Element> | undefined {
    const group = this.#group
    if (bytes.length !== this.shareBytes) return undefined
    const otherImage = group.decode(bytes.subarray(0, group.elementBytes))
    const proof = decodeDleqProof(group, bytes.subarray(group.elementBytes))
    if (otherImage === undefined || proof === undefined) return undefined
    const image = this.#keys.verificationKeys[member] as Element
    return { statement: { base: group.generator, image, otherBase: base, otherImage, context }, proof }
  }
}
