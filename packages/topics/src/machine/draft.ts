/** What an execution sees and writes: the tables themselves, under a journal that takes everything back if it fails. */
import { digestKey } from '@mc/crypto'
import { invariant } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import { QUEUE_MAX } from '../operations/opening.js'
import type { Member } from '../organisation/member.js'
import type { ChangeKind, MembershipChange } from '../organisation/membership-change.js'
import type { Mandate } from '../organisation/office.js'
import type { OrganisationDraft } from '../organisation/organisation.js'
import type { Table } from '../state/table.js'
import { DRAFT_TABLES, type Tables } from '../state/tables.js'
import type { Topic } from '../topic/topic.js'
import { type Candidate, flawOfCandidate } from './candidate.js'
import { u32 } from './partition.js'
import { emit, type Turn } from './turn.js'

/** The key of a membership change: its number, so that they stand in order. */
export const changeKey = (number: number): Uint8Array => u32(number)

/** A view of the organisation that can be written to between `begin` and `commit`. */
export class Draft implements OrganisationDraft {
  readonly members: Tables['members']
  readonly domains: Tables['domains']
  readonly parameters: Tables['parameters']
  readonly mandates: Tables['mandates']
  readonly exceptions: Tables['exceptions']
  readonly attesters: Tables['attesters']
  readonly contractTypes: Tables['contractTypes']
  readonly modules: Tables['modules']
  readonly registry: Tables['registry']
  readonly scheduled: Tables['scheduled']
  readonly #turn: Turn
  readonly #topic: Uint8Array | undefined
  #emitted = 0
  #waiting = 0
  readonly #revoked: Mandate[] = []

  constructor(turn: Turn, topic: Uint8Array | undefined) {
    this.#turn = turn
    this.#topic = topic
    const { tables } = turn.state
    this.members = tables.members
    this.domains = tables.domains
    this.parameters = tables.parameters
    this.mandates = tables.mandates
    this.exceptions = tables.exceptions
    this.attesters = tables.attesters
    this.contractTypes = tables.contractTypes
    this.modules = tables.modules
    this.registry = tables.registry
    this.scheduled = tables.scheduled
  }

  get org(): Uint8Array {
    return this.#turn.tools.org
  }

  get clock(): number {
    return this.#turn.block.clock
  }

  get membershipEpoch(): number {
    return this.#turn.state.here.membershipEpoch
  }

  get memberCount(): number {
    return this.#turn.state.indexes.present
  }

  get seatCount(): number {
    return this.#turn.block.configuration.members.length
  }

  get changes(): readonly MembershipChange[] {
    return this.#turn.state.tables.changes.values()
  }

  /** Changes and upgrades that the topic of this execution waits for. */
  get waiting(): number {
    return this.#waiting + this.#upgrades()
  }

  /** Mandates that this execution took away: what their end brings comes once it is kept. */
  get revoked(): readonly Mandate[] {
    return this.#revoked
  }

  memberByKey(key: Uint8Array): Member | undefined {
    const { indexes, tables } = this.#turn.state
    const id = indexes.memberByKey.get(digestKey(key))
    return id === undefined ? undefined : tables.members.at(id)
  }

  flawOfCandidate(candidate: Candidate): string | undefined {
    return flawOfCandidate(this.#turn, candidate)
  }

  topic(id: Uint8Array): Topic | undefined {
    return this.#turn.state.tables.topics.get(id)
  }

  enqueueChange(change: ChangeKind): void {
    enqueueChange(this.#turn, change, this.#topic)
    this.#waiting += 1
  }

  requeue(topicId: Uint8Array, domainId: Uint8Array): boolean {
    const { tables, indexes } = this.#turn.state
    const topic = tables.topics.get(topicId)
    const domain = tables.domains.get(domainId)
    if (topic?.state !== 'queued' || domain === undefined || indexes.queue(domainId).size >= QUEUE_MAX)
      return false
    tables.topics.set(topicId, { ...topic, domain: domainId })
    return true
  }

  requeueAll(from: Uint8Array, into: Uint8Array): void {
    const { tables, indexes } = this.#turn.state
    for (const key of [...indexes.queue(from)].sort()) {
      tables.topics.put(key, { ...(tables.topics.at(key) as Topic), domain: into })
    }
  }

  endMandate(id: Uint8Array): void {
    const mandate = this.mandates.get(id)
    if (mandate === undefined || mandate.isEnded) return
    this.mandates.set(id, { ...mandate, isEnded: true })
    this.#revoked.push(mandate)
    this.#emit('mandate-ended', { mandate: hex(id), reason: 'revoked' })
  }

  emit(name: string, payload: Uint8Array): void {
    this.#emit('contract-event', { name, payload: hex(payload) })
  }

  /** From now on everything can be taken back. */
  begin(): void {
    this.#emitted = this.#turn.events.length
    for (const name of DRAFT_TABLES) this.#table(name).begin()
  }

  /** Keeps what was written. */
  commit(): void {
    for (const name of DRAFT_TABLES) this.#table(name).commit()
  }

  /** Takes back what was written, and what was told. */
  rollback(): void {
    for (const name of DRAFT_TABLES) this.#table(name).rollback()
    this.#turn.events.length = this.#emitted
  }

  #emit(type: string, detail: Readonly<Record<string, unknown>>): void {
    const topic = this.#topic === undefined ? {} : { topic: hex(this.#topic) }
    emit(this.#turn, type, { ...topic, ...detail })
  }

  #table(name: keyof Tables): Table<unknown> {
    return this.#turn.state.tables[name] as Table<unknown>
  }

  #upgrades(): number {
    const topic = this.#topic
    if (topic === undefined) return 0
    const key = digestKey(topic)
    return this.modules
      .values()
      .filter(({ pending }) => pending !== undefined && digestKey(pending.topic) === key).length
  }
}

/** Queues a change of who belongs, behind those that wait already. */
export function enqueueChange({ state }: Turn, change: ChangeKind, topic: Uint8Array | undefined): void {
  const { here } = state
  const number = here.changes
  invariant(number < 2 ** 32, 'membership changes are counted in four bytes')
  state.here = { ...here, changes: number + 1 }
  state.tables.changes.set(changeKey(number), { number, topic, change })
}
