import { type Bit, type Round, round } from '@mc/protocol'
import type { RabaInput } from '@mc/raba'
import { type Delivery, type ScriptedNetwork, scriptedNetwork } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { inspect } from '../../src/quadratic/inspect.js'
import type { RoundRules } from '../../src/quadratic/round-rules.js'
import { roundZeroS2 } from '../../src/quadratic/round-zero.js'
import { hasVoted, MAINVOTE } from '../../src/rounds/vote-record.js'
import { type Message, votesFor } from '../liars.js'
import { weakened } from '../weakened.js'

const [A, B, C, D] = [0, 1, 2, 3] as const
const zero: Round = round(0)

const isRoundZero = ({ message }: Delivery<Message>): boolean =>
  message.type === 'fast' || ('round' in message && message.round === zero)

/** Plays the script up to and including its last step. */
function attack(roundZero: RoundRules): ScriptedNetwork<RabaInput, Message, Bit> {
  const net: ScriptedNetwork<RabaInput, Message, Bit> = scriptedNetwork({
    n: 4,
    protocol: ({ random }) => weakened({ reproposable: true, roundZero }, random),
    params: committee => ({ committee, domain: ['x7'] }),
    byzantine: [D],
  })
  const say = (to: number, messages: readonly Message[]) => {
    for (const message of messages) net.inject(D, to, message)
    net.deliverAll({ from: D, to })
  }
  const [prevote0, vote0, mainvote0, finalvote0] = votesFor(zero, 0) as [Message, Message, Message, Message]
  const [prevote1, vote1, mainvote1, finalvote1] = votesFor(zero, 1) as [Message, Message, Message, Message]
  // 1. A and C propose 0 and send VOTE_0(0)
  net.input(A, { type: 'propose', bit: 0 })
  net.input(C, { type: 'propose', bit: 0 })
  say(A, [prevote0])
  say(C, [prevote0])
  net.deliver(({ from, to, message }) => from !== D && to !== B && to !== D && message.type === 'prevote')
  // 2. A sends MAINVOTE_0(0)
  say(A, [vote0])
  net.deliver(({ from, to, message }) => from === C && to === A && message.type === 'vote')
  // 3. B proposes 1, C reproposes 1
  net.input(B, { type: 'propose', bit: 1 })
  net.input(C, { type: 'repropose' })
  // 4. B hears of 1 from D and of everything from C
  say(B, [vote1, mainvote1, finalvote1])
  net.deliver({ from: C, to: B })
  // 5. A and C hear of PREVOTE_0(1), of all votes for 0 from D, and of each other
  for (const to of [A, C]) say(to, [prevote1, vote0, mainvote0, finalvote0])
  net.deliverAll(
    delivery => delivery.from !== B && delivery.to !== B && delivery.to !== D && isRoundZero(delivery),
  )
  // 6. In the rounds that follow D votes 0 with A and C
  for (let number = 1; number <= 2; number += 1) {
    for (const to of [A, C]) say(to, votesFor(round(number), 0))
    net.deliverAll(({ from, to }) => from !== B && to !== B && to !== D)
  }
  return net
}

describe('X7: the fast path after VOTE_0(0) was sent', () => {
  test('mutant: allowed until MAINVOTE_0, it violates agreement', () => {
    const net = attack({ ...roundZeroS2, takesFastPath: own => !hasVoted(own, MAINVOTE) })
    expect([A, B, C].map(member => net.outputs(member))).toEqual([[0], [1], [0]])
  })

  test('R5: VOTE_0 not yet sent: B cannot decide 1; after the reproposal of A all decide 0 and halt', () => {
    const net = attack(roundZeroS2)
    expect(net.outputs(B)).toEqual([])
    net.input(A, { type: 'repropose' })
    net.deliverAll()
    expect([A, B, C].map(member => net.outputs(member))).toEqual([[0], [0], [0]])
    expect([A, B, C].every(member => inspect(net.instance(member)).halted)).toBe(true)
  })
})
