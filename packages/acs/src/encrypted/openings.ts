import type { Sealed } from '@mc/crypto/threshold'
import { type Committee, type Effects, type PeerIndex, peer } from '@mc/protocol'
import { DecryptionShares } from './decryption-shares.js'
import type { EncryptionKey } from './encrypted-subset.js'

/** What an opening is for, and what it acts on. */
export interface OpeningsOptions {
  readonly committee: Committee
  readonly key: EncryptionKey
  readonly fault: Effects<never, never>['fault']
  /** Sends our shares to everybody. */
  readonly broadcast: (shares: readonly Uint8Array[]) => void
  /** Everything sound is open: the messages by place, undefined for what is not sound. */
  readonly onOpened: (messages: readonly (Uint8Array | undefined)[]) => void
  /** How the ciphertext at a place is called in a fault. */
  readonly named: (place: number) => string
}

/** A sound ciphertext, its place among all, and what is known of its content. */
interface Slot {
  readonly place: number
  readonly sealed: Sealed
  message: Uint8Array | undefined
}

/**
 * The opening of a list of ciphertexts that everybody knows: one list of shares from each member, and any `threshold` valid ones open.
 *
 * State: at most n lists of shares, and the ciphertexts, until all are open. A member whose share is not valid is named once, and
 * none of its shares counts any more.
 */
export class Openings {
  readonly #options: OpeningsOptions
  readonly #shares: DecryptionShares
  #count = 0
  /** What is sound; undefined before anybody may read it. */
  #slots: readonly Slot[] | undefined
  #done = false

  /** Nothing to open yet. */
  constructor(options: OpeningsOptions) {
    this.#options = options
    this.#shares = new DecryptionShares(options.committee.n)
  }

  /** From now on these may be read: gives our shares in what is sound, and returns the places of what is not. Once. */
  start(all: readonly Sealed[]): readonly number[] {
    const { key, committee, broadcast } = this.#options
    const shares: Uint8Array[] = []
    const slots: Slot[] = []
    const unsound: number[] = []
    for (const [place, sealed] of all.entries()) {
      const share = key.scheme.share(sealed, key.secretShare)
      if (share === undefined) unsound.push(place)
      else {
        shares.push(share)
        slots.push({ place, sealed, message: undefined })
      }
    }
    this.#count = all.length
    this.#slots = slots
    for (const member of committee.peers) this.#checkCount(member)
    // Everybody knows how many there are: where nothing is sound nobody waits for a word.
    if (shares.length > 0) broadcast(shares)
    this.#tryOpen()
    return unsound
  }

  /** Keeps the first list of shares of every member, also before we have started. */
  add(from: PeerIndex, shares: readonly Uint8Array[]): void {
    if (this.#done) return
    if (this.#shares.add(from, shares) === 'conflict') {
      this.#blame('acs/conflicting-shares', from, 'other shares than before')
    }
    if (this.#slots === undefined) return
    this.#checkCount(from)
    this.#tryOpen()
  }

  // `threshold` shares in a ciphertext: open it. Whose share is not valid is named, and none of its shares counts any more
  #tryOpen(): void {
    if (this.#slots === undefined || this.#done) return
    for (const [at, slot] of this.#slots.entries()) this.#openSlot(slot, at)
    if (this.#slots.every(({ message }) => message !== undefined)) this.#finish(this.#slots)
  }

  #openSlot(slot: Slot, at: number): void {
    const { scheme } = this.#options.key
    while (slot.message === undefined) {
      const shares = this.#shares.at(at, scheme.threshold)
      if (shares === undefined) return
      const opening = scheme.open(slot.sealed, shares)
      if (opening.type === 'message') slot.message = opening.message
      else if (opening.type === 'bad-shares')
        for (const member of opening.members) this.#refuse(peer(member), slot)
      else return
    }
  }

  #finish(slots: readonly Slot[]): void {
    const messages = new Array<Uint8Array | undefined>(this.#count).fill(undefined)
    for (const { place, message } of slots) messages[place] = message
    this.#done = true
    this.#shares.clear()
    this.#slots = []
    this.#options.onOpened(messages)
  }

  /** A correct member has a share in each ciphertext that is sound, and in nothing else. */
  #checkCount(member: PeerIndex): void {
    const count = this.#shares.countOf(member)
    const needed = this.#slots?.length
    if (count === undefined || count === needed) return
    this.#shares.refuse(member)
    this.#blame('acs/wrong-share-count', member, `${count} shares, of ${needed}`)
  }

  #refuse(member: PeerIndex, { place }: Slot): void {
    this.#shares.refuse(member)
    this.#blame('acs/bad-decryption-share', member, `not its share in ${this.#options.named(place)}`)
  }

  #blame(rule: string, culprit: PeerIndex, detail: string): void {
    this.#options.fault({ rule, peer: culprit, detail })
  }
}
