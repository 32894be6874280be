/**
 * What everybody sees of a key generation over a log: who dealt, whose dealings are complete, which key that makes.
 *
 * A function of the log alone, the same for members and for those who have no share.
 */
import { domainHash, equalBytes, type Sha256 } from '@mc/crypto'
import { decodeElements, keySetOf, rowOf, type SealedBoxes } from '@mc/crypto/dkg'
import type { KeySet, PrimeGroup } from '@mc/crypto/threshold'
import { type Committee, fPlus1, nMinusF, type PeerIndex, PeerSet, twoFPlus1 } from '@mc/protocol'
import { type Codec, DecodeError, Writer } from '@mc/protocol/wire'
import { sumOfCommitments } from '../scalars.js'
import { SESSION_BYTES } from '../session.js'
import {
  type AcknowledgementOperation,
  type DealingOperation,
  type KeyOperation,
  type OperationSizes,
  operationCodec,
  operationSizes,
} from './operations.js'

/** How many complete dealings make a key. More of them: one more weak generator of randomness does no harm. */
export type DealingsNeeded = 'f + 1' | 'n − f'

/** What a transcript is read with. */
export interface TranscriptOptions<Element> {
  readonly group: PrimeGroup<Element>
  readonly sha256: Sha256
  readonly boxes: SealedBoxes
  readonly dealings: DealingsNeeded
  readonly committee: Pick<Committee, 'n' | 'f'>
  /** Names the key generation: `sessionOf`. */
  readonly session: Uint8Array
}

/** A dealing as the log holds it. */
export interface PublicDealing<Element> {
  readonly dealer: PeerIndex
  /** Commitments to the polynomial, packed. */
  readonly commitment: readonly Element[]
  /** Names the operation that it came in. */
  readonly digest: Uint8Array
  /** Who says that its row is good. */
  readonly acknowledgers: PeerSet
}

/** Which rule an operation breaks. */
export interface BrokenRule {
  readonly rule: `dkg/${string}`
  readonly detail: string
}

/** The transcript of one key generation. */
export class Transcript<Element> {
  readonly sizes: OperationSizes
  readonly #options: TranscriptOptions<Element>
  readonly #codec: Codec<KeyOperation>
  /** By dealer; a dealing that nobody can use takes its dealer's place all the same. */
  readonly #places: (PublicDealing<Element> | 'unusable' | undefined)[]
  /** In the order in which they became complete. */
  readonly #complete: PublicDealing<Element>[] = []
  #keys: KeySet | undefined

  constructor(options: TranscriptOptions<Element>) {
    const { committee, group, boxes } = options
    this.#options = options
    this.sizes = operationSizes(committee, group, boxes)
    this.#codec = operationCodec(this.sizes)
    this.#places = new Array(committee.n).fill(undefined)
  }

  /** The key, once enough dealings are complete; nothing that the log says later changes it. */
  get keys(): KeySet | undefined {
    return this.#keys
  }

  /** The dealings that the key is made of, or that are complete so far. */
  get complete(): readonly PublicDealing<Element>[] {
    return this.#complete
  }

  /** The dealing of a member, if it can be used. */
  dealingOf(dealer: PeerIndex): PublicDealing<Element> | undefined {
    const place = this.#places[dealer]
    return place === 'unusable' ? undefined : place
  }

  /** Whether a member has dealt, be it a dealing that nobody can use. */
  hasDealt(dealer: PeerIndex): boolean {
    return this.#places[dealer] !== undefined
  }

  encode(operation: KeyOperation): Uint8Array {
    const writer = new Writer(this.sizes.operationBytesMax)
    writer.raw(this.#options.session)
    this.#codec.write(writer, operation)
    return writer.finish()
  }

  /** The operation in these bytes, or the rule that they break. Total. */
  decode(bytes: Uint8Array): KeyOperation | BrokenRule {
    if (!equalBytes(bytes.subarray(0, SESSION_BYTES), this.#options.session)) {
      return { rule: 'dkg/other-session', detail: `${bytes.length} bytes of another key generation` }
    }
    try {
      return this.#codec.decode(bytes.subarray(SESSION_BYTES))
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      return { rule: 'dkg/undecodable-operation', detail: error.message }
    }
  }

  /** Takes a dealer's first dealing; nothing if it is the same again. */
  deal(
    dealer: PeerIndex,
    { commitment: committed }: DealingOperation,
    bytes: Uint8Array,
  ): PublicDealing<Element> | BrokenRule | undefined {
    const { group, sha256, committee } = this.#options
    const digest = domainHash(sha256, 'mc/dkg/dealing/v1', bytes)
    const earlier = this.#places[dealer]
    if (earlier !== undefined) {
      if (earlier !== 'unusable' && equalBytes(earlier.digest, digest)) return undefined
      return { rule: 'dkg/second-dealing', detail: 'another dealing than its first, which stands' }
    }
    const commitment = decodeElements(group, committed, committed.length / group.elementBytes)
    if (commitment === undefined) {
      this.#places[dealer] = 'unusable'
      return {
        rule: 'dkg/invalid-commitment',
        detail: 'not all of its commitments are elements of the group',
      }
    }
    const dealing = { dealer, commitment, digest, acknowledgers: new PeerSet(committee.n) }
    this.#places[dealer] = dealing
    return dealing
  }

  /** The dealings that an acknowledgement is about, or the rule that it breaks. */
  acknowledged({
    dealers,
  }: Pick<AcknowledgementOperation, 'dealers'>): readonly PublicDealing<Element>[] | BrokenRule {
    const dealings = dealers.map(dealer => this.dealingOf(dealer))
    if (!dealings.every(dealing => dealing !== undefined)) {
      return { rule: 'dkg/unknown-dealing', detail: 'acknowledges a dealing that the log does not hold' }
    }
    return dealings
  }

  // upon 2f + 1 acknowledgements of a dealing: it is complete
  acknowledge(from: PeerIndex, dealings: readonly PublicDealing<Element>[]): void {
    for (const dealing of dealings) {
      dealing.acknowledgers.add(from)
      const isEnough = dealing.acknowledgers.size >= twoFPlus1(this.#options.committee)
      if (!isEnough || this.#keys !== undefined || this.#complete.includes(dealing)) continue
      this.#complete.push(dealing)
      this.#tryClose()
    }
  }

  // enough dealings are complete: these are the key
  #tryClose(): void {
    const { dealings, committee, group } = this.#options
    const needed = dealings === 'f + 1' ? fPlus1(committee) : nMinusF(committee)
    if (this.#complete.length < needed) return
    const commitments = this.#complete.map(({ commitment }) => rowOf(commitment, fPlus1(committee)))
    // A sum whose keys include the identity is no key; nobody will ever see one, and the next dealing would mend it.
    this.#keys = keySetOf(group, sumOfCommitments(group, commitments), committee.n)
  }
}
