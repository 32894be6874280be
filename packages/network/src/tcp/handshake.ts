import { type KeyObject, randomBytes, sign, verify } from 'node:crypto'
import type { Socket } from 'node:net'
import { hex, utf8 } from '@mc/protocol/wire'
import { verifyingKey } from '../member-key.js'
import type { MemberKey, Priority } from '../transport.js'
import { readExactly } from './read-exactly.js'

/*
 * Three messages of fixed length; D dials, A accepts.
 *
 *   D → A   hello    magic 4 | lane 1 | link id 16 | key of D 32 | nonce of D 32
 *   A → D   answer   nonce of A 32 | signature of A 64
 *   D → A   proof    signature of D 64
 *
 * Each side signs its role and the whole transcript: both nonces and both keys, so neither signature serves
 * in another handshake, in the other direction, towards another member, or for anything but this protocol.
 */
const MAGIC = utf8('mcn1')
const LINK_ID_BYTES = 16
const KEY_BYTES = 32
const NONCE_BYTES = 32
const SIGNATURE_BYTES = 64
const LANES: readonly Priority[] = ['control', 'bulk']
const KEY_AT = MAGIC.length + 1 + LINK_ID_BYTES
const HELLO_BYTES = KEY_AT + KEY_BYTES + NONCE_BYTES
const DOMAIN = 'mass-consensus/tcp-handshake/1/'

/** Who we are in a handshake. */
export interface Identity {
  readonly key: MemberKey
  readonly keyBytes: Uint8Array
  readonly secret: KeyObject
}

/** What a dialler announces before it proves anything. */
export interface Hello {
  readonly peer: MemberKey
  readonly lane: Priority
  /** Pairs the two sockets of one link. */
  readonly linkId: string
  readonly bytes: Uint8Array
}

/** The other side did not prove the key it claimed. */
export class HandshakeError extends Error {
  override readonly name = 'HandshakeError'
}

/** A fresh link id, for the two sockets of one dial. */
export const newLinkId = (): Uint8Array => randomBytes(LINK_ID_BYTES)

/**
 * The dialler's side. Resolves when the acceptor has proven `peer` and our proof is on its way.
 *
 * @throws HandshakeError (rejects) if the signature is wrong, Error if the socket closes.
 */
export async function proveToAcceptor(
  socket: Socket,
  us: Identity,
  peer: Uint8Array,
  lane: Priority,
  linkId: Uint8Array,
): Promise<void> {
  const nonce = randomBytes(NONCE_BYTES)
  const hello = Buffer.concat([MAGIC, Uint8Array.of(LANES.indexOf(lane)), linkId, us.keyBytes, nonce])
  socket.write(hello)
  const answer = await readExactly(socket, NONCE_BYTES + SIGNATURE_BYTES)
  const transcript = Buffer.concat([hello, peer, answer.subarray(0, NONCE_BYTES)])
  if (!verifies('accept', transcript, hex(peer), answer.subarray(NONCE_BYTES)))
    throw new HandshakeError(`the acceptor is not ${hex(peer)}`)
  socket.write(signed('dial', transcript, us))
}

/**
 * Reads what a dialler claims.
 *
 * @throws HandshakeError (rejects) if it is no hello, Error if the socket closes.
 */
export async function readHello(socket: Socket): Promise<Hello> {
  const bytes = await readExactly(socket, HELLO_BYTES)
  const lane = LANES[bytes[MAGIC.length] as number]
  if (lane === undefined || !MAGIC.every((byte, at) => bytes[at] === byte))
    throw new HandshakeError('not a hello of this protocol')
  const peer = hex(bytes.subarray(KEY_AT, KEY_AT + KEY_BYTES))
  return { peer, lane, linkId: hex(bytes.subarray(MAGIC.length + 1, KEY_AT)), bytes }
}

/**
 * The acceptor's side, after it chose to go on. Resolves when the dialler has proven the key of its hello.
 *
 * @throws HandshakeError (rejects) if the signature is wrong, Error if the socket closes.
 */
export async function proveToDialler(socket: Socket, us: Identity, hello: Hello): Promise<void> {
  const nonce = randomBytes(NONCE_BYTES)
  const transcript = Buffer.concat([hello.bytes, us.keyBytes, nonce])
  socket.write(Buffer.concat([nonce, signed('accept', transcript, us)]))
  const proof = await readExactly(socket, SIGNATURE_BYTES)
  if (!verifies('dial', transcript, hello.peer, proof))
    throw new HandshakeError(`the dialler is not ${hello.peer}`)
}

const statement = (role: 'dial' | 'accept', transcript: Uint8Array): Uint8Array =>
  Buffer.concat([utf8(DOMAIN + role), transcript])

const signed = (role: 'dial' | 'accept', transcript: Uint8Array, us: Identity): Uint8Array =>
  sign(null, statement(role, transcript), us.secret)

function verifies(
  role: 'dial' | 'accept',
  transcript: Uint8Array,
  key: MemberKey,
  signature: Uint8Array,
): boolean {
  return verify(null, statement(role, transcript), verifyingKey(key), signature)
}
