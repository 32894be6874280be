/**
 * Changing a key: by the key itself at once, or by guardians after a public delay in which the old key can object.
 *
 * Pure rules over data; L is the logical clock in seconds, given by the caller.
 *
 * @see identity.md, section 12
 */
import { domainHash, equalBytes } from '@mc/crypto'
import { generatorBase, type IdentityCrypto, u32 } from '../identity-crypto.js'
import { type Signing, signSchnorr, verifySchnorr } from '../schnorr.js'

/** Seven days of L, in seconds: how long the old key can object. */
export const RECOVERY_DELAY_S = 604_800

/** Most guardians of one member. */
export const GUARDIANS_MAX = 32

/** ⌈2/3⌉ of the guardians. */
export const guardiansNeeded = (guardians: number): number => Math.ceil((2 * guardians) / 3)

/** Who may be asked to help, registered by the key while it was there. */
export interface Guardianship {
  readonly member: Uint8Array
  /** The present member key X. */
  readonly key: Uint8Array
  /** Counts the member's key changes and vetoes, 0 … 2^32 − 1: an approval of one is worth nothing for the next. */
  readonly changes: number
  /** Member keys of the guardians, or of those who vouched where none are registered. */
  readonly guardians: readonly Uint8Array[]
}

/** A recovery under way. */
export interface Recovery {
  readonly newKey: Uint8Array
  readonly startedS: number
}

/** One guardian's consent. */
export interface GuardianApproval {
  readonly guardian: Uint8Array
  readonly signature: Uint8Array
}

/** What somebody wants done with a member's key. */
export type RotationIntent = 'rotate' | 'recover' | 'veto'

/** Signs an intent about a member's key: the old key for `rotate` and `veto`, a guardian's for `recover`. */
export const signRotation = (
  org: Uint8Array,
  what: { readonly intent: RotationIntent; readonly of: Guardianship; readonly newKey: Uint8Array },
  secretKey: Uint8Array,
  crypto: IdentityCrypto,
): Uint8Array => signSchnorr(rotationSigning(org, what, crypto), secretKey, crypto)

/** Whether `key` signed the intent. Total. */
export const verifyRotation = (
  org: Uint8Array,
  what: { readonly intent: RotationIntent; readonly of: Guardianship; readonly newKey: Uint8Array },
  by: { readonly key: Uint8Array; readonly signature: Uint8Array },
  crypto: IdentityCrypto,
): boolean => verifySchnorr({ signing: rotationSigning(org, what, crypto), ...by }, crypto)

/** Begins a recovery, or says why not: ⌈2/3⌉ of the guardians have to agree on one new key. Total. */
export function beginRecovery(
  org: Uint8Array,
  of: Guardianship,
  request: {
    readonly newKey: Uint8Array
    readonly approvals: readonly GuardianApproval[]
    readonly nowS: number
  },
  crypto: IdentityCrypto,
): Recovery | { readonly refused: 'no-guardians' | 'same-key' | 'too-few-guardians' } {
  const { guardians } = of
  const { newKey, approvals, nowS } = request
  if (guardians.length === 0 || guardians.length > GUARDIANS_MAX) return { refused: 'no-guardians' }
  if (equalBytes(newKey, of.key)) return { refused: 'same-key' }
  const what = { intent: 'recover', of, newKey } as const
  // Guardian by guardian, so that nobody counts twice and the work is bounded.
  const agreed = guardians.filter((guardian, at) => {
    if (guardians.findIndex(other => equalBytes(other, guardian)) !== at) return false
    const approval = approvals.find(one => equalBytes(one.guardian, guardian))
    return approval && verifyRotation(org, what, { key: guardian, signature: approval.signature }, crypto)
  }).length
  return agreed < guardiansNeeded(guardians.length)
    ? { refused: 'too-few-guardians' }
    : { newKey, startedS: nowS }
}

/** What becomes of a recovery at L: it waits, or is complete. Until then the old key signs as ever, and may object. */
export const recoveryState = ({ startedS }: Recovery, nowS: number): 'waiting' | 'complete' =>
  nowS >= startedS + RECOVERY_DELAY_S ? 'complete' : 'waiting'

/** Whether an objection by the old key ends a recovery: in the delay only. Total. */
export const vetoes = (
  org: Uint8Array,
  of: Guardianship,
  veto: { readonly recovery: Recovery; readonly signature: Uint8Array; readonly nowS: number },
  crypto: IdentityCrypto,
): boolean =>
  recoveryState(veto.recovery, veto.nowS) === 'waiting' &&
  verifyRotation(
    org,
    { intent: 'veto', of, newKey: veto.recovery.newKey },
    { key: of.key, signature: veto.signature },
    crypto,
  )

/** A member's keys before and after: whoever had the old device keeps nothing. */
export interface KeyBundle {
  readonly key: Uint8Array
  /** Consensus and network keys that X signed. */
  readonly secondary: readonly Uint8Array[]
}

/** What a completed rotation or recovery leaves: the new key, and no secondary key. */
export const rotated = (newKey: Uint8Array): KeyBundle => ({ key: newKey, secondary: [] })

const rotationSigning = (
  org: Uint8Array,
  {
    intent,
    of,
    newKey,
  }: { readonly intent: RotationIntent; readonly of: Guardianship; readonly newKey: Uint8Array },
  crypto: IdentityCrypto,
): Signing => ({
  purpose: 'rotation',
  org,
  base: generatorBase(crypto),
  message: domainHash(crypto.sha256, `mc/key/${intent}/v1`, of.member, of.key, newKey, u32(of.changes)),
})
