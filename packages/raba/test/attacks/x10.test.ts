import { type Bit, fPlus1 } from '@mc/protocol'
import type { RabaInput } from '@mc/raba'
import { scriptedNetwork } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import type { RoundRules } from '../../src/quadratic/round-rules.js'
import { roundZeroS2 } from '../../src/quadratic/round-zero.js'
import { VOTE } from '../../src/rounds/vote-record.js'
import type { Message } from '../liars.js'
import { accepting, weakened } from '../weakened.js'

const [A, B, C, D] = [0, 1, 2, 3] as const

function attack(roundZero: RoundRules): readonly (readonly Bit[])[] {
  const net = scriptedNetwork({
    n: 4,
    protocol: ({ random }) => weakened({ reproposable: true, roundZero }, random),
    params: committee => ({ committee, domain: ['x10'] }),
    byzantine: [D],
  })
  const give = (member: number, input: RabaInput) => net.input(member, input)
  const isZero = ({ message }: { readonly message: Message }) =>
    (message.type === 'prevote' || message.type === 'vote') && message.bit === 0
  // A proposes 1, B and C propose 0 and vote 0 before they hear of 1
  give(A, { type: 'propose', bit: 1 })
  give(B, { type: 'propose', bit: 0 })
  give(C, { type: 'propose', bit: 0 })
  net.deliverAll(isZero)
  net.deliverAll()
  give(B, { type: 'repropose' })
  give(C, { type: 'repropose' })
  net.deliverAll()
  return [A, B, C].map(member => net.outputs(member))
}

describe('X10: a lone proposer of 1, one silent member', () => {
  test('R6: votes for 1 are accepted on 1 ∈ bset_0: everybody decides 1', () => {
    expect(attack(roundZeroS2)).toEqual([[1], [1], [1]])
  })

  test('mutant: if MAINVOTE_0(1) needs f + 1 VOTE_0(1), all are blocked, reproposals or not', () => {
    const strict = accepting(roundZeroS2, {
      mainvote: (state, bit, committee) =>
        state.inBset(bit) && state.accepted(VOTE, bit) >= fPlus1(committee),
    })
    expect(attack(strict)).toEqual([[], [], []])
  })
})
