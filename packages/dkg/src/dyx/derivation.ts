/**
 * The last step: the key to its own generator, which nobody could foresee while the dealers were being chosen.
 *
 * Everybody knows g^(z_i) from the commitments, and shows h^(z_i) with a proof that its logarithm is the same. f + 1 of these are
 * a polynomial in the exponent: its value at 0 is the public key h^z, its values at the members are their keys.
 */
import { committedValue, keySetThrough } from '@mc/crypto/dkg'
import {
  type DleqClaim,
  decodeDleqProof,
  type KeySet,
  type PrimeGroup,
  proveDleq,
  verifyDleqs,
} from '@mc/crypto/threshold'
import { type Committee, fPlus1, type PeerIndex } from '@mc/protocol'
import type { DeriveMessage } from './messages.js'

/** What a derivation is made from. */
export interface DerivationOptions<Element> {
  readonly group: PrimeGroup<Element>
  readonly committee: Committee
  readonly session: Uint8Array
  /** What the dealings are committed to. */
  readonly base: Element
}

/** The derivation at one member; it keeps the first word of every peer, and no more. */
export class Derivation<Element> {
  readonly #options: DerivationOptions<Element>
  readonly #said: (DeriveMessage | 'refused' | undefined)[]
  #commitment: readonly Element[] | undefined

  constructor(options: DerivationOptions<Element>) {
    this.#options = options
    this.#said = options.committee.peers.map(() => undefined)
  }

  /** Keeps what a peer shows; false if it has shown something else before. */
  add(from: PeerIndex, message: DeriveMessage): boolean {
    const earlier = this.#said[from]
    if (earlier === undefined) {
      const { element, proof } = message
      this.#said[from] = { type: 'derive', element: Uint8Array.from(element), proof: Uint8Array.from(proof) }
    }
    return earlier === undefined || earlier === 'refused' || isSame(earlier.element, message.element)
  }

  /** The dealers are chosen: the sum of their commitments is what proofs are checked against. */
  choose(commitment: readonly Element[]): void {
    this.#commitment = commitment
  }

  // h^(z_i), with a proof that log_h of it is log_g of the committed value
  show(commitment: readonly Element[], share: bigint): DeriveMessage {
    const { group, committee, base } = this.#options
    const statement = {
      base,
      image: committedValue(group, commitment, committee.self),
      otherBase: group.generator,
      otherImage: group.multiply(group.generator, share),
      context: this.#options.session,
    }
    const proof = proveDleq(group, statement, share)
    return { type: 'derive', element: group.encode(statement.otherImage), proof }
  }

  /** The key set, from f + 1 members whose proofs hold; whose do not are refused and named. */
  tryDerive(onBad: (peer: PeerIndex) => void): KeySet | undefined {
    const { committee, group } = this.#options
    for (;;) {
      const chosen = this.#candidates()
      if (chosen === undefined) return undefined
      const claims = chosen.map(({ claim }) => claim)
      const bad = chosen.filter(({ claim }) => claim === undefined)
      if (bad.length === 0 && !verifyDleqs(group, claims as DleqClaim<Element>[])) {
        bad.push(...chosen.filter(({ claim }) => !verifyDleqs(group, [claim as DleqClaim<Element>])))
      }
      for (const { member } of bad) {
        this.#said[member] = 'refused'
        onBad(member)
      }
      if (bad.length > 0) continue
      const values = chosen.map(({ member, claim }) => ({
        member,
        element: (claim as DleqClaim<Element>).statement.otherImage,
      }))
      return keySetThrough(group, values, committee.n)
    }
  }

  /** What the first f + 1 peers that are not refused have shown; undefined as long as there are fewer. */
  #candidates() {
    const { committee } = this.#options
    const commitment = this.#commitment
    const members = committee.peers.filter(peer => typeof this.#said[peer] === 'object')
    if (commitment === undefined || members.length < fPlus1(committee)) return undefined
    return members
      .slice(0, fPlus1(committee))
      .map(member => ({ member, claim: this.#claimOf(commitment, member) }))
  }

  #claimOf(commitment: readonly Element[], member: PeerIndex): DleqClaim<Element> | undefined {
    const { group, base, session } = this.#options
    const { element, proof: bytes } = this.#said[member] as DeriveMessage
    const otherImage = group.decode(element)
    const proof = decodeDleqProof(group, bytes)
    if (otherImage === undefined || proof === undefined) return undefined
    const image = committedValue(group, commitment, member)
    return { statement: { base, image, otherBase: group.generator, otherImage, context: session }, proof }
  }
}

const isSame = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, at) => byte === right[at])
