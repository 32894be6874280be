import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { messagesOf } from './arbitraries.js'
import { abaMember, type Member, type Message, rabaMember, text } from './driven.js'

const runs = Number(process.env['MC_SEEDS'] ?? 150)
const roundsAhead = 4

/** Few rounds often, so that sequences lead somewhere. */
const message = messagesOf(
  fc.oneof({ weight: 8, arbitrary: fc.nat(1) }, { weight: 2, arbitrary: fc.nat(8) }, fc.nat(2 ** 20)),
)
const scripts = fc.record({
  proposeAt: fc.nat(60),
  bit: fc.constantFrom(0, 1),
  heard: fc.array(fc.tuple(fc.constantFrom(1, 2, 3), message), { minLength: 20, maxLength: 150 }),
})
type Script = typeof scripts extends fc.Arbitrary<infer T> ? T : never

/** Plays a script and returns all that was sent, step by step. */
function play(member: Member, { proposeAt, bit, heard }: Script): string[][] {
  return heard.map(([from, said]: readonly [number, Message], at) => {
    const first = at === proposeAt ? member.propose(bit as 0 | 1) : []
    return [...first, ...member.hear([from], text(said))]
  })
}

const kinds = [
  ['RABA', () => rabaMember(4, { roundsAhead })],
  ['ABA', () => abaMember(4, { roundsAhead })],
] as const

describe.each(kinds)('%s: any decodable messages, in any order, from anybody', (_, make) => {
  test('return normally, decide at most once, and stay within the bounds of memory', () => {
    fc.assert(
      fc.property(scripts, script => {
        const member = make()
        play(member, script)
        expect(member.outputs.length).toBeLessThanOrEqual(1)
        expect(member.view.slotBytes).toBeLessThanOrEqual(4 * 2 * (roundsAhead + 3))
      }),
      { seed: 3, numRuns: runs },
    )
  })

  test('never make a member say anything twice, nor two different votes of one kind and round', () => {
    fc.assert(
      fc.property(scripts, script => {
        const broadcasts = play(make(), script)
          .flat()
          .filter(sent => !sent.startsWith('to '))
          .flatMap(sent => (sent === 'fast' ? ['pre_0(1)', 'vote_0(1)', 'main_0(1)', 'final_0(1)'] : [sent]))
        const slots = broadcasts.map(sent => (sent.startsWith('pre') ? sent : sent.replace(/\(.*/, '')))
        expect(new Set(slots).size).toBe(slots.length)
      }),
      { seed: 4, numRuns: runs },
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
