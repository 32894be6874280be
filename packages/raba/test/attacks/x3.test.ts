import { describe, expect, test } from 'vitest'
import { hardenedRound } from '../../src/cubic/hardened-round.js'
import { publishedRound } from '../../src/cubic/published-round.js'
import type { CubicRules } from '../../src/cubic/round-rules.js'
import { type Cast, four, Play, seven, survive } from './cubic-play.js'

const CUT_OFF = 60

/** A round ends the attack when all five coins agree, 1/16; 600 rounds without are no chance but a fault (10⁻¹⁷). */
const PATIENCE = 600
const runs = Number(process.env['MC_SEEDS'] ?? 3)

function playRound(play: Play): void {
  const { early, late, byzantine } = play.cast
  play.relayBoth()
  // 1. The early members vote differently, and each hears mixed votes: FINALVOTE(*)
  play.steerEarly()
  byzantine.forEach((from, at) => {
    play.say(from, early, 'mainvote', at === 0 ? 0 : 1)
  })
  play.deliver('mainvote', early, early)
  // 2. The Byzantine finals are 0 and 1, the same for everybody. The early members have n − f, fewer than f + 1 of either bit
  byzantine.forEach((from, at) => {
    play.broadcastFinal(from, at === 0 ? 0 : 1)
  })
  play.deliver('finalvote', [...early, ...byzantine], early)
  // 3. v is what the coins are not; the late members collect n − f MAINVOTE(v) and broadcast FINALVOTE(v)
  const v = play.againstCoins()
  for (const member of late) play.steer(member, v)
  for (const from of byzantine) play.say(from, late, 'mainvote', v)
  play.deliver('mainvote', [...late, play.earlyVoterOf(v)], late)
  // 4. Their finals, the Byzantine one of v, and as many * as it takes: f + 1 of v, against the coins
  const ofV = byzantine.filter((_, at) => (at === 0 ? 0 : 1) === v)
  play.deliver('finalvote', [...late, ...ofV], late)
  play.deliver('finalvote', early.slice(0, 2), late)
}

const rounds = (cast: Cast, rules: CubicRules, cutOff: number): readonly number[] =>
  Array.from({ length: runs }, (_, seed) => survive(new Play(cast, rules, seed), cutOff, playRound))

describe('X3: split Byzantine finals against Cubic-ABA', () => {
  test('n = 7, as published: not binding, the attack survives every run to the cut-off', () => {
    expect(rounds(seven, publishedRound, CUT_OFF)).toEqual(Array(runs).fill(CUT_OFF))
  })

  test('n = 7, hardened: the attack ends in every run', () => {
    expect(Math.max(...rounds(seven, hardenedRound, PATIENCE))).toBeLessThan(PATIENCE)
  })

  test('n = 4: a single Byzantine final is fixed by the broadcast; the attack ends in every run', () => {
    expect(Math.max(...rounds(four, publishedRound, PATIENCE))).toBeLessThan(PATIENCE)
  })
})
