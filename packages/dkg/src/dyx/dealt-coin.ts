/**
 * The coin of one agreement, from the very dealings that the agreement is about.
 *
 * Agreement j asks whether the key set T_j is in. Its coin is that of Cachin, Kursawe and Shoup under the sum of the dealings in
 * T_j, of which one is correct. So it needs no key that is there before; and it is there when it is needed: a coin is flipped
 * only where opinions differ, then a correct member has all dealings of T_j, and so will everybody.
 */
import { type CoinInput, type CoinParams, type CoinShareMessage, type CommonCoin, cksCoin } from '@mc/coin'
import { dleqProofBytes, type PrimeGroup, type ThresholdFunction } from '@mc/crypto/threshold'
import type { Bit, Effects, PeerIndex, Protocol } from '@mc/protocol'
import { fixedBytes, struct } from '@mc/protocol/wire'

/** Our hold on a key that only a few dealings made. */
export interface DealtCoinKey {
  readonly scheme: ThresholdFunction
  readonly secretShare: Uint8Array
}

/** A coin whose key comes later. */
export interface DealtCoin {
  readonly coin: CommonCoin<CoinShareMessage>
  /** The key is there; it is made when the first flip needs it. Later calls change nothing. */
  provide(make: () => DealtCoinKey): void
}

/** What kind of coin an agreement will get, before there is any: for its wire format and its description. */
export function dealtCoin<Element>(group: PrimeGroup<Element>): DealtCoin {
  const shareBytes = group.elementBytes + dleqProofBytes(group)
  const flips: DealtFlip[] = []
  let make: (() => DealtCoinKey) | undefined
  let made: CommonCoin<CoinShareMessage> | undefined
  const ready = (): CommonCoin<CoinShareMessage> | undefined => {
    if (made === undefined && make !== undefined) made = cksCoin(make())
    return made
  }
  return {
    coin: {
      role: 'coin',
      name: 'coin/dealt',
      wireVersion: 1,
      parameters: { group: group.name },
      parts: {},
      common: true,
      codec: () => struct({ share: fixedBytes(shareBytes) }),
      create(params, effects) {
        const flip = new DealtFlip(params, effects, ready)
        flips.push(flip)
        return flip
      },
    },
    provide(maker) {
      make ??= maker
      for (const flip of flips) flip.tryStart()
    },
  }
}

/** One flip: keeps what arrives, one share per peer, until it was asked for and the key is there. */
class DealtFlip implements Protocol<CoinInput, CoinShareMessage> {
  readonly #params: CoinParams
  readonly #effects: Effects<CoinShareMessage, Bit>
  readonly #ready: () => CommonCoin<CoinShareMessage> | undefined
  readonly #early = new Map<PeerIndex, CoinShareMessage>()
  #asked = false
  #flip: Protocol<CoinInput, CoinShareMessage> | undefined

  constructor(
    params: CoinParams,
    effects: Effects<CoinShareMessage, Bit>,
    ready: () => CommonCoin<CoinShareMessage> | undefined,
  ) {
    this.#params = params
    this.#effects = effects
    this.#ready = ready
  }

  handleInput(_flip: CoinInput): void {
    if (this.#asked) throw new RangeError('coin: flipped already; every instance and round has its own coin')
    this.#asked = true
    this.tryStart()
  }

  handleMessage(from: PeerIndex, message: CoinShareMessage): void {
    if (this.#flip !== undefined) this.#flip.handleMessage(from, message)
    // A copy: what was decoded is a view into somebody's frame.
    else if (!this.#early.has(from)) this.#early.set(from, { share: Uint8Array.from(message.share) })
  }

  /** Flips, if that was asked for and the key is there. */
  tryStart(): void {
    if (!this.#asked || this.#flip !== undefined) return
    const coin = this.#ready()
    if (coin === undefined) return
    const flip = coin.create(this.#params, this.#effects)
    this.#flip = flip
    flip.handleInput('flip')
    for (const [from, message] of this.#early) flip.handleMessage(from, message)
    this.#early.clear()
  }
}
