/**
 * Why a composition does not fit, in sentences: the types of names.ts once more, for names that people typed.
 */
import { type AbaNames, NAMES, type Place, type RabaNames, type SuiteNames } from './names.js'

/** Names as they come from a command line: whatever was said, at whichever place. */
export type SaidNames = Readonly<Record<string, string | undefined>>

/** Which agreement a common subset takes, and why no other. */
const AGREEMENT_OF: Readonly<Record<string, { readonly place: 'aba' | 'raba'; readonly why: string }>> = {
  'acs/raba-subset': {
    place: 'raba',
    why: 'it proposes 0 early and comes back with 1, which an Aba has no word for',
  },
  'acs/bkr': {
    place: 'aba',
    why: 'its members propose different bits and never come back, for which a Raba promises no end',
  },
  'acs/vector': {
    place: 'aba',
    why: 'its members propose different bits and never come back, for which a Raba promises no end',
  },
  'acs/dispersed': {
    place: 'aba',
    why: 'its members propose different bits and never come back, for which a Raba promises no end',
  },
  'acs/linkable': {
    place: 'aba',
    why: 'its members propose different bits and never come back, for which a Raba promises no end',
  },
  'acs/fin': {
    place: 'raba',
    why: 'members who get a leader’s value late come back with 1, which an Aba has no word for',
  },
}

const CALLED: Readonly<Record<Place, string>> = {
  acs: 'a common subset',
  rbc: 'a reliable broadcast',
  aba: 'an Aba',
  raba: 'a Raba',
  coin: 'a coin',
  election: 'an election',
  dispersal: 'a dispersal',
  encryption: 'a threshold encryption',
  commitment: 'a commitment to shards',
}

/** What a common subset takes beside its agreement. */
const OTHERS_OF: Readonly<Record<string, readonly Place[]>> = {
  'acs/raba-subset': ['rbc'],
  'acs/bkr': ['rbc'],
  'acs/vector': ['rbc'],
  'acs/dispersed': ['dispersal'],
  'acs/linkable': ['dispersal'],
  'acs/fin': ['rbc', 'election'],
}

/** Agreements whose members would decide differently on different bits. */
const NEEDS_COMMON_COIN: readonly string[] = ['aba/cobalt', 'aba/crusader', 'aba/mmr', 'raba/pace-cobalt']
const COMMON_COINS: readonly string[] = ['coin/cks', 'coin/bls']

/**
 * The names of a whole system, as what they were checked to be.
 *
 * @throws RangeError, in a sentence that says why, if a name is unknown, missing or superfluous, or a part does not fit another.
 */
export function suiteNames(said: SaidNames | SuiteNames): SuiteNames {
  const names = said as SaidNames
  const acs = nameAt('acs', names['acs'], 'a system')
  const others = OTHERS_OF[acs] as readonly Place[]
  for (const other of others) nameAt(other, names[other], acs)
  if (names['encryption'] !== undefined) nameAt('encryption', names['encryption'], acs)
  if (names['encryption'] !== undefined && acs === 'acs/linkable') {
    throw new RangeError(
      'acs/linkable has no place for encryption: what a later epoch links, nobody would open',
    )
  }
  checkCommitment(names)
  const { place, why } = AGREEMENT_OF[acs] as (typeof AGREEMENT_OF)[string]
  checkAgreement(names, place, acs, why)
  refuseOthers(names, ['acs', ...others, 'agreement', 'coin', 'encryption', 'commitment'], acs)
  return said as SuiteNames
}

/** The names of a binary agreement and its coin; throws as `suiteNames`. */
export function abaNames(said: SaidNames | AbaNames): AbaNames {
  checkAgreement(said as SaidNames, 'aba', 'this place', 'a Raba may not end where an Aba must')
  return said as AbaNames
}

/** The names of a reproposable agreement and its coin; throws as `suiteNames`. */
export function rabaNames(said: SaidNames | RabaNames): RabaNames {
  checkAgreement(said as SaidNames, 'raba', 'this place', 'an Aba has no word for coming back')
  return said as RabaNames
}

function checkAgreement(names: SaidNames, place: 'aba' | 'raba', whose: string, why: string): void {
  const { agreement, coin } = names
  const other = place === 'aba' ? 'raba' : 'aba'
  if (isNameOf(other, agreement)) {
    throw new RangeError(`${agreement} is ${CALLED[other]}; ${whose} needs ${CALLED[place]}, because ${why}`)
  }
  const known = nameAt(place, agreement, whose)
  const flipped = nameAt('coin', coin, known)
  if (NEEDS_COMMON_COIN.includes(known) && !COMMON_COINS.includes(flipped)) {
    const late = flipped === 'coin/hybrid' ? 'is common in later rounds only' : 'differs between members'
    throw new RangeError(
      `${flipped} ${late}; ${known} needs a common coin (${COMMON_COINS.join(' or ')}), because members with different bits could decide differently`,
    )
  }
}

function checkCommitment({ rbc, dispersal, commitment }: SaidNames): void {
  if (commitment === undefined) return
  nameAt('commitment', commitment, rbc ?? 'a dispersal')
  if (dispersal === 'dispersal/near-optimal' && commitment !== 'commitment/hash-vector') {
    throw new RangeError(`${dispersal} spreads the vector of commitment/hash-vector; ${commitment} has none`)
  }
  if (rbc !== undefined && rbc !== 'rbc/ct') {
    throw new RangeError(`${rbc} has no place for ${commitment}: its payloads travel whole, without shards`)
  }
}

function nameAt(place: Place, said: string | undefined, whose: string): string {
  const there = NAMES[place].join(', ')
  if (said === undefined) throw new RangeError(`${whose} needs ${CALLED[place]}; there are ${there}`)
  if (isNameOf(place, said)) return said
  const placeOf = (Object.keys(NAMES) as Place[]).find(other => isNameOf(other, said))
  if (placeOf === undefined) {
    throw new RangeError(`there is no part "${said}"; for ${CALLED[place]} there are ${there}`)
  }
  throw new RangeError(`${said} is ${CALLED[placeOf]}; ${whose} needs ${CALLED[place]}: ${there}`)
}

function refuseOthers(names: SaidNames, places: readonly string[], acs: string): void {
  for (const [place, name] of Object.entries(names)) {
    if (name !== undefined && !places.includes(place)) {
      throw new RangeError(`${acs} has no place for ${place} (${name}); its places are ${places.join(', ')}`)
    }
  }
}

const isNameOf = (place: Place, name: string | undefined): boolean =>
  (NAMES[place] as readonly string[]).includes(name ?? '')
