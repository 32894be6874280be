/**
 * RITAS: everything by Bracha, nothing shared.
 */
import type { EpochsMessage } from '@mc/abc'
import { type RitasMvcMessage, ritasMvc, type VectorConsensusMessage, vectorConsensus } from '@mc/acs'
import { localCoin } from '@mc/coin'
import { type BrachaAbaMessage, brachaAba } from '@mc/raba'
import { type BrachaMessage, brachaRbc } from '@mc/rbc'
import { type Suite, suite } from './suite.js'
import { PAYLOAD_BYTES_MAX, setRbc, voteRbc } from './system-options.js'
import type { WaterbearOptions } from './waterbear.js'

/** What members of a `ritas` tell each other. */
export type RitasMessage = EpochsMessage<
  VectorConsensusMessage<
    BrachaMessage,
    RitasMvcMessage<BrachaMessage, BrachaAbaMessage<never, BrachaMessage>>
  >
>

/**
 * RITAS: vector consensus over multi-valued consensus over Bracha's agreement, all by Bracha's broadcast, with local coins.
 *
 * - Set-up: none.
 * - Security: adaptive adversary, n ≥ 3f + 1, n ≤ 256. Quantum safety: rests on SHA-256, and on what authenticates the channels.
 * - Messages: O(n³) per epoch and round of the agreement; bytes: n² payloads per proposer.
 * - Steps: 3 for the payloads, then 3 + 3 + 9 on the common path, up to f + 1 times; the expected number of rounds of an agreement
 *   is exponential in n against the strongest scheduler.
 * - Batches hold at least n − f proposals.
 *
 * Deviation: what is agreed on in an epoch is a vector of payloads; the paper's atomic broadcast agrees on identifiers of messages.
 * Deviation: vectors name the members whose values were heard and travel by reliable broadcast; the paper repeats the values, and
 * uses an echo broadcast. Deviation: READY carries a digest, so it rests on the hash.
 *
 * @throws RangeError as `suite` does, or if `payloadBytesMax` is out of range.
 * @see Moniz, Neves, Correia, Veríssimo: RITAS: Services for Randomized Intrusion Tolerance, TDSC 2011; Correia, Neves, Veríssimo:
 * From Consensus to Atomic Broadcast, The Computer Journal 2006
 */
export const ritas = ({
  rng,
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
  ...options
}: WaterbearOptions): Suite<RitasMessage> =>
  suite({
    name: 'ritas',
    acs: vectorConsensus({
      rbc: brachaRbc({ sha256, payloadBytesMax }),
      mvc: ritasMvc({
        rbc: setRbc(sha256),
        aba: brachaAba({ coin: localCoin({ rng }), rbc: voteRbc(sha256) }),
      }),
    }),
    sha256,
    ...options,
  })
