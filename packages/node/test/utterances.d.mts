import type { WaterbearQsQMessage } from '@mc/presets'

/** One word: said again, it must be the same. */
export interface Utterance {
  readonly key: string
  readonly value: string
}

export function utterancesOf(message: WaterbearQsQMessage, to: number): readonly Utterance[]

export class Witness {
  readonly contradictions: readonly string[]
  get size(): number
  hear(from: number, to: number, message: WaterbearQsQMessage): void
  note(slot: string, value: string): void
}
