/**
 * Which part fits where, as types over the parts' names: a composition that does not fit does not compile.
 */

/** The names that stand in one place of a composition; each is the name in the descriptor of its part. */
export const NAMES = {
  acs: ['acs/raba-subset', 'acs/bkr', 'acs/fin', 'acs/vector', 'acs/dispersed', 'acs/linkable'],
  rbc: ['rbc/ct', 'rbc/bracha', 'rbc/hash-bracha'],
  aba: ['aba/quadratic', 'aba/cubic', 'aba/bracha', 'aba/crain', 'aba/cobalt', 'aba/crusader', 'aba/mmr'],
  raba: ['raba/quadratic', 'raba/cubic', 'raba/pace-cobalt'],
  coin: ['coin/local', 'coin/cks', 'coin/bls', 'coin/hybrid'],
  election: ['election/threshold'],
  dispersal: ['dispersal/avid-m', 'dispersal/avid', 'dispersal/near-optimal'],
  encryption: ['encryption/tdh2', 'encryption/baek-zheng', 'encryption/tdh2-by-clients'],
  commitment: ['commitment/merkle', 'commitment/hash-vector'],
} as const

/** A place in a composition. */
export type Place = keyof typeof NAMES

/** A name of a place. */
export type NameOf<P extends Place> = (typeof NAMES)[P][number]

/** Coins that give everybody the same bit in every round: agreements over a common coin take no other. */
export type CommonCoinName = 'coin/cks' | 'coin/bls'

/** Agreements whose safety rests on a common coin. */
export type CommonCoinAgreement = 'aba/cobalt' | 'aba/crusader' | 'aba/mmr' | 'raba/pace-cobalt'

/** A binary agreement and its coin. `aba` and `raba` name two types without an adapter between them. */
export type AgreementNames<P extends 'aba' | 'raba'> =
  | { readonly agreement: Exclude<NameOf<P>, CommonCoinAgreement>; readonly coin: NameOf<'coin'> }
  | { readonly agreement: Extract<NameOf<P>, CommonCoinAgreement>; readonly coin: CommonCoinName }

/** An `Aba`, by the names of its parts. */
export type AbaNames = AgreementNames<'aba'>

/** A `Raba`, by the names of its parts. */
export type RabaNames = AgreementNames<'raba'>

/** A broadcast, by name; one by erasure code may say what commits to its shards: Merkle trees unless it says so. */
export type RbcNames =
  | { readonly rbc: 'rbc/ct'; readonly commitment?: NameOf<'commitment'> }
  | { readonly rbc: Exclude<NameOf<'rbc'>, 'rbc/ct'> }

/** A dispersal and what commits to its shards: Merkle trees unless it says so, and vectors of hashes for the one that spreads them. */
export type DispersalNames =
  | { readonly dispersal: 'dispersal/near-optimal'; readonly commitment?: 'commitment/hash-vector' }
  | {
      readonly dispersal: Exclude<NameOf<'dispersal'>, 'dispersal/near-optimal'>
      readonly commitment?: NameOf<'commitment'>
    }

/** A common subset, by the names of its parts. */
export type SubsetNames =
  | ({ readonly acs: 'acs/raba-subset' } & RbcNames & RabaNames)
  | ({ readonly acs: 'acs/bkr' | 'acs/vector' } & RbcNames & AbaNames)
  | ({ readonly acs: 'acs/dispersed' | 'acs/linkable' } & DispersalNames & AbaNames)
  | ({ readonly acs: 'acs/fin'; readonly election: NameOf<'election'> } & RbcNames & RabaNames)

/** A whole system, by the names of its parts: a common subset, of encrypted proposals, or operations, if `encryption` names how. */
export type SuiteNames = SubsetNames & { readonly encryption?: NameOf<'encryption'> }
