/**
 * Who is behind which index: members as the transport knows them, and as the protocols do.
 */
import type { Configuration } from '@mc/ledger'
import type { MemberKey, PeerAddress } from '@mc/network'
import type { PeerIndex } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'

/** The members of one configuration, by key and by index. */
export class Members {
  readonly #keys: readonly MemberKey[]
  readonly #indices: ReadonlyMap<MemberKey, PeerIndex>
  readonly #configuration: Configuration

  constructor(configuration: Configuration) {
    this.#configuration = configuration
    this.#keys = configuration.members.map(member => hex(member.publicKey))
    this.#indices = new Map(this.#keys.map((key, index) => [key, index as PeerIndex]))
  }

  get addresses(): readonly PeerAddress[] {
    return this.#configuration.members.map(({ addresses }, index) => ({
      key: this.key(index as PeerIndex),
      addresses,
    }))
  }

  /** The members by index. */
  get keys(): readonly MemberKey[] {
    return this.#keys
  }

  indexOf(key: MemberKey): PeerIndex | undefined {
    return this.#indices.get(key)
  }

  key(index: PeerIndex): MemberKey {
    return this.#keys[index] as MemberKey
  }

  name(index: PeerIndex): string {
    return this.#configuration.members[index]?.name ?? `member ${index}`
  }
}
