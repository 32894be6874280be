/**
 * What members of a key generation put on the log of a network: operations like all others, signed with the members' own keys.
 */

import type { LedgerCrypto } from '@mc/ledger'
import { type Operation, operationCodec, signOperation, type UnsignedOperation } from '@mc/ledger'
import { bytes, type Codec, DecodeError, digest, struct, u8, utf8, Writer } from '@mc/protocol/wire'

/** Largest part of a key generation that fits the body of an operation. */
export const PART_BYTES_MAX = 65_000

/** The key that boxes for the author are sealed under in one generation. */
export interface BoxAnnouncement {
  readonly type: 'box'
  /** Which generation: its id. */
  readonly generation: Uint8Array
  readonly boxKey: Uint8Array
}

/** A dealing or an acknowledgement of one of the keys of a generation. */
export interface GenerationPart {
  readonly type: 'part'
  readonly generation: Uint8Array
  /** Which of the keys that are needed, by its place. */
  readonly need: number
  readonly bytes: Uint8Array
}

/** What an operation about keys says. */
export type KeyStatement = BoxAnnouncement | GenerationPart

const boxCodec: Codec<Omit<BoxAnnouncement, 'type'>> = struct({
  generation: digest,
  boxKey: bytes({ max: 64 }),
})

const partCodec: Codec<Omit<GenerationPart, 'type'>> = struct({
  generation: digest,
  need: u8(),
  bytes: bytes({ max: PART_BYTES_MAX }),
})

const KINDS = { box: 'key.box', part: 'key.part' } as const

/** Whether bytes are an operation about keys for the network of this name, by how they begin: whoever signed it. */
export function keyOperations(realm: string): (bytes: Uint8Array) => boolean {
  const beginnings = Object.values(KINDS).map(kind => beginningOf(realm, kind))
  return operation => beginnings.some(beginning => beginning.every((byte, at) => byte === operation[at]))
}

function beginningOf(realm: string, kind: string): Uint8Array {
  const writer = new Writer()
  for (const text of [realm, kind].map(utf8)) {
    writer.varint(text.length)
    writer.raw(text)
  }
  return writer.finish()
}

/** A statement as an operation of its author. `created` tells it apart from nothing: a statement is said once. */
export function signKeyStatement(
  statement: KeyStatement,
  { realm, created }: Pick<UnsignedOperation, 'realm' | 'created'>,
  secretKey: Uint8Array,
  crypto: LedgerCrypto,
): Uint8Array {
  const body = statement.type === 'box' ? boxCodec.encode(statement) : partCodec.encode(statement)
  return signOperation({ realm, created, kind: KINDS[statement.type], body }, secretKey, crypto)
}

/** What an operation about keys says; undefined if its body says nothing. Total. */
export function readKeyStatement({ kind, body }: Operation): KeyStatement | undefined {
  try {
    return kind === KINDS.box
      ? { type: 'box', ...boxCodec.decode(body) }
      : { type: 'part', ...partCodec.decode(body) }
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** The operation in bytes that a format has found to be one. */
export const decodeKeyOperation = (operation: Uint8Array): Operation => operationCodec.decode(operation)
