/**
 * DispersedLedger: agree on what is dispersed, fetch it afterwards, lose nothing.
 */
import { EPOCHS_LINKED, type EpochsMessage, reportBytesMax } from '@mc/abc'
import { type DispersedSubsetMessage, linkableSubset } from '@mc/acs'
import {
  type AvidMMessage,
  type AvidMRetrievalMessage,
  avidMDispersal,
  avidMRetrieval,
  merkleCommitment,
} from '@mc/avid'
import { type CoinShareMessage, cksCoin } from '@mc/coin'
import { type CobaltMessage, cobaltAba } from '@mc/raba'
import { type LinkedSuiteOptions, linkedSuite, type Suite } from './suite.js'
import { type KeyedOptions, PAYLOAD_BYTES_MAX } from './system-options.js'

/** What members of a `dispersedLedger` tell each other. */
export type DispersedLedgerMessage = EpochsMessage<
  DispersedSubsetMessage<AvidMMessage, AvidMRetrievalMessage, CobaltMessage<CoinShareMessage>>
>

/**
 * DispersedLedger: AVID-M dispersals, n agreements in two waves over a common coin, retrieval of what is in.
 *
 * - Set-up: a shared key for the coin, with a threshold of f + 1.
 * - Security: static adversary, n ≥ 3f + 1, n ≤ 255. Not quantum-safe.
 * - Messages: O(n³) per epoch; bytes: a dispersal takes about n / (n − 2f) payloads, a retrieval as many for each member.
 * - Steps: 3 for the dispersals, at least 2 · 4 for the agreements, 2 for the retrievals.
 * - Batches hold at least n − f proposals, and behind them those of the last `epochsLinked` epochs that were left out and that f + 1
 *   of their members have seen complete. With `depth` over 1 members disperse and agree on while they retrieve.
 *
 * Deviation: reports are sets of proposals instead of the highest epoch without a gap, and reach back `epochsLinked` epochs; retrieval
 * lags behind agreement by at most `depth` epochs. Deviation: Cobalt in place of MMR. A node that does not hand back `seen` and `links`
 * runs it without links.
 *
 * @throws RangeError as `suite` does.
 * @see Yang, Park, Alizadeh, Kannan, Tse: DispersedLedger: High-Throughput Byzantine Consensus on Variable Bandwidth Networks,
 * NSDI 2022
 */
export const dispersedLedger = ({
  keys,
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
  epochsLinked = EPOCHS_LINKED,
  ...options
}: KeyedOptions<'coin'> & Pick<LinkedSuiteOptions<never>, 'epochsLinked'>): Suite<DispersedLedgerMessage> => {
  const commitment = merkleCommitment({
    sha256,
    payloadBytesMax: payloadBytesMax + reportBytesMax(epochsLinked),
  })
  return linkedSuite({
    name: 'dispersed-ledger',
    epochsLinked,
    acs: linkableSubset({
      dispersal: avidMDispersal({ commitment }),
      retrieval: avidMRetrieval({ commitment }),
      aba: cobaltAba({ coin: cksCoin(keys.coin) }),
    }),
    sha256,
    ...options,
  })
}
