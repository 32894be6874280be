/**
 * A person's keys, old and new, and which of them counts where.
 *
 * What a member signs in its own name takes the newest key that the ledger knows; in a topic the key counts that was the member's
 * when the topic was created, so that nobody stands in it twice.
 */
import { domainHash } from '@mc/crypto'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { type MemberSecrets, memberKey, tagOf } from '@mc/identity'
import { hex } from '@mc/protocol/wire'
import { Author } from '@mc/topics'
import { CommandError, FAILED } from '../terminal/failure.js'
import { identityCrypto } from './identity-crypto.js'
import type { RowJson } from './organisation-client.js'

/** The keys of one person in one organisation. */
export class Keyring {
  readonly org: Uint8Array
  readonly realm: string
  readonly #keys: readonly { readonly secretKey: Uint8Array; readonly key: string }[]

  constructor({ org, keys }: Pick<MemberSecrets, 'org' | 'keys'>, realm: string) {
    this.org = org
    this.realm = realm
    this.#keys = keys.map(({ secretKey }) => ({ secretKey, key: hex(memberKey(secretKey, identityCrypto)) }))
    if (keys.length === 0) throw new RangeError('keyring: need at least one key')
  }

  /** The public keys, oldest first. */
  get keys(): readonly string[] {
    return this.#keys.map(({ key }) => key)
  }

  /** What the person is called if its oldest key here is its first: H('mc/member/v1', first key). */
  get member(): string {
    return hex(domainHash(crypto.sha256, 'mc/member/v1', bytesOf(this.keys[0] as string)))
  }

  /** Whether a member of the ledger is this person. */
  holds(member: Pick<RowJson<'members'>, 'keys'>): boolean {
    return member.keys.some(({ key }) => this.keys.includes(key))
  }

  /** Signs in the member's own name: the newest key of the ledger. @throws CommandError if it is not here. */
  signing(member: RowJson<'members'>): Author {
    return this.#author(member.keys.at(-1)?.key as string, member.id)
  }

  /** Speaks in topics of a membership epoch: the key active then, else the first one after. @throws CommandError */
  counting(member: RowJson<'members'>, epoch: number): Author {
    const active = member.keys.findLast(({ from }) => from <= epoch) ?? member.keys[0]
    return this.#author(active?.key as string, member.id)
  }

  /** The tag of a slot of anonymous topics, under the key that counts in a membership epoch. */
  tokenTag(
    member: RowJson<'members'>,
    at: { readonly epoch: number; readonly period: number; readonly slot: number },
  ): string {
    const { key } = this.counting(member, at.epoch)
    const secretKey = this.#secret(hex(key))
    const { period, slot } = at
    return hex(
      tagOf(this.org, { type: 'rate', rateClass: 'create', period, slot }, secretKey, identityCrypto),
    )
  }

  #author(key: string, member: string): Author {
    const { org, realm } = this
    const options = { secretKey: this.#secret(key), realm, org, crypto: identityCrypto, rng: crypto.rng }
    return new Author(options, bytesOf(member))
  }

  #secret(key: string): Uint8Array {
    const found = this.#keys.find(one => one.key === key)
    if (found !== undefined) return found.secretKey
    throw new CommandError(
      'identity/key-missing',
      `this takes the member's key ${key}, which is not in the keystore: restore it with "mc id restore"`,
      { exitCode: FAILED },
    )
  }
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))
