import type { BitSource } from '@mc/coin'
import { portableCrypto } from '@mc/crypto/portable'
import {
  ritas,
  type Suite,
  type WaterbearOptions,
  waterbearC,
  waterbearQ,
  waterbearQsC,
  waterbearQsQ,
} from '@mc/presets'

export const { sha256 } = portableCrypto

/** A source of bits that is never asked. */
export const noBits: BitSource = { bit: () => 0 }

export const presets: Readonly<Record<string, (options: WaterbearOptions) => Suite<unknown>>> = {
  waterbearQsQ: waterbearQsQ as (options: WaterbearOptions) => Suite<unknown>,
  waterbearQ: waterbearQ as (options: WaterbearOptions) => Suite<unknown>,
  waterbearQsC: waterbearQsC as (options: WaterbearOptions) => Suite<unknown>,
  waterbearC: waterbearC as (options: WaterbearOptions) => Suite<unknown>,
  ritas: ritas as (options: WaterbearOptions) => Suite<unknown>,
}
