/** Names of topics, meetings and built-in candidates: from who and how manieth, so that nobody can take one before its owner. */
import { domainHash, type Sha256 } from '@mc/crypto'
import { utf8 } from '@mc/protocol/wire'
import type { BuiltIn } from '../topic/parts.js'
import { u32 } from './partition.js'

/** H('mc/topic/v1', signer, u32 seq). */
export const topicIdOf = (signer: Uint8Array, seq: number, sha256: Sha256): Uint8Array =>
  domainHash(sha256, 'mc/topic/v1', signer, u32(seq))

/** H('mc/meeting/v1', topic, u32 round, u32 index). */
export const meetingIdOf = (topic: Uint8Array, round: number, index: number, sha256: Sha256): Uint8Array =>
  domainHash(sha256, 'mc/meeting/v1', topic, u32(round), u32(index))

/** H('mc/built-in/v1', topic, name). */
export const builtInIdOf = (topic: Uint8Array, name: BuiltIn, sha256: Sha256): Uint8Array =>
  domainHash(sha256, 'mc/built-in/v1', topic, utf8(name))

/** H('mc/freeze-case/v1', topic, u32 k). */
export const caseIdOf = (topic: Uint8Array, k: number, sha256: Sha256): Uint8Array =>
  domainHash(sha256, 'mc/freeze-case/v1', topic, u32(k))
