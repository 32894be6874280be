/**
 * The laws of a coin, as data.
 */
import { type Bit, committee, drive, peer } from '@mc/protocol'
import { DecodeError } from '@mc/protocol/wire'
import { type Adversary, seededRandom, silent, simulate } from '@mc/sim'
import type { Coin, CoinInput, CoinParams } from '../coin.js'

/** Makes the coin of one member of four. */
export type MakeCoin = (index: number) => Coin<unknown>

/** A law; `check` throws an Error where it is broken. */
export interface CoinLaw {
  readonly statement: string
  readonly check: (make: MakeCoin, flips: number) => void
}

/** The laws are checked among so many members, of whom one may be Byzantine. */
export const N = 4

/** What instance `number` is made from, at one member. */
export const params = (self: number, number: number): CoinParams => ({
  committee: committee({ n: N, self }),
  domain: ['conformance', number],
})

/** @throws Error if a law does not hold. */
export function require(condition: boolean, what: string): void {
  if (!condition) throw new Error(`law broken: ${what}`)
}

/** The bits that the correct members get in instance `number`; the others are Byzantine. */
export function flip(
  coins: readonly Coin<unknown>[],
  number: number,
  byzantineMembers: readonly number[],
  adversary: Adversary<CoinInput> = silent(),
): readonly Bit[] {
  const run = simulate<CoinParams, CoinInput, unknown, Bit>({
    seed: number,
    n: N,
    protocol: ({ index }) => coins[index] as Coin<unknown>,
    params: ({ self }) => params(self, number),
    inputs: () => 'flip',
    byzantine: Object.fromEntries(byzantineMembers.map(index => [index, adversary])),
    encoded: true,
  })
  require(run.violations.length === 0, `a handler threw: ${run.violations[0]?.detail}`)
  const blamed = run.faults.find(({ peer: culprit }) => culprit !== undefined && run.isCorrect(culprit))
  require(blamed === undefined, `a correct member is blamed: ${blamed?.rule}`)
  return run.correct.map(index => {
    const bits = run.outputs[index] ?? []
    require(bits.length === 1, `member ${index} got ${bits.length} bits instead of one, once`)
    return bits[0] as Bit
  })
}

/** The coins of all members. */
export const coinsOf = (make: MakeCoin): readonly Coin<unknown>[] =>
  Array.from({ length: N }, (_, index) => make(index))

function firstMembersBits(make: MakeCoin, flips: number): readonly Bit[] {
  const coins = coinsOf(make)
  return Array.from({ length: flips }, (_, number) => flip(coins, number, [])[0] as Bit)
}

/** Five standard deviations of a fair binomial: a fair coin fails this once in two million. */
const tolerance = (count: number): number => 2.5 * Math.sqrt(count)

/** What every coin must obey. */
export const coinLaws: readonly CoinLaw[] = [
  {
    statement: 'nothing comes out, and nothing is sent, before the flip',
    check: make => {
      const codec = make(0).codec({ n: N })
      const driven = drive(make(0), params(0, 0))
      const random = seededRandom('garbage')
      for (let count = 0; count < 500; count += 1) {
        const message = tryDecode(codec, random.bytes(1 + random.below(8)))
        if (message === undefined) continue
        const step = driven.message(peer(random.below(N)), message)
        require(step.outputs.length + step.messages.length === 0, 'a coin spoke before it was flipped')
      }
    },
  },
  {
    statement: 'asked once, it gives every correct member one bit, once, also if f members are silent',
    check: (make, flips) => {
      const coins = coinsOf(make)
      for (let number = 0; number < Math.min(20, flips); number += 1) {
        flip(coins, number, [])
        flip(coins, number, [number % N])
      }
    },
  },
  {
    statement: 'a second flip of the same instance throws a RangeError',
    check: make => {
      const driven = drive(make(0), params(0, 0))
      driven.input('flip')
      let thrown: unknown
      try {
        driven.input('flip')
      } catch (error) {
        thrown = error
      }
      require(thrown instanceof RangeError, `a second flip threw ${String(thrown)}`)
    },
  },
  {
    statement: 'a common coin gives all correct members the same bit, a local one does not',
    check: (make, flips) => {
      const coins = coinsOf(make)
      const { common } = coins[0] as Coin<unknown>
      const count = Math.min(40, flips)
      // The number of the instance is the round, the last part of its domain.
      const first = common === 'later' ? count : 0
      const alike = Array.from(
        { length: count },
        (_, number) => new Set(flip(coins, first + number, [])).size === 1,
      )
      require(common === false
        ? !alike.every(Boolean)
        : alike.every(Boolean), `common is ${common}, but members say otherwise`)
    },
  },
]

/** What a coin must obey that is to make an agreement end. */
export const fairnessLaws: readonly CoinLaw[] = [
  {
    statement: 'both bits come up, each half of the time',
    check: (make, flips) => {
      const ones = firstMembersBits(make, flips).filter(bit => bit === 1).length
      require(Math.abs(ones - flips / 2) < tolerance(flips), `${ones} ones in ${flips} flips`)
    },
  },
  {
    statement: 'the bit of one instance says nothing about the next',
    check: (make, flips) => {
      const bits = firstMembersBits(make, flips)
      const repeats = bits.filter((bit, at) => at > 0 && bit === bits[at - 1]).length
      require(Math.abs(repeats - flips / 2) < tolerance(flips), `${repeats} repetitions in ${flips} flips`)
    },
  },
]

/** What these bytes decode to; undefined if the codec refuses them. */
export function tryDecode<Message>(
  codec: { decode(bytes: Uint8Array): Message },
  bytes: Uint8Array,
): Message | undefined {
  try {
    return codec.decode(bytes)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}
