/**
 * The laws of a coin, as data.
 */
import { type Bit, committee, drive, peer } from '@mc/protocol'
import { DecodeError } from '@mc/protocol/wire'
import { seededRandom, silent, simulate } from '@mc/sim'
import type { Coin, CoinParams } from '../coin.js'

/** Makes the coin of one member, by the member's name. */
export type MakeCoin = (member: string) => Coin<unknown>

/** A law; `check` throws an Error where it is broken. */
export interface CoinLaw {
  readonly statement: string
  readonly check: (make: MakeCoin, flips: number) => void
}

const N = 4

const params = (self: number, number: number): CoinParams => ({
  committee: committee({ n: N, self }),
  domain: ['conformance', number],
})

function require(condition: boolean, what: string): void {
  if (!condition) throw new Error(`law broken: ${what}`)
}

/** The bits that the correct members get in instance `number`; the others are silent. */
function flip(
  coins: readonly Coin<unknown>[],
  number: number,
  silentMembers: readonly number[],
): readonly Bit[] {
  const run = simulate<CoinParams, 'flip', unknown, Bit>({
    seed: number,
    n: N,
    protocol: ({ index }) => coins[index] as Coin<unknown>,
    params: ({ self }) => params(self, number),
    inputs: () => 'flip',
    byzantine: Object.fromEntries(silentMembers.map(index => [index, silent()])),
    encoded: true,
  })
  require(run.violations.length === 0, `a handler threw: ${run.violations[0]?.detail}`)
  return run.correct.map(index => {
    const bits = run.outputs[index] ?? []
    require(bits.length === 1, `member ${index} got ${bits.length} bits instead of one, once`)
    return bits[0] as Bit
  })
}

const coinsOf = (make: MakeCoin): readonly Coin<unknown>[] =>
  Array.from({ length: N }, (_, index) => make(`member ${index}`))

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
      const codec = make('quiet').codec({ n: N })
      const driven = drive(make('quiet'), params(0, 0))
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
    check: make => {
      for (let number = 0; number < 20; number += 1) {
        flip(coinsOf(make), number, [])
        flip(coinsOf(make), number, [number % N])
      }
    },
  },
  {
    statement: 'a second flip of the same instance throws a RangeError',
    check: make => {
      const driven = drive(make('twice'), params(0, 0))
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
    check: make => {
      const coins = coinsOf(make)
      const { common } = coins[0] as Coin<unknown>
      const alike = Array.from({ length: 40 }, (_, number) => new Set(flip(coins, number, [])).size === 1)
      require(common
        ? alike.every(Boolean)
        : !alike.every(Boolean), `common is ${common}, but members say otherwise`)
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

function tryDecode<Message>(
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
