/**
 * One member of Crain's agreement under a microscope: its peers are whoever the test says they are.
 */
import type { Coin } from '@mc/coin'
import { type Bit, committee, type Driven, drive, peer, round, type Step } from '@mc/protocol'
import { type AbaInput, type CrainMessage, type CrainOptions, crainAba } from '@mc/raba'
import type { AgreementDefinition } from '@mc/raba/conformance'
import type { CrainView } from '../../src/crain/crain-agreement.js'
import { inspectCrain } from '../../src/crain/inspect.js'
import { bindingStages } from '../../src/crain/rules.js'
import { type CrainSetup, crainParts } from '../../src/crain/setup.js'
import { scriptedCoin, shareCoin } from '../ideal-coin.js'

/** What is said over a coin without messages, or one whose shares are small numbers. */
export type Message = CrainMessage<number>
export type Definition = AgreementDefinition<Message>

/** Asks for f + 1 shares. */
export const sharing: Partial<CrainOptions<number>> = { coin: shareCoin }

/** Member 0 of n; the coin is 1 in even rounds and 0 in odd ones. */
export const crainMember = (n = 4, options: Partial<CrainOptions<number>> = {}): Member =>
  memberOf(crainAba<number>({ coin: scriptedCoin(1, 0) as Coin<number>, ...options }) as Definition, n)

/** The agreement with its rules replaced where `weakening` says so. */
export const weakenedCrain = (
  coin: Coin<never>,
  weakening: Partial<Omit<CrainSetup<never>, 'coin'>> = {},
): Definition =>
  ({
    name: 'aba/weakened',
    parameters: {},
    ...crainParts<never>({ rules: bindingStages, brake: true, roundsAhead: 32, ...weakening, coin }),
  }) as unknown as Definition

/** Member 0 of n, with the messages of a step as short texts. */
export interface Member {
  readonly driven: Driven<AbaInput, Message, Bit>
  readonly view: CrainView
  propose(bit: Bit): string[]
  /** Hears the same messages from each of these peers, one peer after the other. */
  hear(from: readonly number[], ...messages: readonly string[]): string[]
  /** What was reported or given out so far. */
  readonly faults: readonly string[]
  readonly outputs: readonly Bit[]
}

/** Member 0 of any form of the agreement. */
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
      return inspectCrain(protocol as object)
    },
    propose: bit => sent(driven.input({ type: 'propose', bit })),
    hear: (from, ...messages) =>
      from.flatMap(index => messages.flatMap(message => sent(driven.message(peer(index), parse(message))))),
  }
}

/** `est_0(1)`, `conf_2(*)`, `term(1)`, `sync-req(33..40)`, `sync-rep(33: 2 7)`, `coin_3(7)`. */
export function text(message: Message): string {
  switch (message.type) {
    case 'est':
    case 'aux':
      return `${message.type}_${message.round}(${message.bit})`
    case 'conf':
    case 'est2':
    case 'aux2':
      return `${message.type}_${message.round}(${message.value})`
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
  const [, kind, number = '0', value = ''] = /^([a-z-]+2?)(?:_(\d+))?(?:\((.*)\))?$/.exec(shown) ?? []
  const at = round(Number(number))
  const [first = '', second = ''] = value.split(/\.\.|: ?/)
  switch (kind) {
    case 'est':
    case 'aux':
      return { type: kind, round: at, bit: Number(value) as Bit }
    case 'conf':
    case 'est2':
    case 'aux2':
      return { type: kind, round: at, value: value === '*' ? '*' : (Number(value) as Bit) }
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
