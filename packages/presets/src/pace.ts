/**
 * PACE: all n agreements at once, over a common coin.
 */
import type { EpochsMessage } from '@mc/abc'
import { type RabaSubsetMessage, rabaSubset } from '@mc/acs'
import { type CoinShareMessage, cksCoin } from '@mc/coin'
import { type CobaltMessage, paceRaba } from '@mc/raba'
import { type CtMessage, ctRbc } from '@mc/rbc'
import { type Suite, suite } from './suite.js'
import { type KeyedOptions, PAYLOAD_BYTES_MAX } from './system-options.js'

/** What members of a `pace` tell each other. */
export type PaceMessage = EpochsMessage<RabaSubsetMessage<CtMessage, CobaltMessage<CoinShareMessage>>>

/**
 * The PACE construction over Cobalt: erasure-coded broadcast, reproposable agreements over a common coin.
 *
 * - Set-up: a shared key for the coin, with a threshold of f + 1.
 * - Security: static adversary, n ≥ 3f + 1, n ≤ 255. Not quantum-safe.
 * - Messages: O(n³) per epoch; bytes: about n² / (n − 2f) payloads per proposer.
 * - Steps: 3 for the broadcasts, then 1 where all agree to include; leaving out takes two rounds and a coin.
 * - Batches hold at least f + 2 proposals.
 *
 * Deviation: neither Pisa nor Pillar, whose predicates are not established: the paper's construction over another agreement.
 *
 * @throws RangeError as `suite` does.
 * @see Zhang, Duan: PACE: Fully Parallelizable BFT from Reproposable Byzantine Agreement, CCS 2022
 */
export const pace = ({
  keys,
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
  ...options
}: KeyedOptions<'coin'>): Suite<PaceMessage> =>
  suite({
    name: 'pace',
    acs: rabaSubset({
      rbc: ctRbc({ sha256, payloadBytesMax }),
      raba: paceRaba({ coin: cksCoin(keys.coin) }),
    }),
    sha256,
    ...options,
  })
