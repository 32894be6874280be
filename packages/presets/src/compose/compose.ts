/**
 * Compositions made of names: what a command line and a benchmark need, who learn at run time what is wanted.
 *
 * Everybody else composes factories, where the compiler sees more. The names are checked here once more, because at run time
 * they come from people.
 */
import { EPOCHS_LINKED, reportBytesMax } from '@mc/abc'
import {
  type Acs,
  bkrSubset,
  type DispersedSubsetOptions,
  dispersedSubset,
  type EncryptionKey,
  encryptedSubset,
  finSubset,
  type LinkableSubset,
  linkableSubset,
  rabaSubset,
  ritasMvc,
  vectorConsensus,
} from '@mc/acs'
import {
  avidDispersal,
  avidMDispersal,
  avidMRetrieval,
  avidRetrieval,
  hashVectorCommitment,
  merkleCommitment,
  nearOptimalDispersal,
  nearOptimalRetrieval,
  type ShardCommitment,
} from '@mc/avid'
import {
  type BitSource,
  blsCoin,
  type Coin,
  type CommonCoin,
  cksCoin,
  type ElectionCoin,
  electionCoin,
  hybridCoin,
  localCoin,
} from '@mc/coin'
import type { Sha256 } from '@mc/crypto'
import {
  type Aba,
  brachaAba,
  cobaltAba,
  crainAba,
  crusaderAba,
  cubicAba,
  cubicRaba,
  mmrAba,
  paceRaba,
  quadraticAba,
  quadraticRaba,
  type Raba,
} from '@mc/raba'
import { brachaRbc, ctRbc, hashBrachaRbc, type Rbc } from '@mc/rbc'
import type { CoinKey, SuiteKeys } from '../keys.js'
import { opensOperations, requireOneEpoch } from '../opens-operations.js'
import { requireScheme } from '../require-scheme.js'
import { linkedSuite, type Suite, type SuiteOptions, suite } from '../suite.js'
import { PAYLOAD_BYTES_MAX, setRbc, voteRbc } from '../system-options.js'
import { abaNames, rabaNames, suiteNames } from './check-names.js'
import type {
  AbaNames,
  DispersalNames,
  NameOf,
  RabaNames,
  RbcNames,
  SubsetNames,
  SuiteNames,
} from './names.js'

/** What one member's parts are made from, whichever they are. */
export interface CompositionOptions {
  /** This member's own unpredictable bits. */
  readonly rng: BitSource
  readonly sha256: Sha256
  /** What this member holds of shared keys; needed by the parts that say so. */
  readonly keys?: SuiteKeys
  /** The largest payload of one proposal, in bytes; 4 MiB by default. */
  readonly payloadBytesMax?: number
}

/** What a composed suite is made from. */
export interface ComposeSuiteOptions extends CompositionOptions, Omit<SuiteOptions<never>, 'name' | 'acs'> {
  /** The suite's name; by default made of the names of its parts. */
  readonly name?: string
}

/**
 * A binary agreement by the names of its parts.
 *
 * @throws RangeError, in a sentence, if a name is unknown, a part does not fit another, or a key is missing.
 */
export function composeAba(names: AbaNames, options: CompositionOptions): Aba<unknown> {
  return erased(abaOf(abaNames(names), options))
}

/**
 * A reproposable binary agreement by the names of its parts.
 *
 * @throws RangeError as `composeAba`.
 */
export function composeRaba(names: RabaNames, options: CompositionOptions): Raba<unknown> {
  return erased(rabaOf(rabaNames(names), options))
}

/**
 * A common subset by the names of its parts.
 *
 * @throws RangeError as `composeAba`.
 */
export function composeAcs(names: SuiteNames, options: CompositionOptions): Acs<unknown> {
  return erased(acsOf(suiteNames(names), options))
}

/**
 * A whole system by the names of its parts.
 *
 * @throws RangeError as `composeAba`, and as `suite`: a network gets no part that is for comparison only and no dealt key.
 */
export function composeSuite(names: SuiteNames, options: ComposeSuiteOptions): Suite<unknown> {
  const { name = composedName(names), rng: _, keys: __, payloadBytesMax: ___, ...rest } = options
  if (names.acs === 'acs/linkable') {
    return linkedSuite({ name, acs: linkableOf(names, options), ...rest }) as Suite<unknown>
  }
  if (names.encryption === BY_CLIENTS) requireOneEpoch(name, rest.depth)
  return suite({ name, acs: composeAcs(names, options), ...rest }) as Suite<unknown>
}

const BY_CLIENTS: NameOf<'encryption'> = 'encryption/tdh2-by-clients'

/** `acs/raba-subset` of `rbc/ct`, `raba/quadratic` and `coin/local` is `raba-subset-ct-quadratic-local`. */
export const composedName = (names: SuiteNames): string =>
  Object.values(names as Readonly<Record<string, string>>)
    .map(name => name.slice(name.indexOf('/') + 1))
    .join('-')

/** What the members of one composition tell each other is between them: whoever composes by name sees no message types. */
const erased = <Part>(part: unknown): Part => part as Part

function acsOf(names: SuiteNames, options: CompositionOptions): Acs<never> {
  const { encryption } = names
  if (encryption === undefined) return subsetOf(names, options)
  const { sha256, payloadBytesMax = PAYLOAD_BYTES_MAX } = options
  const key = encryptionKey(encryption, options)
  if (encryption === BY_CLIENTS) return erased(opensOperations({ acs: subsetOf(names, options), key }))
  const inside = { ...options, payloadBytesMax: payloadBytesMax + key.scheme.overheadBytes }
  return erased(encryptedSubset({ acs: subsetOf(names, inside), key, sha256 }))
}

function subsetOf(names: SubsetNames, options: CompositionOptions): Acs<never> {
  switch (names.acs) {
    case 'acs/raba-subset':
      return erased(rabaSubset({ rbc: rbcOf(names, options), raba: rabaOf(names, options) }))
    case 'acs/bkr':
      return erased(bkrSubset({ rbc: rbcOf(names, options), aba: abaOf(names, options) }))
    case 'acs/vector': {
      const mvc = ritasMvc({ rbc: setRbc(options.sha256), aba: abaOf(names, options) })
      return erased(vectorConsensus({ rbc: rbcOf(names, options), mvc }))
    }
    case 'acs/dispersed':
      return erased(dispersedSubset(dispersedParts(names, options)))
    case 'acs/linkable':
      // By itself, without epochs to link, it is the subset that its instances are.
      return erased(dispersedSubset(dispersedParts(names, options)))
    case 'acs/fin': {
      const election = electionOf(names.election, options)
      return erased(finSubset({ rbc: rbcOf(names, options), raba: rabaOf(names, options), election }))
    }
  }
}

/** Reports travel beside payloads: so much more has to fit. */
function linkableOf(names: DispersalNames & AbaNames, options: CompositionOptions): LinkableSubset<never> {
  const { payloadBytesMax = PAYLOAD_BYTES_MAX } = options
  const inside = { ...options, payloadBytesMax: payloadBytesMax + reportBytesMax(EPOCHS_LINKED) }
  return erased(linkableSubset(dispersedParts(names, inside)))
}

function dispersedParts(
  names: DispersalNames & AbaNames,
  options: CompositionOptions,
): DispersedSubsetOptions<unknown, unknown, unknown> {
  const { sha256, payloadBytesMax = PAYLOAD_BYTES_MAX } = options
  const aba = abaOf(names, options)
  switch (names.dispersal) {
    case 'dispersal/avid-m': {
      const commitment = commitmentOf(names.commitment, options)
      return erased({
        dispersal: avidMDispersal({ commitment }),
        retrieval: avidMRetrieval({ commitment }),
        aba,
      })
    }
    case 'dispersal/avid': {
      const commitment = commitmentOf(names.commitment, options)
      return erased({
        dispersal: avidDispersal({ commitment }),
        retrieval: avidRetrieval({ commitment }),
        aba,
      })
    }
    case 'dispersal/near-optimal': {
      const commitment = hashVectorCommitment({ sha256, payloadBytesMax })
      const dispersal = nearOptimalDispersal({ commitment })
      return erased({ dispersal, retrieval: nearOptimalRetrieval({ commitment }), aba })
    }
  }
}

function rbcOf(names: RbcNames, options: CompositionOptions): Rbc<unknown> {
  const { sha256, payloadBytesMax = PAYLOAD_BYTES_MAX } = options
  switch (names.rbc) {
    case 'rbc/ct': {
      const commitment = commitmentOf(names.commitment, options)
      return erased(ctRbc({ sha256, payloadBytesMax, commitment }))
    }
    case 'rbc/bracha':
      return erased(brachaRbc({ sha256, payloadBytesMax }))
    case 'rbc/hash-bracha':
      return erased(hashBrachaRbc({ sha256, payloadBytesMax }))
  }
}

function commitmentOf(
  name: NameOf<'commitment'> = 'commitment/merkle',
  { sha256, payloadBytesMax = PAYLOAD_BYTES_MAX }: CompositionOptions,
): ShardCommitment {
  const make = name === 'commitment/merkle' ? merkleCommitment : hashVectorCommitment
  return make({ sha256, payloadBytesMax })
}

function abaOf({ agreement, coin }: AbaNames, options: CompositionOptions): Aba<unknown> {
  switch (agreement) {
    case 'aba/quadratic':
      return erased(quadraticAba({ coin: coinOf(coin, options) }))
    case 'aba/cubic':
      return erased(cubicAba({ coin: coinOf(coin, options), rbc: voteRbc(options.sha256) }))
    case 'aba/bracha':
      return erased(brachaAba({ coin: coinOf(coin, options), rbc: voteRbc(options.sha256) }))
    case 'aba/crain':
      return erased(crainAba({ coin: coinOf(coin, options) }))
    case 'aba/cobalt':
      return erased(cobaltAba({ coin: commonCoinOf(coin, options) }))
    case 'aba/crusader':
      return erased(crusaderAba({ coin: commonCoinOf(coin, options) }))
    case 'aba/mmr':
      return erased(mmrAba({ coin: commonCoinOf(coin, options) }))
  }
}

function rabaOf({ agreement, coin }: RabaNames, options: CompositionOptions): Raba<unknown> {
  switch (agreement) {
    case 'raba/quadratic':
      return erased(quadraticRaba({ coin: coinOf(coin, options) }))
    case 'raba/cubic':
      return erased(cubicRaba({ coin: coinOf(coin, options), rbc: voteRbc(options.sha256) }))
    case 'raba/pace-cobalt':
      return erased(paceRaba({ coin: commonCoinOf(coin, options) }))
  }
}

function coinOf(name: NameOf<'coin'>, options: CompositionOptions): Coin<unknown> {
  const { rng } = options
  switch (name) {
    case 'coin/local':
      return erased(localCoin({ rng }))
    case 'coin/hybrid':
      return erased(hybridCoin({ local: localCoin({ rng }), common: cksCoin(keyOf('coin', name, options)) }))
    default:
      return commonCoinOf(name, options)
  }
}

function commonCoinOf(name: NameOf<'coin'>, options: CompositionOptions): CommonCoin<unknown> {
  const key = keyOf('coin', name, options)
  return erased(name === 'coin/bls' ? blsCoin(key) : cksCoin(key))
}

const electionOf = (name: NameOf<'election'>, options: CompositionOptions): ElectionCoin<unknown> =>
  erased(electionCoin({ ...keyOf('election', name, options), sha256: options.sha256 }))

function keyOf(of: 'coin' | 'election', name: string, { keys }: CompositionOptions): CoinKey {
  const key = keys?.[of]
  if (key === undefined) {
    throw new RangeError(`${name} needs keys.${of}: its value is made of shares of a key`)
  }
  return key
}

function encryptionKey(name: NameOf<'encryption'>, { keys }: CompositionOptions): EncryptionKey {
  const key = keys?.encryption
  if (key === undefined)
    throw new RangeError(`${name} needs keys.encryption: proposals are opened by shares of a key`)
  return requireScheme(name, key, name === 'encryption/baek-zheng' ? 'baek-zheng' : 'tdh2')
}
