/**
 * The laws of coins that are made from shares: each member broadcasts one message per flip, and enough of them are the coin.
 */
import { type Bit, type Driven, drive, type Fault, faultsTolerated, peer, type Step } from '@mc/protocol'
import { garbler, replayer, seededRandom } from '@mc/sim'
import type { Coin, CoinInput } from '../coin.js'
import { type CoinLaw, coinsOf, flip, type MakeCoin, N, params, require, tryDecode } from './laws.js'

const F = faultsTolerated(N)

/** The committee of one check: coins of all members, and what each broadcasts in an instance. */
class Sharers {
  readonly coins: readonly Coin<unknown>[]

  constructor(make: MakeCoin) {
    this.coins = coinsOf(make)
  }

  member(index: number, instance: number): Driven<CoinInput, unknown, Bit> {
    return drive(this.coins[index] as Coin<unknown>, params(index, instance))
  }

  /** The share of a member, encoded. */
  share(index: number, instance: number): Uint8Array {
    const { messages } = this.member(index, instance).input('flip')
    require(messages.length === 1, `a flip sends ${messages.length} messages instead of its share`)
    require(messages[0]?.to === 'all', 'a share is broadcast, so that an agreement can repeat it')
    return this.#codec().encode(messages[0]?.message)
  }

  give(to: Driven<CoinInput, unknown, Bit>, from: number, share: Uint8Array): Step<unknown, Bit> {
    return to.message(peer(from), this.#codec().decode(share))
  }

  decodes(bytes: Uint8Array): boolean {
    return tryDecode(this.#codec(), bytes) !== undefined
  }

  /** The bit of an instance, from the shares of these members, in this order, seen by member 0. */
  bitFrom(members: readonly number[], instance: number): Bit | undefined {
    const driven = this.member(0, instance)
    const outputs = [...driven.input('flip').outputs]
    for (const from of members) outputs.push(...this.give(driven, from, this.share(from, instance)).outputs)
    require(outputs.length <= 1, 'a coin came out twice')
    return outputs[0]
  }

  #codec() {
    return (this.coins[0] as Coin<unknown>).codec({ n: N })
  }
}

/** What a coin that is made from shares must obey, beyond `coinLaws`. */
export const shareLaws: readonly CoinLaw[] = [
  {
    statement:
      'a share leaves only on the flip; shares that came before it are kept, and none is needed twice',
    check: make => {
      const sharers = new Sharers(make)
      const driven = sharers.member(0, 0)
      for (const from of [1, 2, 3]) {
        const { messages, outputs, faults } = sharers.give(driven, from, sharers.share(from, 0))
        require(messages.length + outputs.length + faults.length === 0, 'a coin spoke before it was flipped')
      }
      const { messages, outputs } = driven.input('flip')
      require(messages.length === 1 && outputs.length === 1, 'the flip neither shares nor uses what was kept')
    },
  },
  {
    statement: 'f shares are no coin, whoever they are from; n − f are, and the first of any of them',
    check: make => {
      const sharers = new Sharers(make)
      for (const silentOne of [1, 2, 3]) {
        const others = [1, 2, 3].filter(index => index !== silentOne)
        require(sharers.bitFrom([], silentOne) === undefined || F === 0, 'our own share alone is a coin')
        require(sharers.bitFrom(others, silentOne) !== undefined, 'n − f shares are no coin')
      }
    },
  },
  {
    statement: 'all subsets of shares, in any order, give the same bit',
    check: (make, flips) => {
      const sharers = new Sharers(make)
      const orders = [
        [1, 2, 3],
        [3, 2, 1],
        [2, 3],
        [3, 1],
      ]
      for (let instance = 0; instance < Math.min(6, flips); instance += 1) {
        const bits = new Set(orders.map(order => sharers.bitFrom(order, instance)))
        require(bits.size === 1, `instance ${instance} has ${bits.size} bits`)
      }
    },
  },
  {
    statement: 'a bad share is reported, as that of its sender alone, and blocks nobody',
    check: make => {
      const sharers = new Sharers(make)
      const expected = sharers.bitFrom([2, 3], 1)
      for (const bad of badShares(sharers)) {
        const { bit, faults } = afterBadShare(sharers, bad.share)
        require(bit === expected, `after ${bad.name} the coin is ${bit} instead of ${expected}`)
        const rules = faults.map(({ rule, peer: culprit }) => `${rule} ${culprit}`).join(', ')
        require(rules === 'coin/bad-share 1', `${bad.name} is reported as [${rules}]`)
      }
    },
  },
  {
    statement: 'the first share of a peer counts: the same again is nothing, another one is a conflict',
    check: make => {
      const sharers = new Sharers(make)
      const driven = sharers.member(0, 2)
      const share = sharers.share(1, 2)
      const noise = sharers.share(2, 2)
      require(sharers.give(driven, 1, share).faults.length === 0, 'a share was reported')
      require(sharers.give(driven, 1, share).faults.length === 0, 'the same share was reported')
      const { faults } = sharers.give(driven, 1, noise)
      require(faults[0]?.rule === 'coin/conflicting-share', 'another share was not reported')
      const outputs = [
        ...driven.input('flip').outputs,
        ...sharers.give(driven, 3, sharers.share(3, 2)).outputs,
      ]
      require(outputs.length === 1, 'a conflicting share took the place of a good one')
    },
  },
  {
    statement: 'beside a member that garbles or repeats what it sends, all others get the same bit',
    check: (make, flips) => {
      const coins = coinsOf(make)
      for (let instance = 0; instance < Math.min(8, flips); instance += 1) {
        for (const adversary of [garbler({ probability: 0.8 }), replayer()]) {
          const bits = flip(coins, instance, [instance % N], adversary)
          require(new Set(bits).size === 1, `instance ${instance} has two bits beside a ${adversary.name}`)
        }
      }
    },
  },
  {
    statement: 'whatever is sent as a share, the handlers return',
    check: make => {
      const sharers = new Sharers(make)
      const random = seededRandom('shares of any kind')
      const { length } = sharers.share(1, 3)
      for (let count = 0; count < 10; count += 1) {
        const driven = sharers.member(0, 3)
        driven.input('flip')
        for (const from of [1, 2, 3]) {
          const bytes = random.bytes(random.chance(0.8) ? length : random.below(2 * length))
          if (!sharers.decodes(bytes)) continue
          require(sharers.give(driven, from, bytes).outputs.length === 0, 'noise became a coin')
        }
      }
    },
  },
]

interface BadShare {
  readonly name: string
  readonly share: Uint8Array
}

/** Shares of member 1 for instance 1 that are none. */
function badShares(sharers: Sharers): readonly BadShare[] {
  const share = sharers.share(1, 1)
  const flipped = (at: number) => share.map((byte, place) => (place === at ? byte ^ 1 : byte))
  const candidates = [
    { name: 'a share of another member', share: sharers.share(2, 1) },
    { name: 'a share of another instance', share: sharers.share(1, 2) },
    { name: 'zeros', share: new Uint8Array(share.length) },
    ...[0, share.length >> 1, share.length - 1].map(at => ({
      name: `a bit flipped in byte ${at}`,
      share: flipped(at),
    })),
  ]
  return candidates.filter(bad => sharers.decodes(bad.share))
}

function afterBadShare(
  sharers: Sharers,
  bad: Uint8Array,
): { readonly bit: Bit | undefined; readonly faults: readonly Fault[] } {
  const driven = sharers.member(0, 1)
  const steps = [
    sharers.give(driven, 1, bad),
    driven.input('flip'),
    ...[2, 3].map(from => sharers.give(driven, from, sharers.share(from, 1))),
  ]
  return { bit: steps.flatMap(({ outputs }) => outputs)[0], faults: steps.flatMap(({ faults }) => faults) }
}
