/**
 * The governance of an organisation as a state machine of the ledger.
 *
 * A pure function of the agreed blocks: no clock but the ledger's, no randomness but its beacon, integers only, and no order
 * that depends on how a map happens to be filled. Every participant computes the same state, root, receipts and events.
 *
 * @see topics.md
 */
import { type CryptoProvider, DIGEST_BYTES, digestKey } from '@mc/crypto'
import type { IdentityVerifier, Ring, RingName } from '@mc/identity'
import {
  type Configuration,
  type OrderedOperation,
  openStateSnapshot,
  type RecordedMachine,
  type StateProof,
  snapshotOfState,
} from '@mc/ledger'
import type { RingAt } from './author/author.js'
import type { Executor } from './executor.js'
import { admit, applyBlock, turnNow } from './machine/apply.js'
import { dryRun } from './machine/batches.js'
import { sentClocks } from './machine/clocks.js'
import { genesisState, type OrganisationGenesis } from './machine/genesis.js'
import { meetingRing, memberRing } from './machine/rings.js'
import type { Tools } from './machine/turn.js'
import { Verdicts } from './machine/verdicts.js'
import { wakeOf } from './machine/wake.js'
import { OPERATION_BYTES_MAX, readOperation, topicOperationIds } from './operation/operation.js'
import type { Program } from './operation/program.js'
import { signerTag } from './operation/signer.js'
import { genesisDomainId } from './organisation/domain.js'
import { isPresent } from './organisation/member.js'
import { TopicsState } from './state/topics-state.js'

/** What the machine is made of. */
export interface TopicsOptions {
  readonly crypto: Pick<CryptoProvider, 'sha256' | 'ed25519'>
  readonly identity: IdentityVerifier
  /** Opens a ring over keys; nothing if one of them is no key. */
  readonly openRing: (name: RingName, keys: readonly Uint8Array[]) => Ring | undefined
  readonly executor: Executor
  /** What operations are signed for: the name of the network. */
  readonly realm: string
  readonly organisation: OrganisationGenesis
  /** Seats that the network began with: they may be nobody's who is a member. What they say is not refused beforehand. */
  readonly seats?: Configuration['members']
  /** Verdicts of identity that are remembered; 65,536 by default, and 0 for who only wants to know what would be asked. */
  readonly verdictsMax?: number
}

/** The machine, and what else can be asked of it. */
export interface TopicsMachine extends RecordedMachine<TopicsState> {
  /** Largest encoded operation. */
  readonly bytesMax: number
  /** Proof of what the state holds under a key of `stateKeys`, or that it holds nothing there. */
  prove(state: TopicsState, key: Uint8Array): StateProof
  /** The newest ring of members for a membership epoch: what proofs are made over; nothing if there is no such cohort. */
  ring(state: TopicsState, at: { readonly epoch: number; readonly cohort: number }): RingAt | undefined
  /** The ring of a meeting's voters, whose revision is how many they are; nothing if there is no such open meeting. */
  ballotRing(state: TopicsState, meeting: Uint8Array, cohort: number): RingAt | undefined
  /** What a program would do if it won this topic now; nothing if there is no such topic. Changes nothing. */
  simulate(state: TopicsState, topicId: Uint8Array, program: Program): ReturnType<typeof dryRun> | undefined
  /** [SAFE] `clockOp`: times that seats sent as operations, by member index; empty unless the parameter is set. */
  clocks(
    state: TopicsState,
    operations: readonly OrderedOperation[],
    configuration: Configuration,
  ): ReadonlyMap<number, number>
}

/** The state machine of topics. @throws RangeError if no organisation can begin with this genesis. */
export function topics(options: TopicsOptions): TopicsMachine {
  const { crypto, organisation } = options
  const { sha256 } = crypto
  const tools = toolsOf(options)
  const idOf = topicOperationIds(sha256)
  genesisState(organisation, tools)
  return {
    name: `topics/${options.executor.name}`,
    version: 1,
    bytesMax: OPERATION_BYTES_MAX,
    genesis: () => genesisState(organisation, tools),
    operationId: idOf,
    // A signer's sequence numbers refuse what was there before; `recorded` remembers the operations themselves.
    isKnown: () => false,
    admit: (state, bytes) => admit(turnNow(state, tools, seatsOf(state, options)), bytes, idOf(bytes)),
    apply: (state, block) => applyBlock(state, block, tools),
    wake: wakeOf,
    size: state => state.here.accepted,
    root: state => state.map.root(),
    snapshot: state => snapshotOfState(state.map),
    openSnapshot: (manifest, root) => {
      const reader = openStateSnapshot(manifest, root, sha256)
      return reader && { ...reader, restore: chunks => TopicsState.of(reader.restore(chunks), sha256) }
    },
    author: bytes => authorOf(bytes, idOf(bytes)),
    prove: (state, key) => state.map.prove(key),
    ring: (state, { epoch, cohort }) => {
      const { revision } = state.here.rings
      const ring = memberRing(state, tools, { epoch, revision, cohort })
      return ring && { ring, revision, cohort }
    },
    ballotRing: (state, meeting, cohort) => {
      const key = digestKey(meeting)
      const voters = state.indexes.voters.get(key)?.length ?? 0
      const ring = meetingRing({ state, tools }, { id: meeting, key }, { voters, cohort })
      return ring && { ring, revision: voters, cohort }
    },
    simulate: (state, topicId, program) => {
      const topic = state.tables.topics.get(topicId)
      return topic && dryRun(turnNow(state, tools, seatsOf(state, options)), topic, program)
    },
    clocks: (state, operations, configuration) => sentClocks(state, operations, configuration, tools),
  }
}

function toolsOf(options: TopicsOptions): Tools {
  const { crypto, identity, openRing, executor, realm, organisation } = options
  const { sha256, ed25519 } = crypto
  return {
    sha256,
    ed25519,
    identity,
    openRing,
    executor,
    realm,
    org: organisation.org,
    constitution: genesisDomainId('constitution', sha256),
    membership: genesisDomainId('membership', sha256),
    general: genesisDomainId('general', sha256),
    verdicts: new Verdicts(sha256, identity, options.verdictsMax),
  }
}

function authorOf(bytes: Uint8Array, id: Uint8Array): Uint8Array {
  const operation = readOperation(bytes, id)
  return typeof operation === 'string' ? new Uint8Array(DIGEST_BYTES) : signerTag(operation.statement.signer)
}

/** The seats as the state knows them, and those that the network began with, for what is asked between blocks. */
function seatsOf({ tables }: TopicsState, { seats = [] }: Pick<TopicsOptions, 'seats'>): Configuration {
  const ofMembers = tables.members.values().flatMap(member => {
    const { seat } = member
    return seat?.isReady && isPresent(member)
      ? [{ name: seat.name, publicKey: seat.publicKey, addresses: seat.addresses }]
      : []
  })
  const known = new Set(ofMembers.map(({ publicKey }) => digestKey(publicKey)))
  const members = [...ofMembers, ...seats.filter(({ publicKey }) => !known.has(digestKey(publicKey)))]
  return { index: 0, firstEpoch: 0, suite: '', depth: 1, members }
}
