/**
 * The stage of the story: a running network, its people, and what they do through its members' APIs, as anybody would.
 */
import { randomInt } from 'node:crypto'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { openRing } from '@mc/identity'
import type { Genesis } from '@mc/ledger'
import { fromHex, hex } from '@mc/protocol/wire'
import { Author, type Authored, type Body, type RingAt } from '@mc/topics'
import type { ApiClient } from '../client/api-client.js'
import { handIn } from '../organisation/handing-in.js'
import { identityCrypto } from '../organisation/identity-crypto.js'
import { CommandError, FAILED } from '../terminal/failure.js'

/** What a table holds, as the API tells it: bytes are hexadecimal. */
// biome-ignore lint/suspicious/noExplicitAny: the shapes are those of @mc/topics in JSON
export type Entry = any

/** Somebody of the story. */
export interface Person {
  readonly name: string
  readonly author: Author
}

/** How often the stage looks whether something has happened. */
const LOOK_MS = 60

/** How long anything of the story may take at most. */
const PATIENCE_MS = 60_000

/** The stage. */
export class Stage {
  readonly genesis: Genesis
  readonly org: Uint8Array
  readonly clients: readonly ApiClient[]
  readonly #seqs = new Map<string, number>()

  constructor(genesis: Genesis, org: Uint8Array, clients: readonly ApiClient[]) {
    this.genesis = genesis
    this.org = org
    this.clients = clients
  }

  /** A person with this key. */
  person(name: string, secretKey: Uint8Array): Person {
    const { rng } = crypto
    const options = { secretKey, realm: this.genesis.name, org: this.org, crypto: identityCrypto, rng }
    return { name, author: new Author(options) }
  }

  /** Does something in a person's own name. */
  asMember(person: Person, body: Body): Promise<Uint8Array> {
    const { author } = person
    return this.act(author.asMember(this.nextSeq(author.member), body))
  }

  /** Does something under a person's pseudonym in a topic; `over` proves that there is a member behind it. */
  asPseudonym({ author }: Person, topic: Uint8Array, body: Body, over?: RingAt): Promise<Uint8Array> {
    return this.act(author.asPseudonym(topic, this.nextSeq(author.pseudonym(topic)), body, over))
  }

  /** The number of a signer's next operation. */
  nextSeq(signer: Uint8Array): number {
    const key = hex(signer)
    const seq = this.#seqs.get(key) ?? 0
    this.#seqs.set(key, seq + 1)
    return seq
  }

  /** Hands an operation to a member and waits until it is on the ledger. @throws CommandError with the rule if it is refused. */
  async act({ id, bytes }: Authored): Promise<Uint8Array> {
    await handIn([this.reader, this.#other()], { id: hex(id), operation: hex(bytes) })
    return id
  }

  /** What the API of the member says that the stage reads from. */
  read(path: string): Promise<Entry> {
    return this.reader.get(path)
  }

  /** An entry of a table. */
  entry(table: string, key: Uint8Array): Promise<Entry> {
    return this.read(`/v1/organisation/tables/${table}/${hex(key)}`)
  }

  /** The entries of a table whose fields have these values. */
  async entries(table: string, where: Readonly<Record<string, string>> = {}): Promise<readonly Entry[]> {
    const query = new URLSearchParams({ ...where, limit: '1000' })
    const { items } = await this.read(`/v1/organisation/tables/${table}?${query}`)
    return items.map((item: Entry) => item.value)
  }

  /** The newest ring of all members, as of the day a topic was opened. */
  async ring(epoch: number): Promise<RingAt> {
    const { keys, revision, cohort } = await this.read(`/v1/organisation/rings?epoch=${epoch}`)
    const ring = openRing({ type: 'members', epoch, cohort }, keys.map(fromHex), identityCrypto)
    if (ring === undefined) throw failure('the ring of members does not open')
    return { ring, revision, cohort }
  }

  /** Waits until something holds. */
  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + PATIENCE_MS
    while (!(await holds())) {
      if (performance.now() > end) throw failure(`waited a minute for ${what}`)
      await new Promise(resolve => setTimeout(resolve, LOOK_MS))
    }
  }

  /** The member that is asked: another one may be a block behind it, and what has been done is found where it was handed in. */
  get reader(): ApiClient {
    return this.clients[0] as ApiClient
  }

  /** Another member, whichever, so that all have something to propose. */
  #other(): ApiClient {
    return this.clients[randomInt(1, this.clients.length)] as ApiClient
  }
}

const failure = (text: string): CommandError => new CommandError('story/stuck', text, { exitCode: FAILED })
