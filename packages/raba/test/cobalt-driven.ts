/**
 * One member of an agreement over a common coin under a microscope: its peers are whoever the test says they are.
 */
import type { CommonCoin } from '@mc/coin'
import { type Bit, committee, type Driven, drive, fPlus1, peer, round, type Step } from '@mc/protocol'
import { type CobaltMessage, cobaltAba, mmrAba, paceRaba, type RabaInput } from '@mc/raba'
import type { AgreementDefinition } from '@mc/raba/conformance'
import type { CobaltView } from '../src/cobalt/cobalt-agreement.js'
import { inspectCobalt } from '../src/cobalt/inspect.js'
import { type CobaltRules, cobaltRules } from '../src/cobalt/rules.js'
import { type CobaltSetup, cobaltParts } from '../src/cobalt/setup.js'
import { CONF } from '../src/cobalt/stages.js'
import { scriptedCoin, shareCoin } from './ideal-coin.js'

/** What is said over a coin without messages, or one whose shares are small numbers. */
export type Message = CobaltMessage<number>
export type Definition = AgreementDefinition<Message>

interface Options {
  readonly coin?: CommonCoin<number>
  readonly roundsAhead?: number
}

/** Coin 1 in even rounds, 0 in odd ones. */
const defaults = () => ({ coin: scriptedCoin(1, 0) as CommonCoin<number> })

export const cobaltMember = (n = 4, options: Options = {}): Member =>
  memberOf(cobaltAba<number>({ ...defaults(), ...options }) as Definition, n)
export const mmrMember = (n = 4, options: Options = {}): Member =>
  memberOf(mmrAba<number>({ ...defaults(), ...options }) as Definition, n)
export const paceMember = (n = 4, options: Options = {}): Member =>
  memberOf(paceRaba<number>({ ...defaults(), ...options }), n)

/** Asks for f + 1 shares. */
export const sharing: Options = { coin: shareCoin }

/** An agreement over a common coin whose rules are replaced where `weakening` says so; without it, Cobalt. */
export const weakenedCobalt = (
  coin: CommonCoin<never>,
  weakening: Partial<Omit<CobaltSetup<never>, 'coin'>> = {},
): Definition =>
  ({
    name: weakening.reproposable ? 'raba/weakened' : 'aba/weakened',
    parameters: {},
    ...cobaltParts<never>({ reproposable: false, rules: cobaltRules, roundsAhead: 32, ...weakening, coin }),
  }) as unknown as Definition

/** U := {v} on f + 1 CONF({v}), instead of n − f. */
export const fPlus1Rules: CobaltRules = {
  ...cobaltRules,
  union: (state, own, committee) => {
    const union = cobaltRules.union(state, own, committee)
    if (union !== '*') return union
    if (state.accepted(CONF, 1) >= fPlus1(committee)) return 1
    return state.accepted(CONF, 0) >= fPlus1(committee) ? 0 : '*'
  },
}

/** Member 0 of n, with the messages of a step as short texts. */
export interface Member {
  readonly driven: Driven<RabaInput, Message, Bit>
  readonly view: CobaltView
  propose(bit: Bit): string[]
  repropose(): string[]
  /** Hears the same messages from each of these peers, one peer after the other. */
  hear(from: readonly number[], ...messages: readonly string[]): string[]
  /** What was reported or given out so far. */
  readonly faults: readonly string[]
  readonly outputs: readonly Bit[]
}

/** Member 0 of any agreement over a common coin. */
export function memberOf(definition: Definition, n: number): Member {
  let protocol: object | undefined
  const faults: string[] = []
  const outputs: Bit[] = []
  const captured: Definition = {
    ...definition,
    create: (params, effects) => {
      const created = definition.create(params, effects)
      protocol = created
      return created
    },
  }
  const driven = drive(captured, { committee: committee({ n, self: 0 }), domain: ['test'] })
  const sent = (step: Step<Message, Bit>): string[] => {
    faults.push(...step.faults.map(({ rule, peer: by }) => (by === undefined ? rule : `${rule} by ${by}`)))
    outputs.push(...step.outputs)
    return step.messages.map(({ to, message }) => (to === 'all' ? '' : `to ${to}: `) + text(message))
  }
  return {
    driven,
    faults,
    outputs,
    get view() {
      return inspectCobalt(protocol as object)
    },
    propose: bit => sent(driven.input({ type: 'propose', bit })),
    repropose: () => sent(driven.input({ type: 'repropose' })),
    hear: (from, ...messages) =>
      from.flatMap(index => messages.flatMap(message => sent(driven.message(peer(index), parse(message))))),
  }
}

/** `bval_0(1)`, `conf_2(*)`, `fast`, `term(1)`, `sync-req(33..40)`, `sync-rep(33: 2 7)`, `coin_3(7)`. */
export function text(message: Message): string {
  switch (message.type) {
    case 'bval':
    case 'aux':
      return `${message.type}_${message.round}(${message.bit})`
    case 'conf':
      return `conf_${message.round}(${message.value})`
    case 'fast':
      return 'fast'
    case 'term':
      return `term(${message.bit})`
    case 'sync-req':
      return `sync-req(${message.fromRound}..${message.toRound})`
    case 'sync-rep':
      return `sync-rep(${message.fromRound}: ${message.records.join(' ')})`
    case 'coin':
      return `coin_${message.round}(${message.message})`
  }
}

/** The message that `text` shows. */
export function parse(shown: string): Message {
  const [, kind, number = '0', value = ''] = /^([a-z-]+?)(?:_(\d+))?(?:\((.*)\))?$/.exec(shown) ?? []
  const at = round(Number(number))
  const [first = '', second = ''] = value.split(/\.\.|: ?/)
  switch (kind) {
    case 'bval':
    case 'aux':
      return { type: kind, round: at, bit: Number(value) as Bit }
    case 'conf':
      return { type: 'conf', round: at, value: value === '*' ? '*' : (Number(value) as Bit) }
    case 'fast':
      return { type: 'fast' }
    case 'term':
      return { type: 'term', bit: Number(value) as Bit }
    case 'coin':
      return { type: 'coin', round: at, message: Number(value) }
    case 'sync-req':
      return { type: 'sync-req', fromRound: round(Number(first)), toRound: round(Number(second)) }
    case 'sync-rep':
      return {
        type: 'sync-rep',
        fromRound: round(Number(first)),
        records: second.split(' ').filter(Boolean).map(Number),
      }
    default:
      throw new TypeError(`no message looks like ${shown}`)
  }
}
