/**
 * Agreements with other rules than ours: a defence counts only if the attack succeeds without it.
 */
import { localCoin } from '@mc/coin'
import type { AgreementDefinition } from '@mc/raba/conformance'
import type { Random } from '@mc/sim'
import { inspect } from '../src/quadratic/inspect.js'
import { quadraticParts } from '../src/quadratic/options.js'
import { bindingRound } from '../src/quadratic/ordinary-round.js'
import type { RoundRules } from '../src/quadratic/round-rules.js'
import { roundZeroS2 } from '../src/quadratic/round-zero.js'
import type { QuadraticSetup } from '../src/quadratic/setup.js'
import type { Acceptance } from '../src/rounds/acceptance.js'
import type { Message } from './liars.js'

type Weakening = Partial<Omit<QuadraticSetup<never>, 'coin'>>

/** A quadratic agreement whose rules are replaced where `weakening` says so; without it, the default. */
export const weakened = (weakening: Weakening, random: Random): AgreementDefinition<Message> => ({
  name: weakening.reproposable ? 'raba/weakened' : 'aba/weakened',
  parameters: {},
  ...quadraticParts<never>({
    reproposable: false,
    roundZero: weakening.reproposable ? roundZeroS2 : bindingRound,
    laterRounds: bindingRound,
    brake: true,
    roundsAhead: 32,
    ...weakening,
    coin: localCoin({ rng: random }),
  }),
})

/** The same rules with lines of the acceptance table replaced. */
export const accepting = (rules: RoundRules, lines: Partial<Acceptance>): RoundRules => ({
  ...rules,
  acceptance: { ...rules.acceptance, ...lines },
})

/** Loses pre-votes of rounds that the member has left, as public code does. */
export const forgetful = (definition: AgreementDefinition<Message>): AgreementDefinition<Message> => ({
  ...definition,
  create: (params, effects) => {
    const member = definition.create(params, effects)
    return {
      handleInput: input => member.handleInput(input),
      handleMessage: (from, message) => {
        if (message.type === 'prevote' && message.round < inspect(member).round) return
        member.handleMessage(from, message)
      },
    }
  },
})
