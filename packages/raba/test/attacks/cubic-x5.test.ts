import { localCoin } from '@mc/coin'
import type { Bit } from '@mc/protocol'
import { peer, type Round, round } from '@mc/protocol'
import type { RabaInput } from '@mc/raba'
import type { AgreementDefinition } from '@mc/raba/conformance'
import { type Delivery, type ScriptedNetwork, scriptedNetwork } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { hardenedRound } from '../../src/cubic/hardened-round.js'
import { inspect } from '../../src/cubic/inspect.js'
import { cubicParts } from '../../src/cubic/options.js'
import { publishedRound } from '../../src/cubic/published-round.js'
import type { CubicRules } from '../../src/cubic/round-rules.js'
import { idealRbc } from '../ideal-rbc.js'
import type { Message } from './cubic-play.js'

const [A, X, Y, D] = [0, 1, 2, 3] as const
const [v, w]: readonly [Bit, Bit] = [1, 0]
const zero: Round = round(0)

type Lost = (message: Message) => boolean

/** Loses these messages of rounds that the member has left. */
const forgetting = (definition: AgreementDefinition<Message>, lost: Lost): AgreementDefinition<Message> => ({
  ...definition,
  create: (params, effects) => {
    const member = definition.create(params, effects)
    return {
      handleInput: input => member.handleInput(input),
      handleMessage: (from, message) => {
        const isPast = 'round' in message && message.round < inspect(member).round
        if (!isPast || !lost(message)) member.handleMessage(from, message)
      },
    }
  },
})

/** Outputs of A, X and Y after the script: Y alone decides w in round 0 and leaves; A has voted v first. */
function attack(rules: CubicRules, lost: Lost): readonly (readonly Bit[])[] {
  const net: ScriptedNetwork<RabaInput, Message, Bit> = scriptedNetwork({
    n: 4,
    protocol: ({ random }) =>
      forgetting(
        {
          name: 'aba/cubic-x5',
          parameters: {},
          ...cubicParts({
            reproposable: false,
            coin: localCoin({ rng: random }),
            rbc: idealRbc,
            roundZero: rules,
            laterRounds: rules,
            brake: true,
            roundsAhead: 8,
          }),
        },
        lost,
      ),
    params: committee => ({ committee, domain: ['x5'] }),
    byzantine: [D],
  })
  const say = (to: number, message: Message) => {
    for (const delivery of net.inject(D, to, message)) net.deliver(delivery)
  }
  const prevote = (from: number, to: number, bit: Bit) => (delivery: Delivery<Message>) =>
    delivery.from === from &&
    delivery.to === to &&
    delivery.message.type === 'prevote' &&
    delivery.message.bit === bit
  net.input(A, { type: 'propose', bit: v })
  net.input(X, { type: 'propose', bit: v })
  net.input(Y, { type: 'propose', bit: w })
  // 1, 2. X and Y vote w; X's PREVOTE(v) to Y is held back
  net.deliver(prevote(Y, X, w))
  say(X, { type: 'prevote', round: zero, bit: w })
  net.deliver(prevote(X, Y, w))
  say(Y, { type: 'prevote', round: zero, bit: w })
  // 3. Stage by stage X and Y exchange votes, and D votes w with them
  for (const type of ['vote', 'mainvote'] as const) {
    if (rules === publishedRound && type === 'vote') continue
    for (const to of [X, Y]) {
      say(to, type === 'vote' ? { type, round: zero, bit: w } : { type, round: zero, value: w })
    }
    net.deliver(({ from, to, message }) => message.type === type && from !== A && (to === X || to === Y))
  }
  // The last vote of D is a broadcast: Y has it at once, the others whenever the network likes
  const final = { type: 'finalvote', round: zero, proposer: peer(D), message: Uint8Array.of(w) } as const
  net.inject(D, 'all', final)
  net.deliver(({ to, message }) => to === Y && message.type === 'finalvote')
  expect(net.outputs(Y)).toEqual([w])
  // 4. A votes v. From here D is silent
  say(A, { type: 'prevote', round: zero, bit: v })
  net.deliver(prevote(X, A, v))
  // 5. Free run
  net.deliverAll()
  return [A, X, Y].map(member => net.outputs(member))
}

describe('X5, on the cubic agreements: a laggard needs those who have left its round', () => {
  for (const [name, rules] of [
    ['hardened', hardenedRound],
    ['published', publishedRound],
  ] as const) {
    test(`${name}: everybody decides`, () => {
      expect(attack(rules, () => false)).toEqual([[w], [w], [w]])
    })

    test(`${name}, past pre-votes dropped: totality carries the last votes, so this script blocks nobody`, () => {
      expect(attack(rules, ({ type }) => type === 'prevote')).toEqual([[w], [w], [w]])
    })
  }
})
