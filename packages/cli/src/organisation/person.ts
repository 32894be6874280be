/**
 * A member at work: signs what it wants in the name that counts, proves what has to be proven, and waits for the ledger.
 */
import { openRing, type RingName } from '@mc/identity'
import { fromHex, hex } from '@mc/protocol/wire'
import {
  type Author,
  type Authored,
  type Body,
  type BodyOf,
  type Opening,
  type RingAt,
  TOKEN_SLOTS,
} from '@mc/topics'
import type { ApiClient } from '../client/api-client.js'
import { CommandError, FAILED } from '../terminal/failure.js'
import { handIn, type Placed, standing } from './handing-in.js'
import { identityCrypto } from './identity-crypto.js'
import type { Keyring } from './keyring.js'
import { bodyOf } from './operation-body.js'
import { OrganisationClient, type RingJson, type RowJson } from './organisation-client.js'
import type { KeptOperation, Outbox } from './outbox.js'

/** Whose hand it is, and through whom it acts. */
export interface PersonOptions {
  readonly keyring: Keyring
  /** The node that is read from, first, and others that operations are handed to as well. */
  readonly clients: readonly ApiClient[]
  /** Where what does not get through is kept. */
  readonly outbox?: Outbox
}

/** What only a member's own name asks for, whatever the privacy of the topic. */
const IN_OWN_NAME: readonly Body['type'][] = ['freeze', 'evaluate', 'defend']

/** Refusals after which the same thing is signed once more: another number, with a proof, or over the ring of an epoch that has just begun. */
const SIGN_AGAIN = [
  'topics/repeated',
  'topics/gap',
  'topics/proof-to-renew',
  'topics/stale-proof',
  'topics/wrong-proof',
]

/** What an operation is about, for people. */
interface About {
  readonly what: string
  readonly topic?: string
}

const aboutOf = (what: string, topic: RowJson<'topics'> | undefined): About =>
  topic === undefined ? { what } : { what, topic: topic.id }

/** A member's keys, and a node to speak through. */
export class Person {
  readonly keyring: Keyring
  readonly organisation: OrganisationClient
  readonly #clients: readonly ApiClient[]
  readonly #outbox: Outbox | undefined
  #known: string | undefined

  constructor({ keyring, clients, outbox }: PersonOptions) {
    const [first] = clients
    if (first === undefined) throw new RangeError('person: need at least one node')
    this.keyring = keyring
    this.organisation = new OrganisationClient(first)
    this.#clients = clients
    this.#outbox = outbox
  }

  /** This person as the ledger knows it. @throws CommandError `identity/not-a-member` if it does not. */
  async member(): Promise<RowJson<'members'>> {
    const { organisation, keyring } = this
    const known = await organisation.entry('members', this.#known ?? keyring.member)
    // Guardians may have given a member a key that was never its first.
    const member = known ?? (await organisation.table('members')).find(one => keyring.holds(one))
    if (member === undefined) {
      throw new CommandError(
        'identity/not-a-member',
        `nobody with the key ${keyring.keys.at(-1)} is a member: ask a member to run "mc member add"`,
        { exitCode: FAILED },
      )
    }
    this.#known = member.id
    return member
  }

  /** The name of this person in a topic: the member's id where it is identified, else its pseudonym. @throws CommandError */
  async tagIn(topic: RowJson<'topics'>): Promise<string> {
    const member = await this.member()
    if (topic.privacy === 'identified') return member.id
    return hex(this.keyring.counting(member, topic.ringEpoch).pseudonym(fromHex(topic.id)))
  }

  /** This person's part in a topic; nothing if it takes no part. */
  async partIn(topic: RowJson<'topics'>): Promise<RowJson<'participants'> | undefined> {
    return this.organisation.entry('participants', topic.id + (await this.tagIn(topic)))
  }

  /**
   * Signs and hands in an operation, in the name that the topic's privacy asks for.
   *
   * @throws CommandError with the rule and the numbers if it is refused; it is in the outbox then.
   */
  async act(body: Exclude<Body, { readonly type: 'createTopic' }>): Promise<Placed> {
    const topic = await this.#topicOf(body)
    return this.#twice(aboutOf(body.type, topic), withProof => this.#signed(body, topic, withProof))
  }

  /** Opens a topic; anonymously with one of this week's tokens unless it is identified. @throws CommandError as `act`. */
  async open(opening: Opening): Promise<Placed & { readonly topic: string }> {
    let topic = ''
    const placed = await this.#twice({ what: 'createTopic' }, async () => {
      const opened = await this.#opened(opening)
      topic = hex(opened.topic)
      return opened
    })
    return { ...placed, topic }
  }

  /**
   * Hands in what was kept in the outbox: as it is if it still can be, else signed anew with the number and proof that count now.
   *
   * @throws CommandError as `act`; it stays in the outbox then.
   */
  async send(kept: KeptOperation): Promise<Placed> {
    const placed = (await this.#placedBefore(kept)) ?? (await this.#handAgain(kept))
    await this.#outbox?.drop(kept.id)
    return placed
  }

  /** The newest ring of members for an epoch that this person's key is in. @throws CommandError if it is in none. */
  async ringWith(author: Author, epoch: number): Promise<RingAt> {
    const key = hex(author.key)
    const found = await ringHolding(key, cohort => this.organisation.ring(epoch, cohort))
    if (found === undefined) {
      const text = `the key ${key} is in no ring of membership epoch ${epoch}: who is frozen or has just come waits for the next`
      throw new CommandError('identity/not-in-the-ring', text, { exitCode: FAILED })
    }
    return opened({ type: 'members', epoch, cohort: found.cohort }, found)
  }

  // What was thought lost may have been agreed on since: signed anew it would happen twice.
  async #placedBefore({ id }: KeptOperation): Promise<Placed | undefined> {
    const [first] = this.#clients
    return first && standing(first, id)
  }

  async #handAgain(kept: KeptOperation): Promise<Placed> {
    try {
      return await handIn(this.#clients, kept)
    } catch (error) {
      const body = bodyOf(kept.operation)
      if (!(error instanceof CommandError) || !SIGN_AGAIN.includes(error.rule) || body === undefined)
        throw error
      return this.#anew(kept, body)
    }
  }

  async #anew(kept: KeptOperation, body: Body): Promise<Placed> {
    try {
      return await (body.type === 'createTopic' ? this.open(body) : this.act(body))
    } catch (error) {
      if (error instanceof CommandError && error.isKept) await this.#outbox?.drop(kept.id)
      throw error
    }
  }

  async #twice(about: About, sign: (withProof: boolean) => Promise<Authored>): Promise<Placed> {
    try {
      return await this.#hand(await sign(false), about, SIGN_AGAIN)
    } catch (error) {
      if (!(error instanceof CommandError) || !SIGN_AGAIN.includes(error.rule)) throw error
      return this.#hand(await sign(error.rule === 'topics/proof-to-renew'), about, [])
    }
  }

  async #hand({ id, bytes }: Authored, about: About, notKept: readonly string[]): Promise<Placed> {
    const operation = { id: hex(id), operation: hex(bytes), ...about }
    try {
      return await handIn(this.#clients, operation)
    } catch (error) {
      if (!(error instanceof CommandError) || notKept.includes(error.rule) || this.#outbox === undefined)
        throw error
      const { rule, message, exitCode, field } = error
      await this.#outbox.keep({ ...operation, keptAt: Date.now(), reason: { rule, message } })
      throw new CommandError(rule, message, { exitCode, field, isKept: true })
    }
  }

  async #signed(
    body: Exclude<Body, { readonly type: 'createTopic' }>,
    topic: RowJson<'topics'> | undefined,
    withProof: boolean,
  ): Promise<Authored> {
    const member = await this.member()
    if (topic === undefined || topic.privacy === 'identified' || IN_OWN_NAME.includes(body.type)) {
      return this.keyring.signing(member).asMember(await this.#seq('m', member.id), body)
    }
    const author = this.keyring.counting(member, topic.ringEpoch)
    if (body.type === 'vote' && topic.privacy === 'secret') return this.#ballot(author, topic, body)
    const topicId = fromHex(topic.id)
    const tag = hex(author.pseudonym(topicId))
    const part = await this.organisation.entry('participants', topic.id + tag)
    const isDue = part !== undefined && part.proven < topic.provenFrom
    const isProven = withProof || isDue || body.type === 'join' || body.type === 'renew'
    const over = isProven ? await this.ringWith(author, topic.ringEpoch) : undefined
    return author.asPseudonym(topicId, await this.#seq('p', tag), body, over)
  }

  async #ballot(author: Author, topic: RowJson<'topics'>, vote: BodyOf<'vote'>): Promise<Authored> {
    const topicId = fromHex(topic.id)
    const meeting = hex(vote.meeting)
    const tag = hex(author.pseudonym(topicId))
    const found = await ringHolding(tag, cohort => this.organisation.ballotRing(meeting, cohort))
    if (found === undefined) {
      const text = 'vote refused: this person sits in another meeting, or waits for its seat'
      throw new CommandError('topics/not-a-voter', text, { exitCode: FAILED })
    }
    const over = opened({ type: 'meeting', meetingId: vote.meeting }, found)
    const seq = await this.#seq('b', hex(author.keyImage(vote.meeting)))
    return author.secretBallot(topicId, seq, vote, over)
  }

  async #opened(opening: Opening): Promise<ReturnType<Author['openAsMember']>> {
    const member = await this.member()
    if (opening.privacy === 'identified') {
      return this.keyring.signing(member).openAsMember(await this.#seq('m', member.id), opening)
    }
    const { week, weekEpoch, membershipEpoch } = await this.organisation.overview()
    const slot = await this.#freeSlot(member, { epoch: weekEpoch, period: week })
    const author = this.keyring.counting(member, membershipEpoch)
    const rings = {
      token: await this.ringWith(author, weekEpoch),
      topic: await this.ringWith(author, membershipEpoch),
    }
    return author.openAsToken({ period: week, slot }, opening, rings)
  }

  async #freeSlot(
    member: RowJson<'members'>,
    at: { readonly epoch: number; readonly period: number },
  ): Promise<number> {
    for (let slot = 0; slot < TOKEN_SLOTS; slot += 1) {
      const tag = this.keyring.tokenTag(member, { ...at, slot })
      if ((await this.#seq('t', tag)) === 0) return slot
    }
    throw new CommandError(
      'topics/rate-limit',
      `${TOKEN_SLOTS} topics a week may be opened under a pseudonym, and week ${at.period} has used them`,
      { exitCode: FAILED },
    )
  }

  /** The number of a signer's next operation. */
  async #seq(kind: 'm' | 'p' | 't' | 'b', tag: string): Promise<number> {
    const key = kind.charCodeAt(0).toString(16) + tag
    return (await this.organisation.entry('actors', key))?.seq ?? 0
  }

  async #topicOf(body: Body): Promise<RowJson<'topics'> | undefined> {
    const id = await this.#topicIdOf(body)
    if (id === undefined) return undefined
    const topic = await this.organisation.entry('topics', id)
    if (topic !== undefined) return topic
    throw new CommandError('topics/unknown-topic', `no topic ${id}`, { field: 'topic' })
  }

  async #topicIdOf(body: Body): Promise<string | undefined> {
    if ('topic' in body) return hex(body.topic)
    if ('meeting' in body) {
      const meeting = hex(body.meeting)
      const entry = await this.organisation.entry('meetings', meeting)
      if (entry !== undefined) return entry.topic
      throw new CommandError('topics/unknown-meeting', `no meeting ${meeting}`, { field: 'meeting' })
    }
    if ('proposal' in body) return (await this.organisation.entry('proposals', hex(body.proposal)))?.topic
    return undefined
  }
}

/** Rings of up to 2,048 members have one cohort; larger ones have more, of which one holds the key. */
async function ringHolding(
  key: string,
  ask: (cohort: number) => Promise<RingJson | undefined>,
): Promise<RingJson | undefined> {
  for (let cohort = 0; ; cohort += 1) {
    const ring = await ask(cohort)
    if (ring === undefined || ring.keys.includes(key)) return ring
  }
}

function opened(name: RingName, { keys, revision, cohort }: RingJson): RingAt {
  const ring = openRing(name, keys.map(fromHex), identityCrypto)
  if (ring !== undefined) return { ring, revision, cohort }
  throw new CommandError('api/failed', 'the node gave a ring that holds a key twice, or what is no key', {
    exitCode: FAILED,
  })
}
