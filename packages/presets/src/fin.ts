/**
 * FIN: one agreement on the whole set, in constant time.
 */
import type { EpochsMessage } from '@mc/abc'
import { type FinSubsetMessage, finSubset } from '@mc/acs'
import { type CoinShareMessage, cksCoin, electionCoin } from '@mc/coin'
import { type CobaltMessage, paceRaba } from '@mc/raba'
import { type CtMessage, ctRbc } from '@mc/rbc'
import { type Suite, suite } from './suite.js'
import { type KeyedOptions, PAYLOAD_BYTES_MAX } from './system-options.js'

/** What members of a `fin` tell each other. */
export type FinMessage = EpochsMessage<
  FinSubsetMessage<CtMessage, CobaltMessage<CoinShareMessage>, CoinShareMessage>
>

/**
 * FIN: erasure-coded broadcast, and one signature-free validated agreement on which n − f of the broadcasts are in.
 *
 * - Set-up: two shared keys, for elections and for the coin of agreements, each with a threshold of f + 1.
 * - Security: static adversary, n ≥ 3f + 1, n ≤ 255. Not quantum-safe.
 * - Messages: O(n³) per epoch; bytes: about n² / (n − 2f) payloads per proposer.
 * - Steps: constant: 6 for broadcasts, 3 for the gather, then an election and an agreement, fewer than 3/2 times expected and at
 *   most f + 1 times.
 * - Batches hold at least n − f proposals.
 *
 * Deviation: a reconstruction. Between the broadcasts and the elections stands a gather with a binding core; the index sets travel
 * by the full broadcast; the agreement is the PACE construction over Cobalt.
 *
 * @throws RangeError as `suite` does.
 * @see Duan, Wang, Zhang: FIN: Practical Signature-Free Asynchronous Common Subset in Constant Time, CCS 2023
 */
export const fin = ({
  keys,
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
  ...options
}: KeyedOptions<'coin' | 'election'>): Suite<FinMessage> =>
  suite({
    name: 'fin',
    acs: finSubset({
      rbc: ctRbc({ sha256, payloadBytesMax }),
      raba: paceRaba({ coin: cksCoin(keys.coin) }),
      election: electionCoin({ ...keys.election, sha256 }),
    }),
    sha256,
    ...options,
  })
