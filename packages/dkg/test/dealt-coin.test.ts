import type { CoinShareMessage } from '@mc/coin'
import { dealKeys, thresholdPrf } from '@mc/crypto/threshold'
import { committee, type Driven, drive, peer } from '@mc/protocol'
import { expect, test } from 'vitest'
import { dealtCoin } from '../src/dyx/dealt-coin.js'
import { fastGroup as group, rngOf, sha256 } from './log.js'

const { keys, secretShares } = dealKeys({ group, members: 4, threshold: 2, rng: rngOf('keys') })
const scheme = thresholdPrf({ group, sha256, keys })

/** Member `self`, whose key is there if `provided`. */
function flipOf(self: number, domain = ['test', 1]) {
  const { coin, provide } = dealtCoin(group)
  let made = 0
  const driven = drive(coin, { committee: committee({ n: 4, self }), domain })
  return {
    driven,
    made: () => made,
    provide: () =>
      provide(() => {
        made += 1
        return { scheme, secretShare: secretShares[self] as Uint8Array }
      }),
  }
}

const shareOf = (driven: Driven<'flip', CoinShareMessage, 0 | 1>): CoinShareMessage =>
  driven.input('flip').messages[0]?.message as CoinShareMessage

test('nothing is released before the flip, although the key is there; and the key is not even made', () => {
  const member = flipOf(0)
  member.provide()
  expect(member.made()).toBe(0)
  expect(member.driven.message(peer(1), { share: new Uint8Array(8) }).messages).toEqual([])
})

test('asked before the key is there it waits, and flips as soon as it is', () => {
  const early = flipOf(0)
  const other = flipOf(1)
  other.provide()
  expect(early.driven.input('flip').messages).toEqual([])
  const share = shareOf(other.driven)
  expect(early.driven.message(peer(1), share).outputs).toEqual([])
  early.provide()
  // What it says by itself comes with the next step, here a share that it has already.
  const step = early.driven.message(peer(1), share)
  expect(step.messages).toHaveLength(1)
  expect(step.outputs).toHaveLength(1)
  expect(step.faults).toEqual([])
  const [mine] = step.messages
  const theirs = other.driven.message(peer(0), mine?.message as CoinShareMessage)
  expect(theirs.outputs).toEqual(step.outputs)
})

test('of every peer only the first share is kept until then', () => {
  const member = flipOf(0)
  member.driven.input('flip')
  const good = flipOf(2)
  good.provide()
  const share = shareOf(good.driven)
  member.driven.message(peer(2), { share: new Uint8Array(share.share.length) })
  member.driven.message(peer(2), share)
  member.provide()
  const step = member.driven.message(peer(2), share)
  // The first one was no share: the second is a conflict with it, and counts as little.
  expect(step.faults.map(({ rule }) => rule).sort()).toEqual(['coin/bad-share', 'coin/conflicting-share'])
  expect(step.outputs).toEqual([])
})

test('one key serves all flips of an agreement, and is made once', () => {
  const { coin, provide } = dealtCoin(group)
  let made = 0
  const flips = [1, 2, 3].map(round =>
    drive(coin, { committee: committee({ n: 4, self: 0 }), domain: ['test', round] }),
  )
  provide(() => {
    made += 1
    return { scheme, secretShare: secretShares[0] as Uint8Array }
  })
  for (const flip of flips) flip.input('flip')
  expect(made).toBe(1)
})

test('a second flip is the caller’s mistake', () => {
  const member = flipOf(0)
  member.driven.input('flip')
  expect(() => member.driven.input('flip')).toThrow(RangeError)
})
