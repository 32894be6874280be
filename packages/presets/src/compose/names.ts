/**
 * Which part fits where, as types over the parts' names: a composition that does not fit does not compile.
 */

/** The names that stand in one place of a composition; each is the name in the descriptor of its part. */
export const NAMES = {
  acs: ['acs/raba-subset', 'acs/bkr', 'acs/fin'],
  rbc: ['rbc/ct', 'rbc/bracha'],
  aba: ['aba/quadratic', 'aba/cubic', 'aba/bracha', 'aba/cobalt', 'aba/mmr'],
  raba: ['raba/quadratic', 'raba/cubic', 'raba/pace-cobalt'],
  coin: ['coin/local', 'coin/cks', 'coin/bls', 'coin/hybrid'],
  election: ['election/threshold'],
} as const

/** A place in a composition. */
export type Place = keyof typeof NAMES

/** A name of a place. */
export type NameOf<P extends Place> = (typeof NAMES)[P][number]

/** Coins that give everybody the same bit in every round: agreements over a common coin take no other. */
export type CommonCoinName = 'coin/cks' | 'coin/bls'

/** Agreements whose safety rests on a common coin. */
export type CommonCoinAgreement = 'aba/cobalt' | 'aba/mmr' | 'raba/pace-cobalt'

/** A binary agreement and its coin. `aba` and `raba` name two types without an adapter between them. */
export type AgreementNames<P extends 'aba' | 'raba'> =
  | { readonly agreement: Exclude<NameOf<P>, CommonCoinAgreement>; readonly coin: NameOf<'coin'> }
  | { readonly agreement: Extract<NameOf<P>, CommonCoinAgreement>; readonly coin: CommonCoinName }

/** An `Aba`, by the names of its parts. */
export type AbaNames = AgreementNames<'aba'>

/** A `Raba`, by the names of its parts. */
export type RabaNames = AgreementNames<'raba'>

/** A whole system, by the names of its parts. */
export type SuiteNames =
  | ({ readonly acs: 'acs/raba-subset'; readonly rbc: NameOf<'rbc'> } & RabaNames)
  | ({ readonly acs: 'acs/bkr'; readonly rbc: NameOf<'rbc'> } & AbaNames)
  | ({
      readonly acs: 'acs/fin'
      readonly rbc: NameOf<'rbc'>
      readonly election: NameOf<'election'>
    } & RabaNames)
