import { readFileSync } from 'node:fs'
import {
  blsCoin,
  type CoinShareMessage,
  type CoinThreshold,
  cksCoin,
  electionCoin,
  hybridCoin,
  localCoin,
} from '@mc/coin'
import { coinLaws, describeCoin, type MakeCoin, shareLaws } from '@mc/coin/conformance'
import { ristretto255, type ThresholdFunction, thresholdPrf } from '@mc/crypto/threshold'
import { committee, drive, peer } from '@mc/protocol'
import { DecodeError, fromHex, hex } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { fastGroup, rngOf, type Shared, sha256, sharedBls, sharedPrf } from './threshold-settings.js'

const vectors = JSON.parse(readFileSync(new URL('threshold-coin.vectors.json', import.meta.url), 'utf8'))

const flips = Number(process.env['MC_SEEDS'] ?? 200)

/** For slow curves: too few flips to say anything about chance, which does not depend on the group. */
const few = { describe, test, flips: 3, fair: false, shares: true }

const coinsOf =
  ({ scheme, secretShares }: Shared, threshold: CoinThreshold = 'f + 1') =>
  ({ index }: { readonly index: number }) =>
    cksCoin({ scheme, secretShare: secretShares[index]!, threshold })

const fast = sharedPrf(fastGroup)
const ristretto = sharedPrf(ristretto255)
const bls = sharedBls()

describeCoin('cks, f + 1 shares', coinsOf(fast), { describe, test, flips, shares: true })
describeCoin('cks, n − f shares', coinsOf(sharedPrf(fastGroup, { threshold: 3 }), 'n − f'), {
  describe,
  test,
  flips: 40,
  shares: true,
})
describeCoin('cks over ristretto255', coinsOf(ristretto), few)
describeCoin(
  'bls',
  ({ index }) => blsCoin({ scheme: bls.scheme, secretShare: bls.secretShares[index]! }),
  few,
)
describeCoin(
  'hybrid',
  ({ rng, index }) => hybridCoin({ local: localCoin({ rng }), common: coinsOf(fast)({ index }) }),
  { describe, test, flips },
)

const at = (self: number, ...domain: readonly (string | number)[]) => ({
  committee: committee({ n: 4, self }),
  domain,
})

/** The share message of a member for a domain. */
function shareOf({ scheme, secretShares }: Shared, self: number, ...domain: readonly (string | number)[]) {
  const coin = cksCoin({ scheme, secretShare: secretShares[self]! })
  return drive(coin, at(self, ...domain)).input('flip').messages[0]!.message
}

const coinOf = (shared: Shared, self: number) =>
  cksCoin({ scheme: shared.scheme, secretShare: shared.secretShares[self]! })

describe('threshold coins', () => {
  test('any f shares determine nothing: for each bit there is a key that agrees with them and gives it', () => {
    const input = ['x', 1]
    const known = { member: 1, value: 77_777n }
    const bits = new Set<number>()
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const shared = completionOf(known, attempt)
      expect(shared.scheme.holdersOf(fastGroup.encodeScalar(known.value))).toEqual([1])
      const coin = drive(coinOf(shared, 1), at(1, ...input))
      coin.input('flip')
      bits.add(coin.message(peer(2), shareOf(shared, 2, ...input)).outputs[0]!)
    }
    expect([...bits].sort()).toEqual([0, 1])
  })

  test('the coin of n − f shares is not known from f + 1 of them', () => {
    const shared = sharedPrf(fastGroup, { threshold: 3 })
    const make = coinsOf(shared, 'n − f')
    const share = (index: number) => drive(make({ index }), at(index, 1)).input('flip').messages[0]!.message
    const coin = drive(make({ index: 0 }), at(0, 1))
    expect(coin.input('flip').outputs).toEqual([])
    expect(coin.message(peer(1), share(1)).outputs).toEqual([])
    expect(coin.message(peer(2), share(2)).outputs).toHaveLength(1)
  })

  test('the domain is bound part by part: no two domains share a value', () => {
    const domains = [['a', 'b'], ['ab'], ['a', 'b', ''], ['1'], [1], ['1', ''], [1, 1], [11]]
    const shares = domains.map(domain => hex(shareOf(fast, 1, ...domain).share))
    expect(new Set(shares).size).toBe(domains.length)
  })

  test('a share is the same bytes whenever it is made, so that a restart contradicts nothing', () => {
    expect(shareOf(ristretto, 2, 'x', 7)).toEqual(shareOf(ristretto, 2, 'x', 7))
  })

  test('a replayed share of another domain is a bad share', () => {
    const coin = drive(coinOf(fast, 0), at(0, 'epoch 2', 5))
    coin.input('flip')
    const { faults, outputs } = coin.message(peer(1), shareOf(fast, 1, 'epoch 1', 5))
    expect(outputs).toEqual([])
    expect(faults).toMatchObject([{ rule: 'coin/bad-share', peer: 1 }])
  })

  test('a share of another committee’s key is a bad share', () => {
    const old = sharedPrf(fastGroup, { seed: 'the configuration before' })
    const coin = drive(coinOf(fast, 0), at(0, 1))
    coin.input('flip')
    const { faults } = coin.message(peer(1), shareOf(old, 1, 1))
    expect(faults).toMatchObject([{ rule: 'coin/bad-share', peer: 1 }])
  })

  test('who has sent a bad share is not heard again: one verification per peer and flip', () => {
    const { counted, scheme } = counting(fast.scheme)
    const coin = drive(cksCoin({ scheme, secretShare: fast.secretShares[0]! }), at(0, 1))
    coin.input('flip')
    for (let count = 0; count < 50; count += 1) {
      coin.message(peer(1), { share: rngOf(`noise ${count}`).bytes(scheme.shareBytes) })
    }
    expect(counted.combinations).toBe(1)
    expect(coin.message(peer(1), shareOf(fast, 1, 1)).outputs).toEqual([])
    expect(coin.message(peer(3), shareOf(fast, 3, 1)).outputs).toHaveLength(1)
  })

  test('what was found valid beside a bad share is not verified again', () => {
    const { counted, scheme } = counting(fast.scheme)
    const coin = drive(cksCoin({ scheme, secretShare: fast.secretShares[0]! }), at(0, 1))
    coin.input('flip')
    coin.message(peer(1), shareOf(fast, 2, 1))
    coin.message(peer(2), shareOf(fast, 2, 1))
    expect(counted.verified).toEqual([
      [false, false],
      [true, false],
    ])
  })

  test('before the flip nothing is computed, whatever arrives', () => {
    const { counted, scheme } = counting(fast.scheme)
    const coin = drive(cksCoin({ scheme, secretShare: fast.secretShares[0]! }), at(0, 1))
    for (const from of [1, 2, 3]) coin.message(peer(from), shareOf(fast, from, 1))
    expect(counted.combinations).toBe(0)
    expect(coin.input('flip').outputs).toHaveLength(1)
    expect(counted.combinations).toBe(1)
  })

  test('after the output nothing is computed or reported', () => {
    const { counted, scheme } = counting(fast.scheme)
    const coin = drive(cksCoin({ scheme, secretShare: fast.secretShares[0]! }), at(0, 1))
    coin.input('flip')
    coin.message(peer(1), shareOf(fast, 1, 1))
    for (const fill of [0, 1]) {
      const late = coin.message(peer(3), { share: new Uint8Array(scheme.shareBytes).fill(fill) })
      expect(late).toEqual({ messages: [], outputs: [], faults: [] })
    }
    expect(counted.combinations).toBe(1)
  })

  test('a kept share is a copy: what the frame becomes later does not matter', () => {
    const coin = drive(coinOf(fast, 0), at(0, 1))
    const frame = Uint8Array.from(shareOf(fast, 1, 1).share)
    coin.message(peer(1), { share: frame })
    frame.fill(0)
    expect(coin.input('flip')).toMatchObject({ faults: [], outputs: [expect.any(Number)] })
  })

  test('golden vectors: the share on the wire, the input and the bit', () => {
    const share = cksCodec().encode(shareOf(ristretto, 1, 'ledger', 4, 'proposer', 2))
    const coin = drive(coinOf(ristretto, 0), at(0, 'ledger', 4, 'proposer', 2))
    coin.input('flip')
    const bit = coin.message(peer(1), cksCodec().decode(share)).outputs[0]
    const blsShare = drive(
      blsCoin({ scheme: bls.scheme, secretShare: bls.secretShares[1]! }),
      at(1, 'ledger', 4, 'proposer', 2),
    ).input('flip').messages[0]!.message.share
    expect({ cks: hex(share), bit, bls: hex(blsShare) }).toEqual(vectors)
  })

  test('the codec takes a share of exactly its length', () => {
    const { shareBytes } = ristretto.scheme
    expect(shareBytes).toBe(128)
    expect(cksCodec().decode(new Uint8Array(128)).share).toHaveLength(128)
    expect(() => cksCodec().decode(new Uint8Array(127))).toThrow(DecodeError)
    expect(() => cksCodec().decode(new Uint8Array(129))).toThrow(DecodeError)
    expect(() => cksCodec().encode({ share: new Uint8Array(3) })).toThrow(RangeError)
  })

  test('one without a secret share, with another member’s, or of another scheme is refused', () => {
    const [scheme, secretShare] = [fast.scheme, fast.secretShares[0]!]
    expect(() => cksCoin({ scheme, secretShare: new Uint8Array(8) })).toThrow(RangeError)
    expect(() => cksCoin({ scheme, secretShare: fromHex('ff'.repeat(8)) })).toThrow(RangeError)
    expect(() => blsCoin({ scheme, secretShare })).toThrow(RangeError)
    expect(() => cksCoin({ scheme: bls.scheme, secretShare: bls.secretShares[0]! })).toThrow(RangeError)
    const coin = cksCoin({ scheme, secretShare })
    expect(() => drive(coin, at(1, 1))).toThrow(RangeError)
    expect(() => drive(coin, { committee: committee({ n: 7, self: 0 }), domain: [1] })).toThrow(RangeError)
  })

  test('a key set of another threshold than the protocol asks for is refused', () => {
    const high = sharedPrf(fastGroup, { threshold: 3 })
    expect(() => drive(coinsOf(high)({ index: 0 }), at(0, 1))).toThrow('f + 1 is 2, but 3 shares')
    expect(() => drive(coinsOf(fast, 'n − f')({ index: 0 }), at(0, 1))).toThrow('n − f is 3, but 2 shares')
  })

  test('the fingerprint names scheme, threshold and key set: who has another key is refused in words', () => {
    const { parameters } = coinOf(fast, 0)
    expect(parameters).toMatchObject({ scheme: 'cks/insecure/63-bit', threshold: 'f + 1' })
    expect(parameters['keySet']).toHaveLength(64)
    expect(coinOf(fast, 1).parameters).toEqual(parameters)
    expect(coinOf(sharedPrf(fastGroup, { seed: 'other' }), 1).parameters['keySet']).not.toBe(
      parameters['keySet'],
    )
  })
})

describe('the election', () => {
  const election = (self: number, members = 4, shared = fast) => {
    const coin = electionCoin({ scheme: shared.scheme, secretShare: shared.secretShares[self]!, sha256 })
    return (...domain: readonly (string | number)[]) =>
      drive(coin, { committee: committee({ n: members, self }), domain })
  }

  test('all members elect the same one', () => {
    for (let instance = 0; instance < 20; instance += 1) {
      const shares = [0, 1, 2, 3].map(self => election(self)(instance).input('flip').messages[0]!.message)
      const elected = [0, 1, 2, 3].map(self => {
        const driven = election(self)(instance)
        driven.input('flip')
        return driven.message(peer((self + 1) % 4), shares[(self + 1) % 4]!).outputs
      })
      expect(new Set(elected.map(String)).size).toBe(1)
      expect(elected[0]).toHaveLength(1)
    }
  })

  test('each member is elected as often as any other, also where n is no power of two', () => {
    const shared = sharedPrf(fastGroup, { members: 7, threshold: 3 })
    const counts = new Array<number>(7).fill(0)
    for (let instance = 0; instance < 350; instance += 1) {
      const driven = election(0, 7, shared)(instance)
      driven.input('flip')
      for (const self of [1, 2]) {
        const share = election(self, 7, shared)(instance).input('flip').messages[0]!.message
        for (const elected of driven.message(peer(self), share).outputs) counts[elected]! += 1
      }
    }
    for (const count of counts) expect(Math.abs(count - 50)).toBeLessThan(35)
  })

  test('an election and a coin of the same domain share nothing', () => {
    const share = election(1)('x', 1).input('flip').messages[0]!.message
    expect(share).not.toEqual(shareOf(fast, 1, 'x', 1))
    const coin = drive(coinOf(fast, 0), at(0, 'x', 1))
    coin.input('flip')
    expect(coin.message(peer(1), share).faults).toMatchObject([{ rule: 'coin/bad-share' }])
  })
})

describe('the hybrid coin', () => {
  const hybrid = (commonFrom?: number) =>
    hybridCoin({
      local: localCoin({ rng: { bit: () => 1 } }),
      common: coinOf(fast, 0),
      ...(commonFrom === undefined ? {} : { commonFrom }),
    })

  test('before round 3 it answers at once and sends nothing; from round 3 on it takes shares', () => {
    for (const round of [0, 1, 2]) {
      const step = drive(hybrid(), at(0, 'x', round)).input('flip')
      expect(step).toEqual({ messages: [], outputs: [1], faults: [] })
    }
    const coin = drive(hybrid(), at(0, 'x', 3))
    const { messages, outputs } = coin.input('flip')
    expect([messages.length, outputs.length]).toEqual([1, 0])
    expect(coin.message(peer(1), shareOf(fast, 1, 'x', 3)).outputs).toHaveLength(1)
  })

  test('a share for a local round is ignored', () => {
    const coin = drive(hybrid(), at(0, 'x', 0))
    expect(coin.message(peer(1), { share: new Uint8Array(32) })).toMatchObject({ faults: [], outputs: [] })
  })

  test('it is common later only, and says so: an agreement that needs a common coin can tell', () => {
    expect(hybrid().common).toBe('later')
    expect(hybrid().parts).toMatchObject({ local: { name: 'coin/local' }, common: { name: 'coin/cks' } })
    expect(hybrid(1).parameters).toEqual({ commonFrom: 1 })
  })

  test('it needs a round at the end of the domain, and a local coin for the early ones', () => {
    expect(() => drive(hybrid(), at(0, 'x'))).toThrow(RangeError)
    expect(() => hybrid(-1)).toThrow(RangeError)
    expect(() => hybridCoin({ local: coinOf(fast, 0) as never, common: coinOf(fast, 0) })).toThrow(RangeError)
  })
})

describe('the law suite itself', () => {
  const honest = coinsOf(fast)
  const mutants: [string, (make: MakeCoin) => MakeCoin][] = [
    ['an unverified share counts', () => index => honestOver(unverifying(fast.scheme), index)],
    ['who sends a bad share is not named', () => index => honestOver(blamingAll(fast.scheme), index)],
    [
      'the value is of the shares, not of the key',
      () => index => honestOver(subsetValue(fast.scheme), index),
    ],
    ['the share leaves at creation', make => index => eager(make(index))],
    ['the domain is not bound', make => index => unbound(make(index))],
    ['it comes out twice', make => index => doubled(make(index))],
  ]
  const honestOver = (scheme: ThresholdFunction, index: number) =>
    cksCoin({ scheme, secretShare: fast.secretShares[index]! })

  test.each(mutants)('finds: %s', (_, mutate) => {
    expect(broken(mutate(index => honest({ index })))).not.toEqual([])
  })
  test('finds nothing in a correct coin', () => {
    expect(broken(index => honest({ index }))).toEqual([])
  })
})

/** The statements of the laws that a coin breaks. */
function broken(make: MakeCoin): string[] {
  return [...coinLaws, ...shareLaws].flatMap(({ statement, check }) => {
    try {
      check(make, 10)
      return []
    } catch {
      return [statement]
    }
  })
}

type AnyCoin = ReturnType<MakeCoin>

const cksCodec = () => coinOf(ristretto, 0).codec({ n: 4 })

/** A key whose polynomial goes through one known share and is otherwise fresh. */
function completionOf(known: { member: number; value: bigint }, attempt: number): Shared {
  const { order } = fastGroup
  const secret = BigInt(attempt) * 1_000_003n + 5n
  const x = BigInt(known.member) + 1n
  const inverse = dividing(x, order)
  const slope = (((known.value - secret) * inverse) % order) + order
  const values = [1n, 2n, 3n, 4n].map(at => (secret + slope * at) % order)
  const publicOf = (value: bigint) => fastGroup.encode(fastGroup.multiply(fastGroup.generator, value))
  const keys = { threshold: 2, publicKey: publicOf(secret), verificationKeys: values.map(publicOf) }
  return {
    scheme: thresholdPrf({ group: fastGroup, sha256, keys }),
    secretShares: values.map(fastGroup.encodeScalar),
  }
}

/** 1 / x modulo a prime, by trial: x is small. */
function dividing(x: bigint, order: bigint): bigint {
  for (let multiple = 1n; ; multiple += 1n)
    if ((multiple * order + 1n) % x === 0n) return (multiple * order + 1n) / x
}

function counting(scheme: ThresholdFunction) {
  const counted = { combinations: 0, verified: [] as boolean[][] }
  return {
    counted,
    scheme: over(scheme, {
      combine: (input, shares) => {
        counted.combinations += 1
        counted.verified.push(shares.map(({ verified }) => verified))
        return scheme.combine(input, shares)
      },
    }),
  }
}

const over = (scheme: ThresholdFunction, changes: Partial<ThresholdFunction>): ThresholdFunction => ({
  name: scheme.name,
  members: scheme.members,
  threshold: scheme.threshold,
  shareBytes: scheme.shareBytes,
  keySet: scheme.keySet,
  origin: scheme.origin,
  holdersOf: secret => scheme.holdersOf(secret),
  share: (input, secret) => scheme.share(input, secret),
  verifyShare: (input, member, share) => scheme.verifyShare(input, member, share),
  combine: (input, shares) => scheme.combine(input, shares),
  ...changes,
})

const unverifying = (scheme: ThresholdFunction) =>
  over(scheme, {
    combine: (_, shares) => ({ type: 'value', value: sha256(...shares.map(({ share }) => share)) }),
  })

const subsetValue = (scheme: ThresholdFunction) =>
  over(scheme, {
    combine: (input, shares) => {
      const combined = scheme.combine(input, shares)
      if (combined.type === 'bad-shares') return combined
      return { type: 'value', value: sha256(...shares.map(({ share }) => share)) }
    },
  })

const blamingAll = (scheme: ThresholdFunction) =>
  over(scheme, {
    combine: (input, shares) => {
      const combined = scheme.combine(input, shares)
      if (combined.type === 'value') return combined
      return { type: 'bad-shares', members: shares.map(({ member }) => member) }
    },
  })

const eager = (coin: AnyCoin): AnyCoin => ({
  ...coin,
  create: (params, effects) => {
    const inner = coin.create(params, effects)
    inner.handleInput('flip')
    return {
      handleInput: () => undefined,
      handleMessage: (from, message) => inner.handleMessage(from, message),
    }
  },
})

const unbound = (coin: AnyCoin): AnyCoin => ({
  ...coin,
  create: ({ committee: members }, effects) => coin.create({ committee: members, domain: [0] }, effects),
})

const doubled = (coin: AnyCoin): AnyCoin => ({
  ...coin,
  create: (params, effects) =>
    coin.create(params, {
      send: (to, message) => effects.send(to, message as CoinShareMessage),
      broadcast: message => effects.broadcast(message),
      fault: fault => effects.fault(fault),
      scope: child => effects.scope(child),
      output: bit => {
        effects.output(bit)
        effects.output(bit)
      },
    }),
})
