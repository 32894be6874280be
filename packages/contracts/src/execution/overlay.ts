/**
 * The organisation seen through one execution: it reads what it has written, and nobody else sees it before the end.
 *
 * So an execution that fails leaves nothing behind, a simulation is an execution that is not written down, and the diff is what the
 * overlay holds.
 */
import { digestKey } from '@mc/crypto'
import type {
  Attester,
  Change,
  ChangeKind,
  ContractType,
  Domain,
  Exception,
  Mandate,
  Member,
  MembershipChange,
  OrganisationDraft,
  OrganisationView,
  Parameter,
  ProtocolModule,
  RegistryEntry,
  Scheduled,
  Topic,
} from '@mc/topics'
import { OverlayTable } from './overlay-table.js'
import { difference } from './readable.js'

/** What the organisation does when an execution is written down: after the tables, in order. */
export type Deed =
  | { readonly type: 'enqueueChange'; readonly change: ChangeKind }
  | { readonly type: 'requeue'; readonly topic: Uint8Array; readonly domain: Uint8Array }
  | { readonly type: 'requeueAll'; readonly from: Uint8Array; readonly into: Uint8Array }
  | { readonly type: 'endMandate'; readonly mandate: Uint8Array }
  | { readonly type: 'emit'; readonly name: string; readonly payload: Uint8Array }

/** The names of the tables, in the order in which a diff lists them. */
const TABLES = [
  'members',
  'domains',
  'parameters',
  'mandates',
  'exceptions',
  'attesters',
  'contractTypes',
  'modules',
  'registry',
  'scheduled',
] as const

/** The organisation under an execution. */
export class Overlay {
  readonly view: OrganisationView
  readonly members: OverlayTable<Member>
  readonly domains: OverlayTable<Domain>
  readonly parameters: OverlayTable<Parameter>
  readonly mandates: OverlayTable<Mandate>
  readonly exceptions: OverlayTable<Exception>
  readonly attesters: OverlayTable<Attester>
  readonly contractTypes: OverlayTable<ContractType>
  readonly modules: OverlayTable<ProtocolModule>
  readonly registry: OverlayTable<RegistryEntry>
  readonly scheduled: OverlayTable<Scheduled>
  readonly #deeds: Deed[] = []

  constructor(view: OrganisationView) {
    this.view = view
    this.members = new OverlayTable(view.members)
    this.domains = new OverlayTable(view.domains)
    this.parameters = new OverlayTable(view.parameters)
    this.mandates = new OverlayTable(view.mandates)
    this.exceptions = new OverlayTable(view.exceptions)
    this.attesters = new OverlayTable(view.attesters)
    this.contractTypes = new OverlayTable(view.contractTypes)
    this.modules = new OverlayTable(view.modules)
    this.registry = new OverlayTable(view.registry)
    this.scheduled = new OverlayTable(view.scheduled)
  }

  get deeds(): readonly Deed[] {
    return this.#deeds
  }

  topic(id: Uint8Array): Topic | undefined {
    return this.view.topic(id)
  }

  do(deed: Deed): void {
    this.#deeds.push(deed)
  }

  /** What waits for the next boundaries, with what this execution adds to it. */
  changes(): readonly (MembershipChange | { readonly change: ChangeKind })[] {
    const added = this.#deeds.flatMap(deed =>
      deed.type === 'enqueueChange' ? [{ change: deed.change }] : [],
    )
    return [...this.view.changes, ...added]
  }

  /** Whether this execution ends a mandate. */
  ends(mandate: Uint8Array): boolean {
    const name = digestKey(mandate)
    return this.#deeds.some(deed => deed.type === 'endMandate' && digestKey(deed.mandate) === name)
  }

  /** What changes: the tables in their order and by key, then the deeds in theirs. */
  diff(): readonly Change[] {
    const written = TABLES.flatMap(table =>
      (this[table] as OverlayTable<unknown>).writes().flatMap(({ key, before, after }) => {
        const [left, right] = difference(before, after)
        return left === right ? [] : [{ table, key, before: left, after: right }]
      }),
    )
    return [...written, ...this.#deeds.map(changeOf)]
  }

  /** Writes it all down; why not, if the organisation refuses a deed, and then whoever called drops the draft. */
  writeTo(draft: OrganisationDraft): string | undefined {
    this.members.writeTo(draft.members)
    this.domains.writeTo(draft.domains)
    this.parameters.writeTo(draft.parameters)
    this.mandates.writeTo(draft.mandates)
    this.exceptions.writeTo(draft.exceptions)
    this.attesters.writeTo(draft.attesters)
    this.contractTypes.writeTo(draft.contractTypes)
    this.modules.writeTo(draft.modules)
    this.registry.writeTo(draft.registry)
    this.scheduled.writeTo(draft.scheduled)
    return this.#deeds.every(deed => perform(deed, draft)) ? undefined : 'a topic could not be queued again'
  }
}

function perform(deed: Deed, draft: OrganisationDraft): boolean {
  switch (deed.type) {
    case 'enqueueChange':
      draft.enqueueChange(deed.change)
      return true
    case 'requeue':
      return draft.requeue(deed.topic, deed.domain)
    case 'requeueAll':
      draft.requeueAll(deed.from, deed.into)
      return true
    case 'endMandate':
      draft.endMandate(deed.mandate)
      return true
    case 'emit':
      draft.emit(deed.name, deed.payload)
      return true
  }
}

function changeOf(deed: Deed): Change {
  switch (deed.type) {
    case 'enqueueChange':
      return memberChange(deed.change)
    case 'requeue':
      return {
        table: 'queue',
        key: deed.topic,
        before: undefined,
        after: difference(undefined, deed.domain)[1],
      }
    case 'requeueAll':
      return { table: 'queue', key: deed.from, before: 'all', after: difference(undefined, deed.into)[1] }
    case 'endMandate':
      return { table: 'mandates', key: deed.mandate, before: 'held', after: 'ended' }
    case 'emit':
      return {
        table: 'events',
        key: deed.payload,
        before: undefined,
        after: difference(undefined, deed.name)[1],
      }
  }
}

/** A membership change takes effect at a boundary: what the diff shows is what has been decided. */
function memberChange(change: ChangeKind): Change {
  if (change.type !== 'add') {
    return { table: 'membership', key: change.member, before: 'member', after: change.type }
  }
  const { id, keys, seat, sponsor } = change.member
  return {
    table: 'membership',
    key: id,
    before: undefined,
    after: difference(undefined, { keys, seat, sponsor })[1],
  }
}
