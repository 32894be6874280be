/**
 * DispersedLedger: agree on what is dispersed, fetch it afterwards.
 */
import type { EpochsMessage } from '@mc/abc'
import { type DispersedSubsetMessage, dispersedSubset } from '@mc/acs'
import {
  type AvidMMessage,
  type AvidMRetrievalMessage,
  avidMDispersal,
  avidMRetrieval,
  merkleCommitment,
} from '@mc/avid'
import { type CoinShareMessage, cksCoin } from '@mc/coin'
import { type CobaltMessage, cobaltAba } from '@mc/raba'
import { type Suite, suite } from './suite.js'
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
 * - Batches hold at least n − f proposals. With `depth` over 1 members disperse and agree on while they retrieve.
 *
 * Deviation: no linking between epochs: what is left out is proposed again instead of being delivered later. Deviation: an epoch is
 * output with its payloads; the paper lets each member retrieve at its own pace behind the agreed order.
 *
 * @throws RangeError as `suite` does.
 * @see Yang, Park, Alizadeh, Kannan, Tse: DispersedLedger: High-Throughput Byzantine Consensus on Variable Bandwidth Networks,
 * NSDI 2022
 */
export const dispersedLedger = ({
  keys,
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
  ...options
}: KeyedOptions<'coin'>): Suite<DispersedLedgerMessage> => {
  const commitment = merkleCommitment({ sha256, payloadBytesMax })
  return suite({
    name: 'dispersed-ledger',
    acs: dispersedSubset({
      dispersal: avidMDispersal({ commitment }),
      retrieval: avidMRetrieval({ commitment }),
      aba: cobaltAba({ coin: cksCoin(keys.coin) }),
    }),
    sha256,
    ...options,
  })
}
