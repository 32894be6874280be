/**
 * The part of the state that contracts read and change.
 *
 * A draft is the same tables under a journal: what an execution has written is kept or dropped as a whole.
 */

import type { Candidate } from '../machine/candidate.js'
import type { Topic } from '../topic/topic.js'
import type { Domain } from './domain.js'
import type { Member } from './member.js'
import type { ChangeKind, MembershipChange } from './membership-change.js'
import type { Attester, ContractType, Exception, Mandate, ProtocolModule, Scheduled } from './office.js'

/** A table to read: values never change, another value stands in their place. */
export interface ReadTable<T> {
  readonly size: number
  get(key: Uint8Array): T | undefined
  /** All values, ascending by key: costs a sort, so not for hot paths. */
  values(): readonly T[]
}

/** A table to write. Values handed over must not be changed afterwards. */
export interface WriteTable<T> extends ReadTable<T> {
  set(key: Uint8Array, value: T): void
  delete(key: Uint8Array): boolean
}

/** What a decision of text leaves: a by-law, a resolution, the bundle of the page. Keyed by the UTF-8 of `key`. */
export interface RegistryEntry {
  readonly key: string
  readonly cid: Uint8Array
  readonly topic: Uint8Array
  readonly setL: number
}

/** A number of the organisation as a whole. Keyed by the UTF-8 of `name`. */
export interface Parameter {
  readonly name: string
  readonly value: number
}

type TablesOf<Table extends 'read' | 'write'> = {
  readonly members: TableOf<Table, Member>
  readonly domains: TableOf<Table, Domain>
  readonly parameters: TableOf<Table, Parameter>
  readonly mandates: TableOf<Table, Mandate>
  readonly exceptions: TableOf<Table, Exception>
  readonly attesters: TableOf<Table, Attester>
  readonly contractTypes: TableOf<Table, ContractType>
  readonly modules: TableOf<Table, ProtocolModule>
  readonly registry: TableOf<Table, RegistryEntry>
  readonly scheduled: TableOf<Table, Scheduled>
}

type TableOf<Table extends 'read' | 'write', T> = Table extends 'read' ? ReadTable<T> : WriteTable<T>

/** What contracts, predicates and screens read. */
export interface OrganisationView extends TablesOf<'read'> {
  /** The organisation: 32 bytes that every proof and signature binds. */
  readonly org: Uint8Array
  /** L in seconds. */
  readonly clock: number
  /** The membership epoch. */
  readonly membershipEpoch: number
  /** N: active and frozen members. */
  readonly memberCount: number
  /** Seats of the consensus, n_c. */
  readonly seatCount: number
  /** The member that holds this key now. */
  memberByKey(key: Uint8Array): Member | undefined
  /** Why a person may not be taken in as proposed, or nothing: its attestations, and what else must speak for it. */
  flawOfCandidate(candidate: Candidate): string | undefined
  topic(id: Uint8Array): Topic | undefined
  /** What waits for the next boundaries, in order. */
  readonly changes: readonly MembershipChange[]
}

/** What an execution writes. */
export interface OrganisationDraft extends Omit<OrganisationView, keyof TablesOf<'read'>>, TablesOf<'write'> {
  /** Queues a change of who belongs; the topic of this execution stays Scheduled until it is done. */
  enqueueChange(change: ChangeKind): void
  /** Puts a queued topic into another domain's queue. False if it is not queued or that queue is full. */
  requeue(topic: Uint8Array, domain: Uint8Array): boolean
  /** Puts all queued topics of a domain into another one's queue, beyond its cap if need be. */
  requeueAll(from: Uint8Array, into: Uint8Array): void
  /** Takes a mandate's powers away, and applies what its end brings. */
  endMandate(mandate: Uint8Array): void
  /** Tells the world. */
  emit(name: string, payload: Uint8Array): void
}
