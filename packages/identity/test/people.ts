import { seededRng } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { ristrettoEngine } from '@mc/crypto/ristretto'
import {
  type IdentityCrypto,
  identityProver,
  type MembershipStatement,
  memberKey,
  newMemberSecret,
  openRing,
  type Ring,
  tagOf,
} from '@mc/identity'

export const { sha256, ed25519 } = nodeCrypto

export const crypto: IdentityCrypto = { sha256, ristretto: ristrettoEngine() }

export const rngOf = (label: string) => seededRng('identity tests', sha256).fork(label)

/** 32 bytes that name something. */
export const id = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

export const ORG = id(1)
export const TOPIC = id(2)
export const MEETING = id(3)

export const topic = { type: 'topic', topicId: TOPIC } as const

/** Secrets of so many people, always the same. */
export const secretsOf = (count: number, label = 'people'): readonly Uint8Array[] => {
  const rng = rngOf(label)
  return Array.from({ length: count }, () => newMemberSecret(rng))
}

export const ringOf = (secrets: readonly Uint8Array[], epoch = 1): Ring =>
  openRing(
    { type: 'members', epoch, cohort: 0 },
    secrets.map(secret => memberKey(secret, crypto)),
    crypto,
  )!

export const votersOf = (secrets: readonly Uint8Array[], meetingId = MEETING): Ring =>
  openRing(
    { type: 'meeting', meetingId },
    secrets.map(secret => tagOf(ORG, topic, secret, crypto)),
    crypto,
  )!

export const proverOf = (secret: Uint8Array, label = 'prover') =>
  identityProver(secret, { rng: rngOf(label), crypto })

/** A claim of somebody about a ring, with its proof. */
export function claimOf(
  secret: Uint8Array,
  ring: Ring,
  changes: Partial<Omit<MembershipStatement, 'tag' | 'ring'>> = {},
) {
  const statement = { org: ORG, ring, scope: topic, message: Uint8Array.of(7), ...changes }
  const { tag, proof } = proverOf(secret).proveMembership(statement)
  return { statement: { ...statement, tag }, proof }
}

/** The same bytes with one bit turned. */
export function turned(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice()
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
  return copy
}

/** How often a property is tried: `fewest`, or as the environment says. */
export const runsOf = (fewest: number): number => Math.max(fewest, Number(process.env['MC_SEEDS'] ?? 0))
