/**
 * One member whose votes travel by an ideal broadcast, under a microscope: its peers are whoever the test says they are.
 */
import { fixedCoin } from '@mc/coin'
import { type Bit, committee, drive, peer, round, type Step } from '@mc/protocol'
import {
  type BrachaAbaMessage,
  type BrachaAbaOptions,
  brachaAba,
  type CubicMessage,
  type CubicOptions,
  cubicAba,
  cubicRaba,
  type RabaInput,
} from '@mc/raba'
import type { AgreementDefinition } from '@mc/raba/conformance'
import { inspect as inspectBracha } from '../src/bracha/inspect.js'
import { inspect as inspectCubic } from '../src/cubic/inspect.js'
import { idealRbc } from './ideal-rbc.js'

type Bracha = BrachaAbaMessage<never, Uint8Array>
type Cubic = CubicMessage<never, Uint8Array>
type Message = Bracha | Cubic

/** Member 0 of n, with the messages of a step as short texts. */
export interface BorneMember<View> {
  readonly view: View
  propose(bit: Bit): string[]
  repropose(): string[]
  /** Hears the same messages from each of these peers; a broadcast that names no proposer is that peer's own. */
  hear(from: readonly number[], ...messages: readonly string[]): string[]
  readonly faults: readonly string[]
  readonly outputs: readonly Bit[]
}

const parts = { coin: fixedCoin([1, 0]), rbc: idealRbc }

export const brachaMember = (n = 4, options: Partial<BrachaAbaOptions<never, Uint8Array>> = {}) =>
  memberOf(brachaAba({ ...parts, ...options }) as AgreementDefinition<Bracha>, n, inspectBracha)

export const cubicMember = (n = 4, options: Partial<CubicOptions<never, Uint8Array>> = {}) =>
  memberOf(cubicAba({ ...parts, ...options }) as AgreementDefinition<Cubic>, n, inspectCubic)

export const cubicRabaMember = (n = 4, options: Partial<CubicOptions<never, Uint8Array>> = {}) =>
  memberOf(cubicRaba({ ...parts, ...options }), n, inspectCubic)

function memberOf<M extends Message, View>(
  definition: AgreementDefinition<M>,
  n: number,
  inspect: (protocol: object) => View,
): BorneMember<View> {
  let protocol: object | undefined
  const faults: string[] = []
  const outputs: Bit[] = []
  const captured: AgreementDefinition<M> = {
    ...definition,
    create: (params, effects) => {
      const created = definition.create(params, effects)
      protocol = created
      return created
    },
  }
  const driven = drive<Parameters<typeof definition.create>[0], RabaInput, M, Bit>(captured, {
    committee: committee({ n, self: 0 }),
    domain: ['test'],
  })
  const sent = (step: Step<M, Bit>): string[] => {
    faults.push(...step.faults.map(({ rule, peer: by }) => (by === undefined ? rule : `${rule} by ${by}`)))
    outputs.push(...step.outputs)
    return step.messages.map(({ to, message }) => (to === 'all' ? '' : `to ${to}: `) + text(message))
  }
  return {
    faults,
    outputs,
    get view() {
      return inspect(protocol as object)
    },
    propose: bit => sent(driven.input({ type: 'propose', bit })),
    repropose: () => sent(driven.input({ type: 'repropose' })),
    hear: (from, ...messages) =>
      from.flatMap(index =>
        messages.flatMap(shown => sent(driven.message(peer(index), parse(shown, index) as M))),
      ),
  }
}

const BYTES = ['0', '1', '*', 'D1'] as const

/** `0: vote2_5(1)` for the broadcast of member 0's step-2 vote in round 5, `0: final_5(*)` for its FINALVOTE. */
export function text(message: Message): string {
  switch (message.type) {
    case 'prevote':
      return `pre_${message.round}(${message.bit})`
    case 'mainvote':
      return `main_${message.round}(${message.value})`
    case 'finalvote':
      return `${message.proposer}: final_${message.round}(${byteText(message.message)})`
    case 'vote':
      return 'step' in message
        ? `${message.proposer}: vote${message.step}_${message.round}(${byteText(message.message).replace('*', 'D0')})`
        : `vote_${message.round}(${message.bit})`
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

const byteText = (bytes: Uint8Array): string => BYTES[bytes[0] ?? -1] ?? `[${bytes.join(' ')}]`

const payload = (shown: string): Uint8Array => {
  if (shown.startsWith('[')) return Uint8Array.from(shown.slice(1, -1).split(' ').filter(Boolean).map(Number))
  return Uint8Array.of(BYTES.indexOf(shown.replace('D0', '*') as (typeof BYTES)[number]))
}

/** The message that `text` shows. */
export function parse(shown: string, speaker = 0): Message {
  const borne = /^(?:(\d+): )?(?:vote([123])|final)_(\d+)\((.*)\)$/.exec(shown)
  if (borne !== null) {
    const [, proposer, step, number, value] = borne
    const address = { round: round(Number(number)), proposer: peer(Number(proposer ?? speaker)) }
    const message = payload(value as string)
    if (step === undefined) return { type: 'finalvote', ...address, message }
    return { type: 'vote', step: Number(step) as 1 | 2 | 3, ...address, message }
  }
  const plain = /^(pre|vote|main)_(\d+)\(([01*])\)$/.exec(shown)
  if (plain !== null) {
    const value = plain[3] === '*' ? '*' : (Number(plain[3]) as Bit)
    const number = round(Number(plain[2]))
    if (plain[1] === 'main') return { type: 'mainvote', round: number, value }
    const bit = value as Bit
    return plain[1] === 'pre' ? { type: 'prevote', round: number, bit } : { type: 'vote', round: number, bit }
  }
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
