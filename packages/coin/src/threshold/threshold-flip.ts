/**
 * One flip of a coin that is made from shares.
 *
 * 1. Asked to flip, broadcast our share of the value at the domain.
 * 2. Keep the first share of every peer, also before the flip.
 * 3. Flipped, and with `threshold` shares: combine them. Every share counts only once it is known to be valid; whose is not is
 *    reported and left out, and the next one takes its place. Output what the value says, once.
 */
import type { ThresholdFunction } from '@mc/crypto/threshold'
import { type Effects, invariant, type PeerIndex, type Protocol, peer } from '@mc/protocol'
import type { CoinInput } from '../coin.js'
import type { CoinShareMessage } from './messages.js'
import { ShareRecord } from './share-record.js'

/** What one flip is made from. */
export interface ThresholdFlipOptions<Output> {
  readonly scheme: ThresholdFunction
  readonly secretShare: Uint8Array
  /** What the value is drawn for. */
  readonly input: Uint8Array
  readonly outcome: (value: Uint8Array) => Output
}

/** The protocol of one flip. */
export class ThresholdFlip<Output> implements Protocol<CoinInput, CoinShareMessage> {
  readonly #options: ThresholdFlipOptions<Output>
  readonly #effects: Effects<CoinShareMessage, Output>
  readonly #shares: ShareRecord
  #flipped = false
  #done = false

  constructor(options: ThresholdFlipOptions<Output>, effects: Effects<CoinShareMessage, Output>) {
    this.#options = options
    this.#effects = effects
    this.#shares = new ShareRecord(options.scheme.members)
  }

  // upon flip: multicast our share of the value. It leaves only now: f + 1 shares that leave early would tell the coin early
  handleInput(_flip: CoinInput): void {
    if (this.#flipped) {
      throw new RangeError('coin: flipped already; every instance and round has its own coin')
    }
    const { scheme, input, secretShare } = this.#options
    this.#flipped = true
    this.#effects.broadcast({ share: scheme.share(input, secretShare) })
    this.#tryCombine()
  }

  // upon receiving a share: keep it if it is the first of this peer
  handleMessage(from: PeerIndex, { share }: CoinShareMessage): void {
    if (this.#done) return
    if (this.#shares.add(from, share) === 'conflict') {
      this.#effects.fault({ rule: 'coin/conflicting-share', peer: from, detail: 'another share than before' })
    }
    this.#tryCombine()
  }

  // upon `threshold` valid shares, if flipped: combine them and output what their value says
  #tryCombine(): void {
    while (this.#flipped && !this.#done) {
      const { scheme, input, outcome } = this.#options
      const shares = this.#shares.first(scheme.threshold)
      if (shares === undefined) return
      const combination = scheme.combine(input, shares)
      if (combination.type === 'value') {
        this.#done = true
        this.#shares.clear()
        this.#effects.output(outcome(combination.value))
        return
      }
      // Each turn refuses a peer or ends, and nobody's share is verified twice.
      invariant(combination.members.length > 0, 'whoever does not combine names a bad share')
      for (const share of shares) this.#shares.verified(share)
      for (const member of combination.members) this.#refuse(peer(member))
    }
  }

  #refuse(member: PeerIndex): void {
    this.#shares.refuse(member)
    this.#effects.fault({ rule: 'coin/bad-share', peer: member, detail: 'a share that its key did not make' })
  }
}
