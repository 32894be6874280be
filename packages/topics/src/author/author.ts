/**
 * Makes a person's operations: what a device does that holds the person's key, and nobody else can.
 *
 * It keeps nothing but the key. What it has to know about the ledger (rings, sequence numbers, periods) is handed to it, and can be
 * had from any node, without telling that node who asks.
 */
import { domainHash, equalBytes, type Rng } from '@mc/crypto'
import {
  type AttestedFacts,
  type IdentityCrypto,
  type IdentityProver,
  identityProver,
  type MutualVouch,
  memberKey,
  type Ring,
  type Scope,
  signAsSubject,
  signMutualVouch,
  signOperation,
  tagOf,
} from '@mc/identity'
import { topicIdOf } from '../machine/topic-id.js'
import type { Body, BodyOf, Candidacy, JoinParams } from '../operation/body.js'
import {
  type Evidence,
  SIGNATURE_BYTES,
  type Statement,
  signedOperationCodec,
  statementCodec,
  statementIds,
} from '../operation/operation.js'

/** What an author is made of. */
export interface AuthorOptions {
  /** A ristretto255 scalar of 32 bytes. */
  readonly secretKey: Uint8Array
  /** The name of the network, which operations are signed for. */
  readonly realm: string
  /** The organisation's id, which proofs are bound to. */
  readonly org: Uint8Array
  readonly crypto: IdentityCrypto
  readonly rng: Rng
}

/** A ring as of a revision, as the organisation counts them. */
export interface RingAt {
  readonly ring: Ring
  readonly revision: number
  readonly cohort: number
}

/** An encoded operation and its id. */
export interface Authored {
  readonly id: Uint8Array
  readonly bytes: Uint8Array
}

/** A topic that was opened: its id follows from who opened it. */
export interface Opened extends Authored {
  readonly topic: Uint8Array
}

/** What opening a topic says, besides the tag of who opens it. */
export type Opening = Omit<BodyOf<'createTopic'>, 'type' | 'creator'>

/** A person's hand. */
export class Author {
  /** X. */
  readonly key: Uint8Array
  /** H('mc/member/v1', first key): of a member whose key has changed it is handed in. */
  readonly member: Uint8Array
  readonly #options: AuthorOptions
  readonly #prover: IdentityProver

  /** @throws RangeError unless `secretKey` is a scalar. */
  constructor(options: AuthorOptions, member?: Uint8Array) {
    const { secretKey, crypto, rng } = options
    this.#options = options
    this.#prover = identityProver(secretKey, { rng, crypto })
    this.key = memberKey(secretKey, crypto)
    this.member = member ?? domainHash(crypto.sha256, 'mc/member/v1', this.key)
  }

  /** Our name in a topic where nobody knows who we are. */
  pseudonym(topicId: Uint8Array): Uint8Array {
    return this.#tag({ type: 'topic', topicId })
  }

  /** The name of our ballots in a meeting of a secret topic. */
  keyImage(meetingId: Uint8Array): Uint8Array {
    return this.#tag({ type: 'ballot', meetingId })
  }

  /** An operation in our own name. */
  asMember(seq: number, body: Body): Authored {
    return this.#signed({ signer: { type: 'member', id: this.member }, seq, body }, 'generator')
  }

  /** Opens a topic in our own name. */
  openAsMember(seq: number, opening: Opening): Opened {
    const { sha256 } = this.#options.crypto
    const topic = topicIdOf(this.member, seq, sha256)
    return { ...this.asMember(seq, { type: 'createTopic', ...opening, creator: this.member }), topic }
  }

  /**
   * Opens a topic in nobody's name, with one of the period's tokens; `rings` are those of the week and of the day.
   *
   * @throws RangeError if our key is not in them.
   */
  openAsToken(
    { period, slot }: { readonly period: number; readonly slot: number },
    opening: Opening,
    rings: { readonly token: RingAt; readonly topic: RingAt },
  ): Opened {
    const rate: Scope = { type: 'rate', rateClass: 'create', period, slot }
    const tag = this.#tag(rate)
    const topicId = topicIdOf(tag, 0, this.#options.crypto.sha256)
    const body: Body = { type: 'createTopic', ...opening, creator: this.pseudonym(topicId) }
    const statement = { signer: { type: 'token', period, slot, tag } as const, seq: 0, body }
    const topic: Scope = { type: 'topic', topicId }
    const opened = this.#signed(statement, rate, [
      [rate, rings.token],
      [topic, rings.topic],
    ])
    return { ...opened, topic: topicId }
  }

  /** An operation under our pseudonym in a topic; with a ring it is proven that there is a member behind it. */
  asPseudonym(topicId: Uint8Array, seq: number, body: Body, over?: RingAt): Authored {
    const scope: Scope = { type: 'topic', topicId }
    const signer = { type: 'pseudonym', topic: topicId, tag: this.pseudonym(topicId) } as const
    return this.#signed({ signer, seq, body }, scope, over === undefined ? [] : [[scope, over]])
  }

  /** Judges a freeze where nobody can tell who does. @throws RangeError if our key is not in the ring. */
  evaluate(seq: number, judgement: BodyOf<'evaluate'>, over: RingAt): Authored {
    const scope: Scope = { type: 'evaluation', caseId: judgement.freezeCase }
    const signer = { type: 'evaluator', freezeCase: judgement.freezeCase, tag: this.#tag(scope) } as const
    return this.#signed({ signer, seq, body: judgement }, scope, [[scope, over]])
  }

  /** Joins a topic under a pseudonym. @throws RangeError if our key is not in the ring. */
  join(topicId: Uint8Array, params: JoinParams, over: RingAt): Authored {
    return this.asPseudonym(topicId, 0, { type: 'join', topic: topicId, params }, over)
  }

  /**
   * Votes where nobody can tell whose ballot it is; a ballot with a higher `seq` replaces the one before. The ring is the meeting's,
   * its revision how many voters it has.
   *
   * @throws RangeError if our pseudonym is not in the ring.
   */
  secretBallot(topicId: Uint8Array, seq: number, vote: BodyOf<'vote'>, over: RingAt): Authored {
    const { realm, org, crypto } = this.#options
    const image = this.keyImage(vote.meeting)
    const signer = { type: 'ballot', meeting: vote.meeting, image } as const
    const statement = statementCodec.encode({ realm, signer, seq, body: vote })
    const id = statementIds(crypto.sha256)(statement)
    const { proof } = this.#prover.proveBallot({
      org,
      ring: over.ring,
      topicId,
      meetingId: vote.meeting,
      ballot: id,
      version: seq,
    })
    const evidence = { revision: over.revision, cohort: over.cohort, proof }
    const signature = new Uint8Array(SIGNATURE_BYTES)
    return { id, bytes: signedOperationCodec.encode({ statement, proofs: [evidence], signature }) }
  }

  /** Agrees to stand in an election: signed over the topic and the terms. */
  signCandidacy(message: Uint8Array): Candidacy['signature'] {
    return this.#sign('generator', message)
  }

  /** Signs what we met somebody with: that we vouch for each other. */
  signVouch(vouch: MutualVouch): Uint8Array {
    const { org, secretKey, crypto } = this.#options
    return signMutualVouch(org, vouch, secretKey, crypto)
  }

  /** Agrees to what somebody attests of us. */
  consentTo(facts: AttestedFacts): Uint8Array {
    const { org, secretKey, crypto } = this.#options
    return signAsSubject(org, facts, secretKey, crypto)
  }

  /** Whether a name of a ballot or of a participant is ours. */
  owns(tag: Uint8Array, scope: Scope): boolean {
    return equalBytes(tag, this.#tag(scope))
  }

  #tag(scope: Scope): Uint8Array {
    const { org, secretKey, crypto } = this.#options
    return tagOf(org, scope, secretKey, crypto)
  }

  #sign(base: 'generator' | Scope, message: Uint8Array): Uint8Array {
    const { org, secretKey, crypto } = this.#options
    return signOperation({ org, base, message }, secretKey, crypto)
  }

  #signed(
    meant: Omit<Statement, 'realm'>,
    base: 'generator' | Scope,
    proven: readonly (readonly [Scope, RingAt])[] = [],
  ): Authored {
    const { realm, crypto } = this.#options
    const statement = statementCodec.encode({ realm, ...meant })
    const id = statementIds(crypto.sha256)(statement)
    const proofs = proven.map(([scope, over]) => this.#prove(scope, id, over))
    const signature = this.#sign(base, id)
    return { id, bytes: signedOperationCodec.encode({ statement, proofs, signature }) }
  }

  #prove(scope: Scope, message: Uint8Array, { ring, revision, cohort }: RingAt): Evidence {
    const { org } = this.#options
    const { proof } = this.#prover.proveMembership({ org, ring, scope, message })
    return { revision, cohort, proof }
  }
}
