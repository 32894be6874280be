/**
 * The WaterBear family: no leader, no timing, no set-up, no signature, local coins.
 *
 * Deviation: both agreements are hardened reconstructions, not the paper's pseudo-code: another round 0, one phase more from round 1
 * on, and a halt gadget of their own. The agreement package's PAPER.md lists the differences and the reasons.
 */
import type { EpochsMessage } from '@mc/abc'
import { type RabaSubsetMessage, rabaSubset } from '@mc/acs'
import { type BitSource, localCoin } from '@mc/coin'
import { type CubicMessage, cubicRaba, type QuadraticMessage, quadraticRaba } from '@mc/raba'
import { type BrachaMessage, brachaRbc, type CtMessage, ctRbc } from '@mc/rbc'
import { type Suite, type SuiteOptions, suite } from './suite.js'
import { PAYLOAD_BYTES_MAX, voteRbc } from './system-options.js'

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

/** What members of a `waterbearQsC` tell each other. */
export type WaterbearQsCMessage = EpochsMessage<
  RabaSubsetMessage<CtMessage, CubicMessage<never, BrachaMessage>>
>

/** What members of a `waterbearC` tell each other. */
export type WaterbearCMessage = EpochsMessage<
  RabaSubsetMessage<BrachaMessage, CubicMessage<never, BrachaMessage>>
>

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

/**
 * WaterBear-QS-C: erasure-coded broadcast, Cubic-RABA, local coins.
 *
 * As `waterbearQsQ`, but the last vote of a round travels by reliable broadcast, so nobody can tell two members two of them.
 *
 * - Set-up: none. Adaptive adversary, n ≥ 3f + 1, n ≤ 255. Quantum-safe as `waterbearQsQ`.
 * - Messages: O(n⁴) per epoch, as each of n agreements takes n broadcasts of n² messages a round.
 * - Steps: 3 for the broadcasts, then 3 where all agree to include, 5 where all agree to leave out.
 * - Deviation: a binding stage from round 1 on; the published round is not binding for f ≥ 2.
 *
 * @throws RangeError as `suite` does, or if `payloadBytesMax` is out of range.
 * @see Zhang, Duan, Zhao, Zhu: WaterBear, USENIX Security 2023
 */
export const waterbearQsC = ({
  rng,
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
  ...options
}: WaterbearOptions): Suite<WaterbearQsCMessage> =>
  suite({
    name: 'waterbear-qs-c',
    acs: rabaSubset({
      rbc: ctRbc({ sha256, payloadBytesMax }),
      raba: cubicRaba({ coin: localCoin({ rng }), rbc: voteRbc(sha256) }),
    }),
    sha256,
    ...options,
  })

/**
 * WaterBear-C: Bracha's broadcast for payloads and votes, Cubic-RABA, local coins.
 *
 * As `waterbearQsC`, with n² payloads of bytes per proposer and for any n. Deviation: as `waterbearQ`, it rests on the hash.
 *
 * @throws RangeError as `suite` does, or if `payloadBytesMax` is out of range.
 * @see Zhang, Duan, Zhao, Zhu: WaterBear, USENIX Security 2023; Bracha, Information and Computation 1987
 */
export const waterbearC = ({
  rng,
  sha256,
  payloadBytesMax = PAYLOAD_BYTES_MAX,
  ...options
}: WaterbearOptions): Suite<WaterbearCMessage> =>
  suite({
    name: 'waterbear-c',
    acs: rabaSubset({
      rbc: brachaRbc({ sha256, payloadBytesMax }),
      raba: cubicRaba({ coin: localCoin({ rng }), rbc: voteRbc(sha256) }),
    }),
    sha256,
    ...options,
  })
