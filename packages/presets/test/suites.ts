import type { BitSource } from '@mc/coin'
import { portableCrypto } from '@mc/crypto/portable'
import { type Suite, type WaterbearOptions, waterbearQ, waterbearQsQ } from '@mc/presets'

export const { sha256 } = portableCrypto

/** A source of bits that is never asked. */
export const noBits: BitSource = { bit: () => 0 }

export const presets: Readonly<Record<string, (options: WaterbearOptions) => Suite<unknown>>> = {
  waterbearQsQ: waterbearQsQ as (options: WaterbearOptions) => Suite<unknown>,
  waterbearQ: waterbearQ as (options: WaterbearOptions) => Suite<unknown>,
}
