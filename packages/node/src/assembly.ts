/**
 * Puts a replica together from what the disk holds: the ledger from the store, the rest from the log.
 */
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Ledger, networkId } from '@mc/ledger'
import { beginEra, type Era, type EraParts, keysOf } from './era.js'
import { journalCodec, readJournal, salvagedOperations } from './log/journal.js'
import { Spoken } from './log/spoken.js'
import { type OpenedLog, WriteAheadLog } from './log/write-ahead-log.js'
import { type NodeMachine, recordsMachine } from './machine.js'
import { chosenLimits, type NodeOptions, replicaLimits } from './node-options.js'
import { AheadWork } from './replica/ahead.js'
import { messageCodecOf, proposalCodecOf } from './replica/replica.js'
import { BlockStore } from './store/block-store.js'
import type { LedgerExtent } from './store/checkpoint-pace.js'
import { type RestoredLedger, restoreLedger } from './store/restore.js'

/** The parts of a node. */
export interface NodeParts extends EraParts {
  readonly log: WriteAheadLog
  readonly machine: NodeMachine<unknown>
  readonly store: BlockStore
  readonly opened: OpenedLog
  readonly era: Era
  readonly aheadWork: AheadWork<unknown>
  readonly totals: number[]
  /** What is in the last checkpoint. */
  readonly written: LedgerExtent
}

/**
 * Opens the data directory and hears the log again.
 *
 * @throws Error if the directory is in use, damaged or of another network, or if our key is a member's at the genesis and the
 *   suite of the genesis cannot be made.
 */
export async function assemble(options: NodeOptions): Promise<NodeParts> {
  const { directory, genesis, crypto } = options
  replicaLimits(options, genesis.configuration)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const store = await openStore(join(directory, 'store'))
  try {
    const machine = machineOf(options)
    const ledgerOptions = { genesis, crypto, machine: machine.machine }
    const codec = proposalCodecOf(chosenLimits(options))
    const isComplete = (state: unknown): boolean => (machine.content?.missing(state).length ?? 0) === 0
    const restored = await restoreLedger(store, ledgerOptions, codec, isComplete)
    return await withLog({ options, store, machine, restored })
  } catch (error) {
    await store.close()
    throw error
  }
}

interface Restored {
  readonly options: NodeOptions
  readonly store: BlockStore
  readonly machine: NodeMachine<unknown>
  readonly restored: RestoredLedger<unknown>
}

async function withLog({ options, store, machine, restored }: Restored): Promise<NodeParts> {
  const { directory, genesis, crypto, fsync = true } = options
  const { ledger, totals, written } = restored
  const network = networkId(genesis, crypto.sha256)
  const opened = await WriteAheadLog.open({ directory: join(directory, 'log'), network, fsync })
  try {
    const spoken = await hearLog(options, opened, restored)
    await leaveOld(spoken, ledger, store)
    const codec = messageCodecOf(chosenLimits(options))
    const counts = { messages: 0, frames: 0, bytes: 0 }
    const aheadWork = new AheadWork(machine.prepare, () => ledger.state)
    const ahead = machine.prepare && aheadWork.ahead
    const { content } = machine
    const isComplete = content && (() => content.missing(ledger.state).length === 0)
    const parts = { options, ledger, log: opened.log, spoken, codec, counts, ahead, isComplete }
    const operations = [...salvagedOperations(opened.salvaged), ...spoken.operations]
    const era = beginEra(parts, await keysOf(options, ledger.configuration), operations)
    requireGenesisSuite(parts, era)
    return { ...parts, machine, aheadWork, store, opened, era, totals, written }
  } catch (error) {
    await opened.log.close().catch(() => {})
    throw error
  }
}

// The first record says whether anything was said before. A first start leaves a mark as well, which a lost log does not
// take away; a log that is gone, or was begun anew and never written, is lost.
async function hearLog(
  { directory, genesis }: NodeOptions,
  opened: OpenedLog,
  { totals }: RestoredLedger<unknown>,
): Promise<Spoken> {
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
  return new Spoken(journal, genesis.configuration.index)
}

// The ledger was in another configuration already when the process ended, and the log had not been told.
async function leaveOld(
  spoken: Spoken,
  { configuration }: Ledger<unknown>,
  store: BlockStore,
): Promise<void> {
  if (configuration.index <= spoken.index) return
  const next = await store.configuration(spoken.index + 1)
  spoken.leave(next?.firstEpoch ?? 0)
}

// Who starts a node for a network that runs something else has made a mistake; who is overtaken by a decision has not.
function requireGenesisSuite({ ledger, options, spoken }: EraParts, { obstacle, suite }: Era): void {
  const { index } = ledger.configuration
  const isGenesis = index === options.genesis.configuration.index && spoken.index === index
  if (obstacle !== undefined && suite === undefined && isGenesis) throw new Error(obstacle)
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

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
