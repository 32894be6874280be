/**
 * The WaterBear family with Quadratic-RABA: no leader, no timing, no set-up, no signature, local coins.
 *
 * Deviation: Quadratic-RABA is a hardened reconstruction, not the paper's pseudo-code: another round 0, five phases instead of
 * four from round 1 on, and a halt gadget of its own. The agreement package's PAPER.md lists the differences and the reasons.
 */
import type { EpochsMessage } from '@mc/abc'
import { type RabaSubsetMessage, rabaSubset } from '@mc/acs'
import { type BitSource, localCoin } from '@mc/coin'
import { type QuadraticMessage, quadraticRaba } from '@mc/raba'
import { type BrachaMessage, brachaRbc, type CtMessage, ctRbc } from '@mc/rbc'
import { type Suite, type SuiteOptions, suite } from './suite.js'

/** What a WaterBear suite is made of. */
export interface WaterbearOptions extends Omit<SuiteOptions<never>, 'name' | 'acs' | 'purpose'> {
  /** This member's own unpredictable bits; what is drawn must survive a crash, like everything that leaves the machine. */
  readonly rng: BitSource
  /** The largest payload of one proposal, in bytes; 4 MiB by default. */
  readonly payloadBytesMax?: number
}

/** What members of a `waterbearQsQ` tell each other. */
export type WaterbearQsQMessage = EpochsMessage<RabaSubsetMessage<CtMessage, QuadraticMessage<never>>>

/** What members of a `waterbearQ` tell each other. */
export type WaterbearQMessage = EpochsMessage<RabaSubsetMessage<BrachaMessage, QuadraticMessage<never>>>

const PAYLOAD_BYTES_MAX = 4 * 2 ** 20

/**
 * WaterBear-QS-Q: erasure-coded broadcast, Quadratic-RABA, local coins. The default system.
 *
 * - Set-up: none; authenticated channels between members are all that it needs.
 * - Security: against an adaptive adversary that reads everything and schedules every message, n ≥ 3f + 1, n ≤ 255.
 * - Quantum safety: rests on the collision resistance of SHA-256 alone, and on whatever authenticates the channels.
 * - Messages: O(n³) per epoch; bytes: about n² / (n − 2f) payloads, and O(n³ log n) of digests.
 * - Steps: 3 for the broadcasts, then 1 where all agree to include, 4 where all agree to leave out. A coin is flipped only
 *   where votes stay mixed after round 0; with local coins the expected number of such rounds is exponential in n against the
 *   strongest scheduler, and small under any that does not know the coins.
 * - Batches hold at least f + 2 proposals, which is n − f only at f = 1.
 *
 * @throws RangeError as `suite` does, or if `payloadBytesMax` is out of range.
 * @see Zhang, Duan, Zhao, Zhu: WaterBear, USENIX Security 2023
 */
export const waterbearQsQ = ({
  rng,
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
  ...options
}: WaterbearOptions): Suite<WaterbearQsQMessage> =>
  suite({
    name: 'waterbear-qs-q',
    acs: rabaSubset({
      rbc: ctRbc({ sha256, payloadBytesMax }),
      raba: quadraticRaba({ coin: localCoin({ rng }) }),
    }),
    sha256,
    ...options,
  })

/**
 * WaterBear-Q: Bracha's broadcast in place of the erasure-coded one; every payload crosses every link.
 *
 * As `waterbearQsQ`, but for any n, and with n² payloads of bytes per proposer. In the paper its broadcast hashes nothing and
 * is safe against unbounded adversaries. Deviation: READY carries a digest in place of the payload, so this one rests on the
 * collision resistance of SHA-256 too.
 *
 * @throws RangeError as `suite` does, or if `payloadBytesMax` is out of range.
 * @see Zhang, Duan, Zhao, Zhu: WaterBear, USENIX Security 2023; Bracha, Information and Computation 1987
 */
export const waterbearQ = ({
  rng,
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
  ...options
}: WaterbearOptions): Suite<WaterbearQMessage> =>
  suite({
    name: 'waterbear-q',
    acs: rabaSubset({
      rbc: brachaRbc({ sha256, payloadBytesMax }),
      raba: quadraticRaba({ coin: localCoin({ rng }) }),
    }),
    sha256,
    ...options,
  })
