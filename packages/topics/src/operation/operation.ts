/**
 * A signed operation of an organisation: a statement, proofs, a signature.
 *
 * The statement is what is meant; its hash is the id, and what proofs and signature are made over. So one intent has one id,
 * however often it is proven and signed.
 */
import { domainHasher, type Sha256 } from '@mc/crypto'
import {
  bytes,
  type Codec,
  DecodeError,
  fixedBytes,
  list,
  Reader,
  struct,
  text,
  uint,
} from '@mc/protocol/wire'
import { type Body, type BodyType, bodyCodec } from './body.js'
import { type Signer, signerCodec, signerKey } from './signer.js'

/** Longest statement: 64 KiB. */
export const STATEMENT_BYTES_MAX = 65_536

/** Longest proof: Proof A over 2^30 keys and Proof B over 64 take less. */
export const PROOF_BYTES_MAX = 4_096

/** Proofs in one operation: opening a topic anonymously takes two, for the token and for the tag in the topic. */
export const PROOFS_MAX = 2

/** Length of a signature. */
export const SIGNATURE_BYTES = 64

/** Largest encoded operation. */
export const OPERATION_BYTES_MAX: number =
  STATEMENT_BYTES_MAX + PROOFS_MAX * (PROOF_BYTES_MAX + 14) + SIGNATURE_BYTES + 4

/** What is meant: by whom, as the how manieth of its operations, in which organisation. */
export interface Statement {
  readonly realm: string
  readonly signer: Signer
  /** 0 for the first operation of a signer, then one more each time. */
  readonly seq: number
  readonly body: Body
}

/** A proof, and over which ring it was made: rings change, and a prover cannot know which one is the newest when it is read. */
export interface Evidence {
  /** Revision of the ring of members, or how many voters of a meeting the ring of a ballot has. */
  readonly revision: number
  /** Which cohort of a large ring; 0 otherwise. */
  readonly cohort: number
  readonly proof: Uint8Array
}

/** A statement with what shows that its signer means it. */
export interface SignedOperation {
  /** The canonical bytes of a `Statement`. */
  readonly statement: Uint8Array
  readonly proofs: readonly Evidence[]
  /** 64 zeros for ballots: their proof is a signature. */
  readonly signature: Uint8Array
}

/** The canonical bytes of a statement. */
export const statementCodec: Codec<Statement> = struct({
  realm: text({ bytesMax: 64 }),
  signer: signerCodec,
  seq: uint({ max: 2 ** 32 - 1 }),
  body: bodyCodec,
})

/** The canonical bytes of an operation. */
export const signedOperationCodec: Codec<SignedOperation> = struct({
  statement: bytes({ max: STATEMENT_BYTES_MAX }),
  proofs: list(
    struct({ revision: uint(), cohort: uint({ max: 2 ** 20 }), proof: bytes({ max: PROOF_BYTES_MAX }) }),
    { max: PROOFS_MAX },
  ),
  signature: fixedBytes(SIGNATURE_BYTES),
})

/** Hashes statements: what is signed, and the id of the operation. */
export function statementIds(sha256: Sha256): (statement: Uint8Array) => Uint8Array {
  return domainHasher(sha256, 'mc/topics/operation/v1')
}

/** Ids of encoded operations. Total: bytes that hold no statement are hashed as they are. */
export function topicOperationIds(sha256: Sha256): (encoded: Uint8Array) => Uint8Array {
  const idOf = statementIds(sha256)
  const idOfOther = domainHasher(sha256, 'mc/topics/no-operation/v1')
  return encoded => {
    const statement = statementIn(encoded)
    return statement === undefined ? idOfOther(encoded) : idOf(statement)
  }
}

function statementIn(encoded: Uint8Array): Uint8Array | undefined {
  const reader = new Reader(encoded)
  try {
    return reader.raw(reader.varint())
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** An operation whose statement has been read. */
export interface ReadOperation {
  readonly id: Uint8Array
  readonly statement: Statement
  /** `signerKey` of its signer, which is asked for at every step. */
  readonly signerKey: string
  readonly proofs: readonly Evidence[]
  readonly signature: Uint8Array
  /** Bytes on the wire, which the byte bucket counts. */
  readonly size: number
}

/** Reads an encoded operation; what is wrong with it otherwise. Total. */
export function readOperation(encoded: Uint8Array, id: Uint8Array): ReadOperation | string {
  if (encoded.length > OPERATION_BYTES_MAX) {
    return `${encoded.length} bytes, need at most ${OPERATION_BYTES_MAX}`
  }
  try {
    const { statement: meant, proofs, signature } = signedOperationCodec.decode(encoded)
    const statement = statementOf(meant)
    const key = signerKey(statement.signer)
    return { id, statement, signerKey: key, proofs, signature, size: encoded.length }
  } catch (error) {
    if (error instanceof DecodeError) return error.message
    throw error
  }
}

/** Operations of which the state keeps nothing but names that it copies. They are nearly all there are. */
const UNKEPT: ReadonlySet<BodyType> = new Set<BodyType>([
  'join',
  'updateJoin',
  'leave',
  'withdraw',
  'renew',
  'comment',
  'vote',
  'freeze',
  'evaluate',
  'ready',
  'clock',
])

// What is kept of a statement must not keep the whole batch in memory.
function statementOf(encoded: Uint8Array): Statement {
  const statement = statementCodec.decode(encoded)
  return UNKEPT.has(statement.body.type) ? statement : statementCodec.decode(encoded.slice())
}
