/**
 * HoneyBadger, and what came of it: broadcasts, agreements in two waves over a common coin, proposals that are opened afterwards.
 *
 * All of them need shared keys. They hold against adversaries that choose whom to corrupt beforehand, and not against quantum
 * computers. Agreement is Cobalt's: that of the papers, MMR of 2014, can be kept from ending by a scheduler that reads the coin.
 */
import type { EpochsMessage } from '@mc/abc'
import { type BkrSubsetMessage, bkrSubset, type EncryptedSubsetMessage, encryptedSubset } from '@mc/acs'
import { blsCoin, type CoinShareMessage, cksCoin } from '@mc/coin'
import { type CobaltMessage, cobaltAba } from '@mc/raba'
import { type BrachaMessage, brachaRbc, type CtMessage, ctRbc } from '@mc/rbc'
import { opensOperations, requireOneEpoch } from './opens-operations.js'
import { requireScheme } from './require-scheme.js'
import { type Suite, suite } from './suite.js'
import { type KeyedOptions, PAYLOAD_BYTES_MAX } from './system-options.js'

type Agreed<RbcMessage> = BkrSubsetMessage<RbcMessage, CobaltMessage<CoinShareMessage>>

/** What members of a `honeyBadger` or a `beat0` tell each other. */
export type HoneyBadgerMessage = EpochsMessage<EncryptedSubsetMessage<Agreed<CtMessage>>>

/** What members of a `beat1` tell each other. */
export type Beat1Message = EpochsMessage<EncryptedSubsetMessage<Agreed<BrachaMessage>>>

/** What members of a `beat2` tell each other. */
export type Beat2Message = EpochsMessage<EncryptedSubsetMessage<Agreed<BrachaMessage>>>

/** What members of an `epic` tell each other. */
export type EpicMessage = EpochsMessage<Agreed<CtMessage>>

/**
 * HoneyBadger: erasure-coded broadcast, n agreements in two waves, threshold BLS coins, proposals encrypted by pairings.
 *
 * - Set-up: two shared keys, for the coin and for the encryption, each with a threshold of f + 1.
 * - Security: static adversary, n ≥ 3f + 1, n ≤ 255. Not quantum-safe.
 * - Messages: O(n³) per epoch; bytes: about n² / (n − 2f) payloads per proposer.
 * - Steps: 3 for the broadcasts, at least 2 · 4 for the agreements, 1 for opening; O(log n) rounds for the slowest agreement.
 * - Batches hold at least n − f proposals. Until a batch is agreed on nobody reads it.
 *
 * Deviation: Cobalt in place of MMR, which a scheduler that reads the coin keeps from ending.
 * Deviation: ciphertexts carry a label, as in BEAT, so that none is opened in another's name or in another epoch.
 * Members propose a random part of the oldest operations: `selection` says so to whoever runs the suite.
 *
 * @throws RangeError as `suite` does; if `keys.encryption` is not of the scheme of Baek and Zheng.
 * @see Miller, Xia, Croman, Shi, Song: The Honey Badger of BFT Protocols, CCS 2016
 */
export const honeyBadger = ({
  keys,
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
  ...options
}: KeyedOptions<'coin' | 'encryption'>): Suite<HoneyBadgerMessage> => {
  const key = requireScheme('honey-badger', keys.encryption, 'baek-zheng')
  const inside = payloadBytesMax + key.scheme.overheadBytes
  return suite({
    name: 'honey-badger',
    selection: 'random',
    acs: encryptedSubset({
      acs: bkrSubset({
        rbc: ctRbc({ sha256, payloadBytesMax: inside }),
        aba: cobaltAba({ coin: blsCoin(keys.coin) }),
      }),
      key,
      sha256,
    }),
    sha256,
    ...options,
  })
}

/**
 * BEAT0: HoneyBadger with labelled encryption and a coin without pairings.
 *
 * As `honeyBadger`, with TDH2 in place of the scheme of Baek and Zheng and the coin of Cachin, Kursawe and Shoup in place of BLS:
 * no pairing anywhere. Deviation: Cobalt in place of MMR, as its authors did later.
 *
 * @throws RangeError as `suite` does; if `keys.encryption` is not TDH2.
 * @see Duan, Reiter, Zhang: BEAT: Asynchronous BFT Made Practical, CCS 2018
 */
export const beat0 = ({
  keys,
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
  ...options
}: KeyedOptions<'coin' | 'encryption'>): Suite<HoneyBadgerMessage> => {
  const key = requireScheme('beat0', keys.encryption, 'tdh2')
  const inside = payloadBytesMax + key.scheme.overheadBytes
  return suite({
    name: 'beat0',
    selection: 'random',
    acs: encryptedSubset({
      acs: bkrSubset({
        rbc: ctRbc({ sha256, payloadBytesMax: inside }),
        aba: cobaltAba({ coin: cksCoin(keys.coin) }),
      }),
      key,
      sha256,
    }),
    sha256,
    ...options,
  })
}

/**
 * BEAT1: BEAT0 with Bracha's broadcast, whose steps are cheaper where batches are small.
 *
 * As `beat0`, for any n, with n² payloads of bytes per proposer.
 *
 * @throws RangeError as `beat0`.
 * @see Duan, Reiter, Zhang: BEAT: Asynchronous BFT Made Practical, CCS 2018
 */
export const beat1 = ({
  keys,
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
  ...options
}: KeyedOptions<'coin' | 'encryption'>): Suite<Beat1Message> => {
  const key = requireScheme('beat1', keys.encryption, 'tdh2')
  const inside = payloadBytesMax + key.scheme.overheadBytes
  return suite({
    name: 'beat1',
    selection: 'random',
    acs: encryptedSubset({
      acs: bkrSubset({
        rbc: brachaRbc({ sha256, payloadBytesMax: inside }),
        aba: cobaltAba({ coin: cksCoin(keys.coin) }),
      }),
      key,
      sha256,
    }),
    sha256,
    ...options,
  })
}

/**
 * BEAT2: BEAT1 whose clients encrypt, so that members agree on what they cannot read: causal order.
 *
 * As `beat1`, with operations that their clients sealed with `sealOperation` of @mc/acs in place of encrypted proposals: they are opened
 * once the batch is agreed on. So not even the member that proposes an operation can read it before its place is fixed. Payloads
 * are proposals of @mc/abc; what nobody sealed passes as it is. One epoch runs at a time, as an operation that is read while an
 * earlier epoch is open could be answered in that one.
 *
 * Deviation: Cobalt in place of MMR. Its members order the operations of a batch by proposer and place.
 *
 * @throws RangeError as `suite` does; if `keys.encryption` is not TDH2, or for a `depth` over 1.
 * @see Duan, Reiter, Zhang: BEAT: Asynchronous BFT Made Practical, CCS 2018
 */
export const beat2 = ({
  keys,
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
  ...options
}: KeyedOptions<'coin' | 'encryption'>): Suite<Beat2Message> => {
  requireOneEpoch('beat2', options.depth)
  return suite({
    name: 'beat2',
    selection: 'random',
    acs: opensOperations({
      acs: bkrSubset({
        rbc: brachaRbc({ sha256, payloadBytesMax }),
        aba: cobaltAba({ coin: cksCoin(keys.coin) }),
      }),
      key: requireScheme('beat2', keys.encryption, 'tdh2'),
    }),
    sha256,
    ...options,
  })
}

/**
 * The composition of EPIC, without what makes it EPIC: its adaptively secure coin is not here.
 *
 * Erasure-coded broadcast, n Cobalt agreements in two waves, and the coin of Cachin, Kursawe and Shoup, which is proven against
 * static adversaries only. So this suite claims no adaptive security, which is the point of the paper; it is there to compare
 * costs with, and takes the paper's coin as soon as there is one.
 *
 * Otherwise as `beat0` without encryption.
 *
 * @throws RangeError as `suite` does.
 * @see Liu, Duan, Zhang: EPIC: Efficient Asynchronous BFT with Adaptive Security, DSN 2020
 */
export const epic = ({
  keys,
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
  ...options
}: KeyedOptions<'coin'>): Suite<EpicMessage> =>
  suite({
    name: 'epic',
    selection: 'random',
    acs: bkrSubset({
      rbc: ctRbc({ sha256, payloadBytesMax }),
      aba: cobaltAba({ coin: cksCoin(keys.coin) }),
    }),
    sha256,
    ...options,
  })
