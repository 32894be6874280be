/**
 * One key generation by name: what binds every box and every operation to it.
 */
import { domainHash, type Sha256 } from '@mc/crypto'
import type { SealedBoxes } from '@mc/crypto/dkg'
import type { PrimeGroup } from '@mc/crypto/threshold'
import type { Committee } from '@mc/protocol'
import { utf8, Writer } from '@mc/protocol/wire'
import type { KeyGenerationParams } from './key-generation.js'

/** Length of the name of a session. */
export const SESSION_BYTES = 32

/** What a session is named by, beside its parameters. */
export interface SessionSetting<Element> {
  readonly group: PrimeGroup<Element>
  readonly sha256: Sha256
  readonly boxes: SealedBoxes
}

/** What everybody knows of a session. */
export interface SessionParams extends Omit<KeyGenerationParams, 'committee'> {
  readonly committee: Pick<Committee, 'n' | 'f'>
}

/**
 * Names a session: a hash of domain, sizes, groups and all members' box keys. Another committee or purpose is another session.
 *
 * @throws RangeError unless there is one public key for each member.
 */
export function sessionOf<Element>(
  kind: string,
  { group, sha256, boxes }: SessionSetting<Element>,
  { committee, domain, boxKeys }: SessionParams,
): Uint8Array {
  const { n, f } = committee
  if (boxKeys.length !== n) throw new RangeError(`dkg: ${boxKeys.length} box keys for ${n} members`)
  const bad = boxKeys.findIndex(key => !boxes.isPublicKey(key))
  if (bad >= 0) throw new RangeError(`dkg: the box key of member ${bad} is no public key`)
  return domainHash(
    sha256,
    'mc/dkg/session/v1',
    ...[kind, group.name, boxes.name, `${n} ${f}`].map(utf8),
    domainBytes(domain),
    ...boxKeys,
  )
}

/** The same for a member. @throws RangeError as `sessionOf`, and unless our key is the one at our place. */
export function memberSessionOf<Element>(
  kind: string,
  { boxSecretKey, ...setting }: SessionSetting<Element> & { readonly boxSecretKey: Uint8Array },
  params: KeyGenerationParams,
): Uint8Array {
  const session = sessionOf(kind, setting, params)
  const { self } = params.committee
  if (!isSame(setting.boxes.publicKeyOf(boxSecretKey), params.boxKeys[self] as Uint8Array)) {
    throw new RangeError(`dkg: our secret key does not fit the box key of member ${self}`)
  }
  return session
}

/** What a box is for: session, purpose, who sealed it and what it belongs to. */
export function boxContext(session: Uint8Array, purpose: string, by: number, to: Uint8Array): Uint8Array {
  const writer = new Writer()
  writer.raw(session)
  writer.varint(purpose.length)
  writer.raw(utf8(purpose))
  writer.varint(by)
  writer.raw(to)
  return writer.finish()
}

/** Every part behind its kind and its length: 1 is not "1", and ("a", "b") is not ("ab"). */
function domainBytes(domain: KeyGenerationParams['domain']): Uint8Array {
  const writer = new Writer()
  for (const part of domain) {
    const bytes = utf8(String(part))
    writer.u8(typeof part === 'number' ? 0 : 1)
    writer.varint(bytes.length)
    writer.raw(bytes)
  }
  return writer.finish()
}

const isSame = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, at) => byte === right[at])
