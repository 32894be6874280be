/**
 * A binary agreement of four members in one process: you choose the inputs, and in which order each hears the others.
 */
import { localCoin } from '@mc/coin'
import type { Bit } from '@mc/protocol'
import { type QuadraticMessage, quadraticAba } from '@mc/raba'
import { type ScriptedNetwork, scriptedNetwork } from '@mc/sim'

/** What a run is made of. */
export interface Play {
  readonly inputs: readonly Bit[]
  /** For each member, in which order it hears the others. */
  readonly hears: readonly (readonly number[])[]
  /** Seeds the coins. */
  readonly seed: number
}

/** Two of each opinion, and everybody hears first who thinks otherwise. Change it, and see how many rounds it takes. */
export const PLAY: Play = {
  inputs: [0, 1, 0, 1],
  hears: [
    [1, 3, 2],
    [0, 2, 3],
    [3, 1, 0],
    [2, 0, 1],
  ],
  seed: 1,
}

type Message = QuadraticMessage<never>
type Network = ScriptedNetwork<{ readonly type: 'propose'; readonly bit: Bit }, Message, Bit>

/** Runs the agreement until nothing is on its way, and tells it round by round. */
export function tellAgreement({ inputs, hears, seed }: Play = PLAY): string {
  const network: Network = scriptedNetwork({
    n: inputs.length,
    seed,
    protocol: ({ random }) => quadraticAba({ coin: localCoin({ rng: random }) }),
    params: committee => ({ committee, domain: ['example', 'agreement'] }),
  })
  const votes = new Votes(inputs.length)
  inputs.forEach((bit, index) => {
    network.input(index, { type: 'propose', bit })
  })
  while (network.pending().length > 0) {
    votes.note(network)
    // Each hears what is on its way to it by now, in the order that the play says; what that causes comes next time.
    const now = new Set(network.pending().map(({ id }) => id))
    hears.forEach((order, index) => {
      network.deliver(
        ({ id, to }) => to === index && now.has(id),
        ({ from }) => order.indexOf(from),
      )
    })
  }
  const decisions = inputs.map((_, index) => network.outputs(index).join() || '-')
  return `${[row('input', inputs.map(String)), ...votes.lines(), '', row('decision', decisions)].join('\n')}\n`
}

/** What everybody voted, by round and kind. */
class Votes {
  readonly #n: number
  readonly #rounds = new Map<number, Map<string, Set<string>[]>>()

  constructor(n: number) {
    this.#n = n
  }

  /** Takes down everything that is on its way. */
  note(network: Network): void {
    for (const { from, message } of network.pending()) {
      if (!('round' in message)) continue
      const value = 'bit' in message ? message.bit : 'value' in message ? message.value : undefined
      if (value !== undefined) this.#of(message.round, message.type)[from]?.add(String(value))
    }
  }

  lines(): string[] {
    return [...this.#rounds].flatMap(([round, kinds]) => [
      '',
      row(
        `round ${round}`,
        Array.from({ length: this.#n }, (_, index) => `member ${index}`),
      ),
      ...[...kinds].map(([kind, said]) =>
        row(
          kind,
          said.map(values => [...values].join(' and ')),
        ),
      ),
    ])
  }

  #of(round: number, kind: string): Set<string>[] {
    const kinds = this.#rounds.get(round) ?? new Map<string, Set<string>[]>()
    this.#rounds.set(round, kinds)
    const said = kinds.get(kind) ?? Array.from({ length: this.#n }, () => new Set<string>())
    kinds.set(kind, said)
    return said
  }
}

const row = (name: string, cells: readonly string[]): string =>
  [name, ...cells]
    .map(cell => cell.padEnd(11))
    .join('')
    .trimEnd()
