import { type BitSource, fixedCoin, localCoin } from '@mc/coin'
import { describeCoin } from '@mc/coin/conformance'
import { seededRng } from '@mc/crypto'
import { portableCrypto } from '@mc/crypto/portable'
import { type Bit, committee, drive } from '@mc/protocol'
import { DecodeError } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'

const flips = Number(process.env['MC_SEEDS'] ?? 400)

describeCoin('local', ({ rng }) => localCoin({ rng }), { describe, test, flips })
describeCoin('fixed', () => fixedCoin([1, 0, 0]), { describe, test, flips, fair: false })

const at = (...domain: readonly (string | number)[]) => ({ committee: committee({ n: 4, self: 0 }), domain })

/** A source that counts its draws and remembers what they were for. */
function counting(bits: readonly Bit[]): BitSource & { readonly drawn: string[] } {
  const drawn: string[] = []
  return {
    drawn,
    bit: purpose => {
      drawn.push(purpose)
      return bits[drawn.length - 1] ?? 0
    },
  }
}

describe('the local coin', () => {
  test('the bit is drawn at the moment of the flip, once', () => {
    const rng = counting([1, 0])
    const coin = drive(localCoin({ rng }), at('a', 3))
    expect(rng.drawn).toEqual([])
    expect(coin.input('flip')).toEqual({ outputs: [1], messages: [], faults: [] })
    expect(() => coin.input('flip')).toThrow(RangeError)
    expect(rng.drawn).toEqual(['a/3'])
  })

  test('every instance and round draws for itself', () => {
    const coin = localCoin({ rng: counting([1, 0, 1]) })
    const bits = [1, 2, 3].map(round => drive(coin, at('a', round)).input('flip').outputs[0])
    expect(bits).toEqual([1, 0, 1])
  })

  test('both outcomes, with the random numbers of @mc/crypto', () => {
    const coin = localCoin({ rng: seededRng('coin', portableCrypto.sha256) })
    const ones = Array.from(
      { length: 1_000 },
      (_, round) => drive(coin, at(round)).input('flip').outputs[0],
    ).filter(bit => bit === 1).length
    expect(ones).toBeGreaterThan(420)
    expect(ones).toBeLessThan(580)
  })

  test('no bytes decode to a message of it', () => {
    const codec = localCoin({ rng: counting([]) }).codec({ n: 4 })
    expect(() => codec.decode(new Uint8Array(0))).toThrow(DecodeError)
    expect(() => codec.decode(Uint8Array.of(0))).toThrow(DecodeError)
  })
})

describe('the fixed coin, for tests only', () => {
  test('all members get the bit of the round, the last part of the domain, again and again', () => {
    const coin = fixedCoin([1, 0, 0])
    const bits = [0, 1, 2, 3, 4].map(round => drive(coin, at('x', round)).input('flip').outputs[0])
    expect(bits).toEqual([1, 0, 0, 1, 0])
  })

  test('its descriptor says that it is for tests only, so that a suite can refuse it', () => {
    const { name, parameters } = fixedCoin([1])
    expect({ name, parameters }).toEqual({ name: 'coin/fixed', parameters: { testOnly: true, bits: '1' } })
    expect(localCoin({ rng: counting([]) }).parameters).toEqual({})
  })

  test('it needs bits, and a domain that ends with a round', () => {
    expect(() => fixedCoin([])).toThrow(RangeError)
    expect(() => drive(fixedCoin([1]), at('x'))).toThrow(RangeError)
    expect(() => drive(fixedCoin([1]), at(-1))).toThrow(RangeError)
  })
})
