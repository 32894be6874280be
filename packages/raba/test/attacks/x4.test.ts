import type { Bit } from '@mc/protocol'
import { describe, expect, test } from 'vitest'
import { hardenedRound } from '../../src/cubic/hardened-round.js'
import { Play, seven, survive } from './cubic-play.js'

const CUT_OFF = 1_000
const runs = Number(process.env['MC_SEEDS'] ?? 6)
const { early, late, byzantine } = seven
const [Y, Z] = byzantine as [number, number]
const [A, B, C] = early as [number, number, number]

/** The early members vote differently, and each hears mixed votes: MAINVOTE(*). */
function mixedVotes(play: Play, members: readonly number[]): void {
  play.say(Y, members, 'vote', 0)
  play.say(Z, members, 'vote', 1)
  play.deliver('vote', early, members)
}

/** X3 with a VOTE stage in front. */
function literal(play: Play): void {
  play.relayBoth()
  play.steerEarly()
  mixedVotes(play, early)
  play.say(Y, early, 'mainvote', 0)
  play.say(Z, early, 'mainvote', 1)
  play.deliver('mainvote', early, early)
  play.broadcastFinal(Y, 0)
  play.broadcastFinal(Z, 1)
  play.deliver('finalvote', [...early, ...byzantine], early)
  // The decisive step: to flip before the late members have said anything final
  expect(early.filter(member => play.hasLeft(member))).toEqual([])
}

/** The Byzantine members say `*`, so that everybody flips. */
function nothingAdoptable(play: Play): void {
  play.relayBoth()
  play.steerEarly()
  mixedVotes(play, early)
  for (const from of byzantine) play.say(from, early, 'mainvote', '*')
  play.deliver('mainvote', early, early)
  for (const from of byzantine) play.broadcastFinal(from, '*')
  play.deliver('finalvote', [...early, ...byzantine], early)
  expect(early.every(member => play.hasLeft(member))).toBe(true)
  // The late members send MAINVOTE(v), but only four can ever say so
  const v = play.againstCoins()
  for (const member of late) play.steer(member, v)
  for (const from of byzantine) play.say(from, late, 'vote', v)
  play.deliver('vote', [...late, play.earlyVoterOf(v)], late)
  for (const from of byzantine) play.say(from, late, 'mainvote', v)
  play.deliver('mainvote', [...late, A], late)
  play.deliver('finalvote', [...late, ...early], late)
}

/** C and the late members vote w = 1, so that w alone can be adopted; the coins decide whether it is. */
function fixedBefore(play: Play): void {
  const w: Bit = 1
  play.relayBoth()
  play.steerEarly()
  for (const member of late) play.steer(member, w)
  mixedVotes(play, [A, B])
  play.say(Z, [C, ...late], 'vote', w)
  play.deliver('vote', [B, C, ...late], [C, ...late])
  for (const from of byzantine) play.say(from, early, 'mainvote', w)
  play.deliver('mainvote', early, early)
  play.broadcastFinal(Y, '*')
  play.broadcastFinal(Z, w)
  play.deliver('finalvote', [...early, ...byzantine], early)
  expect(early.every(member => play.hasLeft(member))).toBe(true)
  if (early.every(member => play.estimate(member) === w)) {
    // Only flips of the late members can keep everybody apart
    play.deliver('mainvote', [A, B, ...late, C], late)
    play.deliver('finalvote', [...late, ...early], late)
  } else {
    for (const from of byzantine) play.say(from, late, 'mainvote', w)
    play.deliver('mainvote', [C, ...late], late)
    play.deliver('finalvote', [...late, Z], late)
    play.deliver('finalvote', [A, B], late)
    expect(late.map(member => play.estimate(member))).toEqual([w, w])
  }
}

const plays = [
  ['literal: the Byzantine finals are not accepted before any coin', literal, 60],
  ['no value adoptable: all five coins have to agree, 1/16 a round', nothingAdoptable, 60],
  ['value fixed before the coins: the bound of a binding round, 1/32', fixedBefore, 120],
] as const

describe('X4: three plays against hardened Cubic, n = 7', () => {
  test.each(plays)('%s: ends in every run', (_name, playRound, meanMax) => {
    const rounds = Array.from({ length: runs }, (_, seed) =>
      survive(new Play(seven, hardenedRound, seed), CUT_OFF, playRound),
    )
    expect(Math.max(...rounds)).toBeLessThan(CUT_OFF)
    const mean = rounds.reduce((sum, count) => sum + count, 0) / runs
    expect(mean).toBeLessThan(meanMax)
  })
})
