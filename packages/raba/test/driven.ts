/**
 * One member under a microscope: its peers are whoever the test says they are.
 */
import { fixedCoin } from '@mc/coin'
import { type Bit, committee, type Driven, drive, peer, round, type Step } from '@mc/protocol'
import {
  type QuadraticAbaOptions,
  type QuadraticRabaOptions,
  quadraticAba,
  quadraticRaba,
  type RabaInput,
} from '@mc/raba'
import type { AgreementDefinition } from '@mc/raba/conformance'
import { inspect } from '../src/quadratic/inspect.js'
import type { QuadraticView } from '../src/quadratic/quadratic-agreement.js'
import type { Message } from './liars.js'

export type { Message }

/** Member 0 of n, with the messages of a step as short texts. */
export interface Member {
  readonly driven: Driven<RabaInput, Message, Bit>
  readonly view: QuadraticView
  propose(bit: Bit): string[]
  repropose(): string[]
  /** Hears the same messages from each of these peers, one peer after the other. */
  hear(from: readonly number[], ...messages: readonly string[]): string[]
  /** What the last step reported or gave out. */
  readonly faults: readonly string[]
  readonly outputs: readonly Bit[]
}

const coin = fixedCoin([1, 0])

/** Member 0 of a RABA. */
export const rabaMember = (n = 4, options: Partial<QuadraticRabaOptions<never>> = {}): Member =>
  memberOf(quadraticRaba({ coin, ...options }), n)

/** Member 0 of an ABA. */
export const abaMember = (n = 4, options: Partial<QuadraticAbaOptions<never>> = {}): Member =>
  memberOf(quadraticAba({ coin, ...options }) as AgreementDefinition<Message>, n)

/** Member 0 of any quadratic agreement. */
export function memberOf(definition: AgreementDefinition<Message>, n: number): Member {
  let view: QuadraticView | undefined
  let protocol: object | undefined
  const faults: string[] = []
  const outputs: Bit[] = []
  const captured: AgreementDefinition<Message> = {
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
      view = inspect(protocol as object)
      return view
    },
    propose: bit => sent(driven.input({ type: 'propose', bit })),
    repropose: () => sent(driven.input({ type: 'repropose' })),
    hear: (from, ...messages) =>
      from.flatMap(index => messages.flatMap(message => sent(driven.message(peer(index), parse(message))))),
  }
}

/** `main_2(*)` for a MAINVOTE of `*` in round 2, `pre_0(1)`, `fast`, `term(1)`, `sync-req(33..40)`, `sync-rep(33: 2 7)`. */
export function text(message: Message): string {
  switch (message.type) {
    case 'prevote':
      return `pre_${message.round}(${message.bit})`
    case 'vote':
      return `vote_${message.round}(${message.bit})`
    case 'mainvote':
      return `main_${message.round}(${message.value})`
    case 'finalvote':
      return `final_${message.round}(${message.value})`
    case 'fixvote':
      return `fix_${message.round}(${message.value})`
    case 'fast':
      return 'fast'
    case 'term':
      return `term(${message.bit})`
    case 'sync-req':
      return `sync-req(${message.fromRound}..${message.toRound})`
    case 'sync-rep':
      return `sync-rep(${message.fromRound}: ${message.records.join(' ')})`
    case 'coin':
      return `coin_${message.round}`
  }
}

const NAMES = { pre: 'prevote', vote: 'vote', main: 'mainvote', final: 'finalvote', fix: 'fixvote' } as const

/** The message that `text` shows. */
export function parse(shown: string): Message {
  const vote = /^(pre|vote|main|final|fix)_(\d+)\(([01*])\)$/.exec(shown)
  if (vote !== null) {
    const type = NAMES[vote[1] as keyof typeof NAMES]
    const value = vote[3] === '*' ? '*' : (Number(vote[3]) as Bit)
    const field = type === 'prevote' || type === 'vote' ? { bit: value } : { value }
    return { type, round: round(Number(vote[2])), ...field } as Message
  }
  if (shown === 'fast') return { type: 'fast' }
  const term = /^term\(([01])\)$/.exec(shown)
  if (term !== null) return { type: 'term', bit: Number(term[1]) as Bit }
  const request = /^sync-req\((\d+)\.\.(\d+)\)$/.exec(shown)
  if (request !== null) {
    return { type: 'sync-req', fromRound: round(Number(request[1])), toRound: round(Number(request[2])) }
  }
  const reply = /^sync-rep\((\d+): ([\d ]*)\)$/.exec(shown)
  if (reply !== null) {
    const records = (reply[2] as string).split(' ').filter(Boolean).map(Number)
    return { type: 'sync-rep', fromRound: round(Number(reply[1])), records }
  }
  throw new TypeError(`no message looks like ${shown}`)
}
