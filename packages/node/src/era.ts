/**
 * An era: what a node runs while one configuration is in force, from its first epoch to its last.
 */
import { type Configuration, committeeOf, configurationDigest, type Ledger, memberIndex } from '@mc/ledger'
import type { Committee, Epoch } from '@mc/protocol'
import { type Codec, hex } from '@mc/protocol/wire'
import { type JournalRecord, journalCodec, type Replay } from './log/journal.js'
import type { Spoken } from './log/spoken.js'
import type { WriteAheadLog } from './log/write-ahead-log.js'
import { Members } from './members.js'
import { type NodeOptions, replicaLimits } from './node-options.js'
import { Outbox, type OutboxCounts } from './outbox.js'
import type { Ahead } from './replica/ahead.js'
import type { IntakeOptions } from './replica/context.js'
import { DurableDraws } from './replica/draws.js'
import { Follower } from './replica/follower.js'
import type { Participant } from './replica/participant.js'
import type { Hello, PeerMessage } from './replica/peer-messages.js'
import { Replica } from './replica/replica.js'
import { rulesOf } from './replica/rules-name.js'
import type { NodeSuite } from './suite.js'

/** How many finished epochs go on helping those behind: a peer may be that slow before it has to fetch blocks. */
const EPOCHS_KEPT = 4

/** What eras are made from: what stays the same from one to the next. */
export interface EraParts {
  readonly options: NodeOptions
  readonly ledger: Ledger<unknown>
  readonly log: Pick<WriteAheadLog, 'append'>
  readonly spoken: Spoken
  readonly codec: Codec<PeerMessage>
  readonly counts: OutboxCounts
  readonly ahead: Ahead | undefined
  /** Whether all content is here that the state needs. */
  readonly isComplete: (() => boolean) | undefined
}

/** What a node runs in one configuration. */
export interface Era {
  readonly configuration: Configuration
  readonly digest: Uint8Array
  readonly members: Members
  readonly participant: Participant<unknown>
  readonly outbox: Outbox
  /** Our place, if we have one. */
  readonly self: number | undefined
  /** The suite that we vote in. */
  readonly suite: NodeSuite | undefined
  /** Why we do not vote though we are a member. */
  readonly obstacle: string | undefined
  /** What was heard again from the log. */
  readonly replay: Replay | undefined
}

/** The keys that a configuration names, if it does and we have them; asked for before the era begins. */
export const keysOf = (
  { keys }: NodeOptions,
  configuration: Configuration,
): ReturnType<NonNullable<NodeOptions['keys']>> =>
  configuration.keySet === undefined || keys === undefined ? Promise.resolve(undefined) : keys(configuration)

/** Keys as `keysOf` gives them. */
export type Keys = Awaited<ReturnType<typeof keysOf>>

/**
 * Begins the era of the configuration that agrees on the ledger's next block: as a voter if our key is one of its members', its
 * suite can be made, and the log knows of no later configuration; else as a follower.
 *
 * What says so is appended to the log, and is on disk before anything leaves: who begins an era without a record of it has said
 * nothing in it.
 */
export function beginEra(parts: EraParts, keys: Keys, operations: readonly Uint8Array[]): Era {
  const { options, ledger, codec, counts } = parts
  const { configuration } = ledger
  const members = new Members(configuration)
  const outbox = new Outbox({ transport: options.transport, members, codec, counts })
  const index = memberIndex(configuration, options.crypto.ed25519.publicKey(options.secretKey))
  const self = index < 0 ? undefined : index
  const digest = configurationDigest(configuration, options.crypto.sha256)
  return { configuration, digest, members, outbox, self, ...voterOrFollower(parts, self, keys, operations) }
}

type Role = Pick<Era, 'participant' | 'suite' | 'obstacle' | 'replay'>

function voterOrFollower(
  parts: EraParts,
  self: number | undefined,
  keys: Keys,
  operations: readonly Uint8Array[],
): Role {
  if (self === undefined) return follower(parts, operations, undefined)
  const { index } = parts.ledger.configuration
  if (index < parts.spoken.index) {
    const reason = `we have spoken in configuration ${parts.spoken.index} and have yet to get there again`
    return follower(parts, operations, reason)
  }
  const { configuration, nextEpoch } = parts.ledger
  const heard = parts.spoken.replay(configuration, nextEpoch)
  const committee = committeeOf(configuration, self)
  const suite = suiteOf(parts, committee, keys, heard?.draws ?? new Map())
  if (typeof suite === 'string') return follower(parts, operations, suite)
  return voter(parts, { committee, suite, replay: { ...(heard ?? silence(parts)), operations } })
}

function follower(parts: EraParts, operations: readonly Uint8Array[], obstacle: string | undefined): Role {
  const participant = new Follower<unknown>({ ...intakeOptions(parts), operations })
  return { participant, suite: undefined, obstacle, replay: undefined }
}

interface VoterParts {
  readonly committee: Committee
  readonly suite: NodeSuite
  readonly replay: Replay
}

function voter(parts: EraParts, { committee, suite, replay }: VoterParts): Role {
  const { ledger } = parts
  const participant = new Replica<unknown>({
    ...intakeOptions(parts),
    atomicBroadcast: suite.atomicBroadcast,
    epochs: suite.epochs,
    ...(suite.selection === 'random' && { atRandom: parts.options.crypto.rng }),
    suite: suite.fingerprint,
    committee,
    domain: [hex(ledger.network), ledger.configuration.index],
    replay,
  })
  return { participant, suite, obstacle: undefined, replay }
}

/** We have said nothing in this configuration, and the log says from now on that we are in it. */
function silence({ ledger, spoken, log }: EraParts): Replay {
  const { firstEpoch, index } = ledger.configuration
  for (const record of spoken.enter(index)) append(log, record)
  const said = { events: [], draws: new Map(), operations: [] }
  return { firstEpoch, isWhole: spoken.isSure, quarantinedUntil: 0, ...said }
}

const intakeOptions = ({ ahead, isComplete, options, ledger, codec }: EraParts): IntakeOptions<unknown> => ({
  ledger,
  configuration: ledger.configuration,
  crypto: options.crypto,
  secretKey: options.secretKey,
  limits: replicaLimits(options, ledger.configuration),
  messages: codec,
  ahead,
  isComplete,
  now: options.now ?? Date.now,
})

/** The suite of the configuration, or why we cannot run it. At the genesis that is a mistake of who starts the node. */
function suiteOf(
  { options, ledger, log }: EraParts,
  { self }: Committee,
  keys: Keys,
  draws: Replay['draws'],
): NodeSuite | string {
  const { configuration } = ledger
  const { sha256, rng: source } = options.crypto
  const rng = new DurableDraws(source, draws, (label, bit) => append(log, { type: 'draw', label, bit }))
  const { proposalBytesMax: payloadBytesMax } = replicaLimits(options, configuration)
  const windows = { depth: configuration.depth, epochsKept: EPOCHS_KEPT }
  try {
    const suite = options.suite({ configuration, self, keys, rng, sha256, payloadBytesMax, ...windows })
    if (suite.name !== configuration.suite) throw new RangeError(`this node runs ${suite.name}`)
    return suite
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return `"${options.genesis.name}" runs ${configuration.suite}: ${error.message}`
  }
}

const append = (log: EraParts['log'], record: JournalRecord): void => log.append(journalCodec.encode(record))

/** How we greet who takes no part in the agreement. */
export const helloTo = (ledger: Ledger<unknown>, { configuration, digest }: Era): Hello => ({
  type: 'hello',
  network: ledger.network,
  configuration: configuration.index,
  digest,
  suite: '',
  rules: rulesOf(ledger),
  nextEpoch: ledger.nextEpoch as Epoch,
  heardBelow: 0 as Epoch,
})
