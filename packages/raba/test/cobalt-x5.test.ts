import { type Bit, round } from '@mc/protocol'
import type { RabaInput } from '@mc/raba'
import { type Delivery, type ScriptedNetwork, scriptedNetwork } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { inspectCobalt } from '../src/cobalt/inspect.js'
import { type Definition, type Message, weakenedCobalt } from './cobalt-driven.js'
import { scriptedCoin } from './ideal-coin.js'

const [A, X, Y, D] = [0, 1, 2, 3] as const
const [v, w]: readonly [Bit, Bit] = [1, 0]
const zero = round(0)

/** Loses BVALs of rounds that the member has left. */
const forgetful = (definition: Definition): Definition => ({
  ...definition,
  create: (params, effects) => {
    const member = definition.create(params, effects)
    return {
      handleInput: input => member.handleInput(input),
      handleMessage: (from, message) => {
        if (message.type === 'bval' && message.round < inspectCobalt(member).round) return
        member.handleMessage(from, message)
      },
    }
  },
})

/** Outputs of A, X and Y after the script; the coin of round 0 is w. */
function attack(wrapped: (definition: Definition) => Definition): readonly (readonly Bit[])[] {
  const net: ScriptedNetwork<RabaInput, Message, Bit> = scriptedNetwork({
    n: 4,
    protocol: () => wrapped(weakenedCobalt(scriptedCoin(w))),
    params: committee => ({ committee, domain: ['x5'] }),
    byzantine: [D],
  })
  const bval = (from: number, to: number, bit: Bit) => (delivery: Delivery<Message>) =>
    delivery.from === from &&
    delivery.to === to &&
    delivery.message.type === 'bval' &&
    delivery.message.round === zero &&
    delivery.message.bit === bit
  net.input(A, { type: 'propose', bit: v })
  net.input(X, { type: 'propose', bit: v })
  net.input(Y, { type: 'propose', bit: w })
  // 1, 2. X and Y send AUX(w); X's BVAL(v) to Y is held back
  net.deliver(bval(Y, X, w))
  net.deliver(net.inject(D, X, { type: 'bval', round: zero, bit: w })[0] as Delivery<Message>)
  net.deliver(bval(X, Y, w))
  net.deliver(net.inject(D, Y, { type: 'bval', round: zero, bit: w })[0] as Delivery<Message>)
  // 3. X and Y exchange AUX and CONF; D says w to both, but CONF only to Y, which decides
  for (const to of [X, Y]) net.inject(D, to, { type: 'aux', round: zero, bit: w })
  net.inject(D, Y, { type: 'conf', round: zero, value: w })
  for (const type of ['aux', 'conf']) {
    net.deliver(({ from, to, message }) => message.type === type && from !== A && (to === X || to === Y))
  }
  expect(net.outputs(Y)).toEqual([w])
  expect(net.outputs(X)).toEqual([])
  // 4. A sends AUX(v). From here D is silent
  net.inject(D, A, { type: 'bval', round: zero, bit: v })
  net.deliver(bval(D, A, v))
  net.deliver(bval(X, A, v))
  // 5. Free run
  net.deliverAll()
  return [A, X, Y].map(member => net.outputs(member))
}

describe('X5: a laggard needs the BVALs of members that have left its round', () => {
  test('rule 2 for all rounds ≤ current: everybody decides', () => {
    expect(attack(definition => definition)).toEqual([[w], [w], [w]])
  })

  test('mutant: with past BVALs dropped, A and X are blocked for ever', () => {
    expect(attack(forgetful)).toEqual([[], [], [w]])
  })
})
