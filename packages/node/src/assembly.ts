/**
 * Puts a replica together from what the disk holds: the ledger from the store, the rest from the log.
 */
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { committeeOf, type Genesis, memberIndex, networkId } from '@mc/ledger'
import type { Committee } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import { journalCodec, type Replay, readJournal, replayOf, salvagedOperations } from './log/journal.js'
import { type OpenedLog, WriteAheadLog } from './log/write-ahead-log.js'
import { type NodeMachine, recordsMachine } from './machine.js'
import { type NodeOptions, replicaLimits } from './node-options.js'
import { AheadWork } from './replica/ahead.js'
import type { ReplicaLimits } from './replica/context.js'
import { DurableDraws } from './replica/draws.js'
import { proposalCodecOf, Replica } from './replica/replica.js'
import { BlockStore } from './store/block-store.js'
import type { LedgerExtent } from './store/checkpoint-pace.js'
import { type RestoredLedger, restoreLedger } from './store/restore.js'
import type { NodeSuite } from './suite.js'

/** How many finished epochs go on helping those behind: a peer may be that slow before it has to fetch blocks. */
const EPOCHS_KEPT = 4

/** The parts of a node. */
export interface NodeParts {
  readonly options: NodeOptions
  readonly replica: Replica<unknown>
  readonly machine: NodeMachine<unknown>
  readonly replay: Replay
  readonly store: BlockStore
  readonly opened: OpenedLog
  readonly suite: NodeSuite
  readonly committee: Committee
  readonly limits: ReplicaLimits
  /** What is checked beforehand comes back through the loop. */
  readonly aheadWork: AheadWork<unknown>
  readonly totals: number[]
  /** What is in the last checkpoint. */
  readonly written: LedgerExtent
}

/**
 * Opens the data directory and hears the log again.
 *
 * @throws Error if the directory is in use, damaged or of another network, or if our key is no member's.
 */
export async function assemble(options: NodeOptions): Promise<NodeParts> {
  const { directory, genesis, crypto, secretKey } = options
  const self = memberIndex(genesis.configuration, crypto.ed25519.publicKey(secretKey))
  if (self < 0) throw new Error(`the key in ${directory} belongs to no member of "${genesis.name}"`)
  const limits = replicaLimits(options)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const store = await openStore(join(directory, 'store'))
  try {
    const machine = machineOf(options)
    const ledgerOptions = { genesis, crypto, machine: machine.machine }
    const restored = await restoreLedger(store, ledgerOptions, proposalCodecOf(limits))
    return await withLog({ options, limits, store, machine, restored, self })
  } catch (error) {
    await store.close()
    throw error
  }
}

interface Restored {
  readonly options: NodeOptions
  readonly limits: ReplicaLimits
  readonly store: BlockStore
  readonly machine: NodeMachine<unknown>
  readonly restored: RestoredLedger<unknown>
  readonly self: number
}

async function withLog({ options, limits, store, machine, restored, self }: Restored): Promise<NodeParts> {
  const { directory, genesis, crypto, fsync = true } = options
  const network = networkId(genesis, crypto.sha256)
  const opened = await WriteAheadLog.open({ directory: join(directory, 'log'), network, fsync })
  try {
    const replay = await hearLog(directory, opened, restored, genesis)
    return {
      ...(await makeReplica(options, { limits, machine, restored, opened, replay, self })),
      store,
      machine,
      opened,
      replay,
      limits,
    }
  } catch (error) {
    await opened.log.close().catch(() => {})
    throw error
  }
}

// The first record says whether anything was said before. A first start leaves a mark as well, which a lost log does not
// take away; a log that is gone, or was begun anew and never written, is lost.
async function hearLog(
  directory: string,
  opened: OpenedLog,
  { ledger, totals }: RestoredLedger<unknown>,
  genesis: Genesis,
): Promise<Replay> {
  const mark = join(directory, 'voted')
  const journal = [...readJournal(opened.records)]
  if (journal.length === 0) {
    const isFirstStart = opened.salvaged.length === 0 && totals.length === 0 && !(await exists(mark))
    const first = { type: isFirstStart && opened.condition !== 'damaged' ? 'begin' : 'lost' } as const
    journal.push(first)
    opened.log.append(journalCodec.encode(first))
    await opened.log.sync(true)
  }
  if (!(await exists(mark))) {
    await writeFile(mark, 'This node has begun to vote. Do not delete this file.\n', { flush: true })
  }
  const replay = replayOf(journal, ledger.nextEpoch, genesis.configuration.firstEpoch)
  return { ...replay, operations: [...salvagedOperations(opened.salvaged), ...replay.operations] }
}

interface ReplicaParts extends Pick<NodeParts, 'limits' | 'machine' | 'opened' | 'replay'> {
  readonly restored: RestoredLedger<unknown>
  readonly self: number
}

async function makeReplica(
  options: NodeOptions,
  { limits, machine, restored, opened, replay, self }: ReplicaParts,
): Promise<
  Pick<NodeParts, 'options' | 'replica' | 'suite' | 'committee' | 'aheadWork' | 'totals' | 'written'>
> {
  const { genesis, crypto, secretKey, now = Date.now } = options
  const { configuration } = genesis
  const { ledger, totals, written } = restored
  const rng = new DurableDraws(crypto.rng, replay.draws, (label, bit) => {
    opened.log.append(journalCodec.encode({ type: 'draw', label, bit }))
  })
  const { sha256 } = crypto
  const { proposalBytesMax: payloadBytesMax } = limits
  const { depth } = configuration
  const keys = configuration.keySet && (await options.keys?.(configuration))
  const kept = { depth, epochsKept: EPOCHS_KEPT }
  const suite = options.suite({ configuration, self, keys, rng, sha256, payloadBytesMax, ...kept })
  requireSuite(suite, genesis)
  const committee = committeeOf(configuration, self)
  const aheadWork = new AheadWork(machine.prepare, () => ledger.state)
  const replica = new Replica<unknown>({
    atomicBroadcast: suite.atomicBroadcast,
    epochs: suite.epochs,
    suite: suite.fingerprint,
    ledger,
    committee,
    domain: [hex(ledger.network), configuration.index],
    crypto,
    secretKey,
    limits,
    replay,
    ahead: machine.prepare && aheadWork.ahead,
    now,
  })
  return { options, replica, suite, committee, aheadWork, totals, written }
}

async function openStore(directory: string): Promise<BlockStore> {
  try {
    return await BlockStore.open(directory)
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause
    if (cause?.code !== 'LEVEL_LOCKED') throw error
    throw new Error(
      `${directory} is in use by another process: stop that node, or use another data directory`,
    )
  }
}

// The node never looks into a state but through its machine.
function machineOf({ genesis, crypto, operations = { kind: 'signed' }, machine }: NodeOptions) {
  return (machine ?? recordsMachine)({ genesis, crypto, operations }) as NodeMachine<unknown>
}

function requireSuite(suite: NodeSuite, genesis: Genesis): void {
  if (suite.name === genesis.configuration.suite) return
  throw new Error(
    `"${genesis.name}" runs ${genesis.configuration.suite}; this node was started with ${suite.name}`,
  )
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
