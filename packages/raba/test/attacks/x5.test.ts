import { type Bit, type Round, round } from '@mc/protocol'
import type { RabaInput } from '@mc/raba'
import type { AgreementDefinition } from '@mc/raba/conformance'
import { type Delivery, type ScriptedNetwork, scriptedNetwork } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { bindingRound, fourPhaseRound } from '../../src/quadratic/ordinary-round.js'
import type { RoundRules } from '../../src/quadratic/round-rules.js'
import { FIXVOTE } from '../../src/rounds/vote-record.js'
import type { Message } from '../liars.js'
import { forgetful, weakened } from '../weakened.js'

const [A, X, Y, D] = [0, 1, 2, 3] as const
const [v, w]: readonly [Bit, Bit] = [1, 0]
const zero: Round = round(0)

/** Outputs of A, X and Y after the script. */
function attack(
  rules: RoundRules,
  wrapped: (definition: AgreementDefinition<Message>) => AgreementDefinition<Message>,
): readonly (readonly Bit[])[] {
  const net: ScriptedNetwork<RabaInput, Message, Bit> = scriptedNetwork({
    n: 4,
    protocol: ({ random }) => wrapped(weakened({ roundZero: rules, laterRounds: rules }, random)),
    params: committee => ({ committee, domain: ['x5'] }),
    byzantine: [D],
  })
  const prevote = (from: number, to: number, bit: Bit) => (delivery: Delivery<Message>) =>
    delivery.from === from &&
    delivery.to === to &&
    delivery.message.type === 'prevote' &&
    delivery.message.round === zero &&
    delivery.message.bit === bit
  net.input(A, { type: 'propose', bit: v })
  net.input(X, { type: 'propose', bit: v })
  net.input(Y, { type: 'propose', bit: w })
  // 1, 2. X and Y vote w; X's PREVOTE(v) to Y is held back
  net.deliver(prevote(Y, X, w))
  net.deliver(net.inject(D, X, { type: 'prevote', round: zero, bit: w })[0] as Delivery<Message>)
  net.deliver(prevote(X, Y, w))
  net.deliver(net.inject(D, Y, { type: 'prevote', round: zero, bit: w })[0] as Delivery<Message>)
  // 3. Stage by stage X and Y exchange votes; D sends w to X in every stage but the last, and to Y in every stage
  const stages = (['vote', 'mainvote', 'finalvote', 'fixvote'] as const).slice(0, rules.lastStage + 1)
  for (const [at, type] of stages.entries()) {
    const message = (
      type === 'vote' ? { type, round: zero, bit: w } : { type, round: zero, value: w }
    ) as Message
    if (at < rules.lastStage) net.inject(D, X, message)
    net.inject(D, Y, message)
    net.deliver(
      ({ from, to, message: { type: found } }) => found === type && from !== A && (to === X || to === Y),
    )
  }
  expect(net.outputs(Y)).toEqual([w])
  // 4. A votes v. From here D is silent
  net.inject(D, A, { type: 'prevote', round: zero, bit: v })
  net.deliver(prevote(D, A, v))
  net.deliver(prevote(X, A, v))
  // 5. Free run
  net.deliverAll()
  return [A, X, Y].map(member => net.outputs(member))
}

describe('X5: a laggard needs the pre-votes of nodes that have left its round', () => {
  for (const [name, rules] of [
    ['five phases', bindingRound],
    ['four phases', fourPhaseRound],
  ] as const) {
    test(`${name}: Q2 for all rounds ≤ current: everybody decides`, () => {
      expect(rules.lastStage === FIXVOTE).toBe(name === 'five phases')
      expect(attack(rules, definition => definition)).toEqual([[w], [w], [w]])
    })

    test(`${name}, mutant: with past pre-votes dropped, A and X are blocked for ever`, () => {
      expect(attack(rules, forgetful)).toEqual([[], [], [w]])
    })
  }
})
