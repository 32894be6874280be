/**
 * The coins of one agreement, one per round, each made when it is first needed.
 */
import type { Coin, CoinInput } from '@mc/coin'
import { type Bit, type Effects, type PeerIndex, type Protocol, type Round, subdomain } from '@mc/protocol'
import type { AgreementParams } from '../aba.js'
import type { CoinEnvelope } from './messages.js'
import type { RoundRange } from './missed-votes.js'

/** What the coins of an agreement are made from. */
export interface RoundCoinsOptions<CoinMessage> {
  readonly coin: Coin<CoinMessage>
  readonly params: AgreementParams
  readonly effects: Pick<Effects<CoinEnvelope<CoinMessage>, Bit>, 'send' | 'scope'>
  readonly onBit: (round: Round, bit: Bit) => void
}

/** Keeps what our coins have sent, until we halt, for peers whose window did not reach that far. */
export class RoundCoins<CoinMessage> {
  readonly #options: RoundCoinsOptions<CoinMessage>
  readonly #coins = new Map<Round, Protocol<CoinInput, CoinMessage>>()
  readonly #flipped = new Set<Round>()
  readonly #sent: CoinEnvelope<CoinMessage>[] = []

  constructor(options: RoundCoinsOptions<CoinMessage>) {
    this.#options = options
  }

  /** Asks for the bit of a round, once. */
  flip(round: Round): void {
    if (this.#flipped.has(round)) return
    this.#flipped.add(round)
    this.#of(round).handleInput('flip')
  }

  /** Passes a message on to the coin of its round; the caller has checked that the round is within the window. */
  receive(from: PeerIndex, { round, message }: CoinEnvelope<CoinMessage>): void {
    this.#of(round).handleMessage(from, message)
  }

  /** Sends to a peer again what our coins of these rounds have broadcast. */
  resend(peer: PeerIndex, { fromRound, toRound }: RoundRange): void {
    for (const message of this.#sent) {
      if (message.round >= fromRound && message.round <= toRound) this.#options.effects.send(peer, message)
    }
  }

  #of(round: Round): Protocol<CoinInput, CoinMessage> {
    const existing = this.#coins.get(round)
    if (existing !== undefined) return existing
    const { coin, params, effects, onBit } = this.#options
    const created = coin.create(
      { committee: params.committee, domain: subdomain(params.domain, round) },
      effects.scope<CoinMessage, Bit>({
        wrap: message => this.#envelope(round, message),
        onOutput: bit => onBit(round, bit),
      }),
    )
    this.#coins.set(round, created)
    return created
  }

  #envelope(round: Round, message: CoinMessage): CoinEnvelope<CoinMessage> {
    const envelope: CoinEnvelope<CoinMessage> = { type: 'coin', round, message }
    this.#sent.push(envelope)
    return envelope
  }
}
