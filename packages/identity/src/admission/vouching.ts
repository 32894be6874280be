/**
 * Vouches: how many a candidate needs, from where, and who may give one. Evidence for a vote, never a right by itself.
 *
 * @see identity.md, section 9
 */
import { domainHash, equalBytes } from '@mc/crypto'
import { generatorBase, type IdentityCrypto } from '../identity-crypto.js'
import { type Signing, signSchnorr, verifySchnorr } from '../schnorr.js'
import type { SponsorTree } from './sponsor-tree.js'

/** k = clamp(⌈log2(N + 1)⌉, 1, 7). @throws RangeError unless N is a natural number. */
export function vouchesNeeded(members: number): number {
  if (!Number.isSafeInteger(members) || members < 0) throw new RangeError(`vouching: ${members} members`)
  let [k, reach] = [0, 1]
  while (reach < members + 1) {
    reach *= 2
    k += 1
  }
  return Math.min(Math.max(k, 1), 7)
}

/** Vouches of one member in `VOUCH_PERIOD_S`. */
export const VOUCHES_MAX = 3

/** Seven days of L, in seconds. */
export const VOUCH_PERIOD_S = 604_800

/** The least class of evidence that a candidate needs [SAFE]. */
export const EVIDENCE_CLASS_MIN = 2

/** That a member knows a candidate to be a person who is not a member yet. */
export interface Vouch {
  readonly voucher: Uint8Array
  readonly candidate: Uint8Array
  readonly signature: Uint8Array
}

/** Vouches for a candidate's key with the member key. @throws RangeError unless `secretKey` is a scalar. */
export const signVouch = (
  org: Uint8Array,
  { voucher, candidate }: Omit<Vouch, 'signature'>,
  secretKey: Uint8Array,
  crypto: IdentityCrypto,
): Vouch => ({
  voucher,
  candidate,
  signature: signSchnorr(vouchSigning(org, voucher, candidate, crypto), secretKey, crypto),
})

/** Whether the holder of `voucherKey` vouched. Total. */
export const verifyVouch = (
  org: Uint8Array,
  { voucher, candidate, signature }: Vouch,
  voucherKey: Uint8Array,
  crypto: IdentityCrypto,
): boolean =>
  verifySchnorr(
    { signing: vouchSigning(org, voucher, candidate, crypto), key: voucherKey, signature },
    crypto,
  )

const vouchSigning = (
  org: Uint8Array,
  voucher: Uint8Array,
  candidate: Uint8Array,
  crypto: IdentityCrypto,
): Signing => ({
  purpose: 'vouch',
  org,
  base: generatorBase(crypto),
  message: domainHash(crypto.sha256, 'mc/vouch/v1', voucher, candidate),
})

/** What is known of a voucher at the moment of its vouch. */
export interface VoucherRecord {
  readonly joinedEpoch: number
  /** L of its earlier vouches, in seconds. */
  readonly vouchedAtS: readonly number[]
}

/** Why a vouch is not taken, or undefined: a newcomer waits one membership epoch, and vouches are limited. */
export function refuseVouch(
  { joinedEpoch, vouchedAtS }: VoucherRecord,
  { epoch, logicalS }: { readonly epoch: number; readonly logicalS: number },
): 'newcomer' | 'too-many' | undefined {
  if (epoch < joinedEpoch + 1) return 'newcomer'
  const recent = vouchedAtS.filter(at => at > logicalS - VOUCH_PERIOD_S).length
  return recent >= VOUCHES_MAX ? 'too-many' : undefined
}

/** What speaks for a candidate: taken vouches, and the classes of attestations that hold. */
export interface Evidence {
  readonly vouchers: readonly Uint8Array[]
  readonly classes: readonly number[]
}

/** What a candidate lacks; nothing of both is enough for the vote to begin [SAFE]. */
export interface Lacking {
  readonly vouches: number
  readonly evidence: boolean
}

/**
 * What the guarded rule asks beyond what is there: k vouches from different sponsor sub-trees, and evidence of class 2 or above.
 *
 * Never more vouches than there are sub-trees, or a small organisation could admit nobody.
 */
export function lackingFor({ vouchers, classes }: Evidence, tree: SponsorTree, members: number): Lacking {
  const wanted = vouchesNeeded(members)
  const needed = Math.min(wanted, Math.max(1, tree.branches(wanted)))
  const distinct = vouchers.filter((one, at) => vouchers.findIndex(other => equalBytes(one, other)) === at)
  return {
    vouches: Math.max(0, needed - tree.distinctBranches(distinct, wanted)),
    evidence: !classes.some(one => one >= EVIDENCE_CLASS_MIN),
  }
}
