/**
 * What can be compared: agreements made on equal terms, ours and a stranger's.
 */
import type { BitSource, Coin, CommonCoin } from '@mc/coin'
import type { Bit, ProtocolDefinition } from '@mc/protocol'
import type { Aba, AgreementParams, Raba, RabaInput } from '@mc/raba'
import type { Rbc } from '@mc/rbc'

/** What an agreement may be made from. All variants are handed the same kinds of parts. */
export interface VariantSetting {
  /** This member's own bits, from the seed of the run. */
  readonly rng: BitSource
  /** Every member flips for itself, and sends nothing. */
  readonly localCoin: Coin<never>
  /** The same bit for all, told by f + 1 shares. In simulation it has the size of a real one, and no cryptography. */
  readonly commonCoin: CommonCoin<unknown>
  /** Bracha's broadcast of one byte, for agreements whose votes travel by broadcast. */
  readonly voteRbc: Rbc<unknown>
}

/** An agreement under comparison. */
export interface Variant {
  /** Kebab case; what tables and figures call it. */
  readonly name: string
  /** One sentence: where it comes from, what is special. */
  readonly note?: string
  /** Makes the definition of one member. */
  readonly make: (setting: VariantSetting) => Aba<never> | Raba<never> | Agreement
  /** The round a message belongs to; its field `round` by default. */
  readonly roundOf?: (message: unknown) => number | undefined
  /** The bit a message speaks for, for networks that read; its field `bit` or `value` by default. */
  readonly bitOf?: (message: unknown) => Bit | undefined
}

/** An agreement with its kind as data: what `Aba` and `Raba` have in common. */
export interface Agreement extends ProtocolDefinition<AgreementParams, RabaInput, unknown, Bit> {
  readonly role: 'aba' | 'raba'
}

/** What a stranger's module exports by default, or by name. */
export interface LabConfig {
  readonly variants: readonly Variant[]
}

/** The definition of one member, whatever its messages are. */
export const agreementOf = (variant: Variant, setting: VariantSetting): Agreement =>
  variant.make(setting) as Agreement
