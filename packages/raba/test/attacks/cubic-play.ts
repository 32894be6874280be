/**
 * A stage for attacks on the cubic agreements: early members that flip first, late ones that are steered once the coins are
 * known, and the identities that the script speaks for. Broadcasts are ideal; TERM is never delivered.
 */
import { localCoin } from '@mc/coin'
import { type Bit, opposite, peer, type Round, round } from '@mc/protocol'
import type { CubicMessage, RabaInput, Trit } from '@mc/raba'
import type { AgreementDefinition } from '@mc/raba/conformance'
import { type Delivery, type Random, type ScriptedNetwork, scriptedNetwork } from '@mc/sim'
import { expect } from 'vitest'
import { inspect } from '../../src/cubic/inspect.js'
import { cubicParts } from '../../src/cubic/options.js'
import type { CubicRules } from '../../src/cubic/round-rules.js'
import { hasPrevote } from '../../src/rounds/vote-record.js'
import { idealRbc } from '../ideal-rbc.js'

export type Message = CubicMessage<never, Uint8Array>
type Filter = (delivery: Delivery<Message>) => boolean

/** Who plays which part. Early members vote `votes` first, one each. */
export interface Cast {
  readonly n: number
  readonly early: readonly number[]
  readonly late: readonly number[]
  readonly byzantine: readonly number[]
  readonly votes: readonly Bit[]
  readonly inputs: readonly Bit[]
}

/** n = 7: A, B, C early, D, E late, Y and Z Byzantine. */
export const seven: Cast = {
  n: 7,
  early: [0, 1, 2],
  late: [3, 4],
  byzantine: [5, 6],
  votes: [0, 1, 1],
  inputs: [0, 1, 1, 0, 1],
}

/** n = 4: A and B early, D late, Y Byzantine. */
export const four: Cast = { n: 4, early: [0, 1], late: [2], byzantine: [3], votes: [0, 1], inputs: [0, 1, 0] }

/** A cubic agreement in which every round has these rules. */
const agreement = (rules: CubicRules, random: Random): AgreementDefinition<Message> => ({
  name: 'aba/cubic-play',
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
})

/** The network of one run, in the words of the script. */
export class Play {
  readonly cast: Cast
  readonly #net: ScriptedNetwork<RabaInput, Message, Bit>
  #round: Round = round(0)

  constructor(cast: Cast, rules: CubicRules, seed: number) {
    this.cast = cast
    this.#net = scriptedNetwork({
      n: cast.n,
      seed,
      protocol: ({ random }) => agreement(rules, random),
      params: committee => ({ committee, domain: ['cubic-play'] }),
      byzantine: cast.byzantine,
    })
    cast.inputs.forEach((bit, member) => {
      this.#net.input(member, { type: 'propose', bit })
    })
  }

  get correct(): readonly number[] {
    return [...this.cast.early, ...this.cast.late]
  }

  get decided(): boolean {
    return this.correct.some(member => this.#net.outputs(member).length > 0)
  }

  estimate(member: number): Bit {
    return inspect(this.#net.instance(member)).estimate
  }

  /** Whether a member has left the round that is played. */
  hasLeft(member: number): boolean {
    return inspect(this.#net.instance(member)).round > this.#round
  }

  /** Whether somebody still estimates otherwise, so that the script can go on. */
  get apart(): boolean {
    return new Set(this.correct.map(member => this.estimate(member))).size > 1
  }

  /** Delivers messages of this round and kind. */
  deliver(
    type: Message['type'],
    from: readonly number[],
    to: readonly number[],
    also: Filter = () => true,
  ): void {
    this.#net.deliverAll(
      delivery =>
        delivery.message.type === type &&
        (delivery.message as { readonly round: Round }).round === this.#round &&
        from.includes(delivery.from) &&
        to.includes(delivery.to) &&
        also(delivery),
    )
  }

  /** A Byzantine member says a plain vote to these members, and they take it in. */
  say(from: number, to: readonly number[], type: 'prevote' | 'vote' | 'mainvote', value: Trit): void {
    for (const member of to) {
      const field = type === 'mainvote' ? { value } : { bit: value }
      for (const delivery of this.#net.inject(from, member, {
        type,
        round: this.#round,
        ...field,
      } as Message))
        this.#net.deliver(delivery)
    }
  }

  /** A Byzantine member broadcasts its FINALVOTE: it is on its way to everybody, and the same for everybody. */
  broadcastFinal(from: number, value: Trit): void {
    const message = Uint8Array.of(value === '*' ? 2 : value)
    this.#net.inject(from, 'all', { type: 'finalvote', round: this.#round, proposer: peer(from), message })
  }

  /** Everybody pre-votes both values, and nobody has 2f + 1 of either yet. */
  relayBoth(): void {
    const { byzantine } = this.cast
    for (const bit of [0, 1] as const) {
      for (const from of byzantine) this.say(from, this.correct, 'prevote', bit)
      const holder = this.correct.find(member => this.estimate(member) === bit) as number
      const others = this.correct.filter(member => this.estimate(member) !== bit)
      this.deliver('prevote', [holder], others, isPrevote(bit))
      for (const member of this.correct) {
        expect(hasPrevote(inspect(this.#net.instance(member)).ownVotes(this.#round), bit)).toBe(true)
      }
    }
  }

  /** bset = {0, 1} with `first` = bit. */
  steer(member: number, bit: Bit): void {
    this.deliver('prevote', this.correct, [member], isPrevote(bit))
    this.deliver('prevote', this.correct, [member], isPrevote(opposite(bit)))
  }

  /** The early members vote as cast. */
  steerEarly(): void {
    const { early, votes } = this.cast
    early.forEach((member, at) => {
      this.steer(member, votes[at] as Bit)
    })
  }

  /** What the coins of the early members are not, if they agree; 0 otherwise. */
  againstCoins(): Bit {
    const [first, ...others] = this.cast.early.map(member => this.estimate(member))
    return others.every(bit => bit === first) ? opposite(first as Bit) : 0
  }

  /** The early member that votes `bit` first. */
  earlyVoterOf(bit: Bit): number {
    return this.cast.early[this.cast.votes.indexOf(bit)] as number
  }

  /** Free run of this round, and on to the next one. */
  nextRound(): void {
    this.#net.deliverAll(({ to, message }) => {
      return this.correct.includes(to) && 'round' in message && message.round === this.#round
    })
    this.#net.drop(({ to, message }) => {
      return this.cast.byzantine.includes(to) || ('round' in message && message.round <= this.#round)
    })
    this.#round = round(this.#round + 1)
  }

  /** Free run to the end, TERM included: everybody decides the same. */
  finish(): void {
    this.#net.deliverAll(({ to }) => this.correct.includes(to))
    const decisions = this.correct.map(member => this.#net.outputs(member))
    expect(decisions).toEqual(decisions.map(() => [expect.anything()]))
    expect(new Set(decisions.flat()).size).toBe(1)
  }
}

const isPrevote =
  (bit: Bit): Filter =>
  ({ message }) =>
    message.type === 'prevote' && message.bit === bit

/** Plays round after round until nobody can be kept apart; how many rounds that took, at most `cutOff`. */
export function survive(play: Play, cutOff: number, playRound: (play: Play) => void): number {
  for (let number = 0; number < cutOff; number += 1) {
    if (play.decided || !play.apart) {
      play.finish()
      return number
    }
    playRound(play)
    play.nextRound()
  }
  return cutOff
}
