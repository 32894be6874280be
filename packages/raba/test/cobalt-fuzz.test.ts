import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cobaltMessagesOf } from './cobalt-arbitraries.js'
import {
  cobaltMember,
  type Member,
  type Message,
  mmrMember,
  paceMember,
  sharing,
  text,
} from './cobalt-driven.js'

const runs = Number(process.env['MC_SEEDS'] ?? 60)
const roundsAhead = 4

/** Few rounds often, so that sequences lead somewhere. */
const message = cobaltMessagesOf(
  fc.oneof({ weight: 8, arbitrary: fc.nat(1) }, { weight: 2, arbitrary: fc.nat(8) }, fc.nat(2 ** 20)),
)
const scripts = fc.record({
  proposeAt: fc.nat(60),
  bit: fc.constantFrom<0 | 1>(0, 1),
  heard: fc.array(fc.tuple(fc.constantFrom(1, 2, 3), message), { minLength: 20, maxLength: 120 }),
})
type Script = typeof scripts extends fc.Arbitrary<infer T> ? T : never

/** Plays a script and returns all that was sent, step by step. */
function play(member: Member, { proposeAt, bit, heard }: Script): string[][] {
  return heard.map(([from, said]: readonly [number, Message], at) => {
    const first = at === proposeAt ? member.propose(bit) : []
    return [...first, ...member.hear([from], text(said))]
  })
}

const options = { ...sharing, roundsAhead }
const kinds = [
  ['Cobalt', () => cobaltMember(4, options)],
  ['PACE', () => paceMember(4, options)],
  ['MMR', () => mmrMember(4, options)],
] as const

describe.each(kinds)('%s: any decodable messages, in any order, from anybody', (_, make) => {
  test('return normally, decide at most once, stay within the bounds of memory, and say nothing twice', () => {
    fc.assert(
      fc.property(scripts, script => {
        const member = make()
        const broadcasts = play(member, script)
          .flat()
          .filter(sent => !sent.startsWith('to '))
          .flatMap(sent => (sent === 'fast' ? ['bval_0(1)', 'aux_0(1)', 'conf_0(1)'] : [sent]))
        const slots = broadcasts.map(sent => (sent.startsWith('bval') ? sent : sent.replace(/\(.*/, '')))
        expect(new Set(slots).size).toBe(slots.length)
        expect(member.outputs.length).toBeLessThanOrEqual(1)
        const { round, slotBytes } = member.view
        expect(slotBytes).toBeLessThanOrEqual(4 * 2 * (roundsAhead + 1 + round))
      }),
      { seed: 3, numRuns: runs },
    )
  })

  test('replayed after a restart they cause the same messages, step by step', () => {
    fc.assert(
      fc.property(scripts, script => {
        expect(play(make(), script)).toEqual(play(make(), script))
      }),
      { seed: 5, numRuns: runs },
    )
  })
})
