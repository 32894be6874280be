/**
 * `mc start`: the whole thing on one machine.
 */
import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LOG_LEVELS, type LogLevel } from '@mc/node/client'
import { Command, InvalidArgumentError, Option } from 'commander'
import { verifyOperation } from '../client/light-verification.js'
import { compareNodes } from '../network/comparison.js'
import { firstOf, interruption } from '../network/endings.js'
import {
  foundNetwork,
  isNetwork,
  type NetworkDirectory,
  presetOf,
  readNetwork,
  renewPorts,
  requireNodes,
} from '../network/founding.js'
import { RunningNetwork } from '../network/running-network.js'
import type { StoryStep } from '../story/story.js'
import { badLineText, type OperationsFile, readOperations } from '../submission/operations-file.js'
import { Submission } from '../submission/submission.js'
import { CommandError, FAILED, INTERRUPTED, reporting } from '../terminal/failure.js'
import { type Progress, progressOnStderr } from '../terminal/progress.js'
import { isGood, type StartSummary, summarise } from './start-summary.js'
import { HELP, summaryText, TEXTS } from './start-texts.js'

interface StartFlags {
  readonly nodes?: number
  readonly ops?: string
  readonly dir: string
  readonly preset?: string
  readonly once?: true
  readonly json?: true
  readonly newPorts?: true
  readonly story: boolean
  readonly logLevel: LogLevel
}

/** Members of a network unless told otherwise. */
const NODES = 4

/** Where the town hall lives unless told otherwise. */
const DIRECTORY = '.mc/town-hall'

/** Bad lines that are named one by one; more are counted. */
const BAD_LINES_NAMED = 50

/** The command. */
export function startCommand(): Command {
  return new Command('start')
    .option('--nodes <count>', `how many members (default: ${NODES}, or as many as there are)`, whole)
    .option('--ops <file>', 'signed operations, one JSON object per line (default: the town hall)')
    .option('--dir <directory>', 'where the network lives', DIRECTORY)
    .option('--preset <name>', 'which system the members run (default: waterbear-qs-q)')
    .option('--once', 'stop after the summary')
    .option('--json', 'print one JSON object as the last line of standard output')
    .option('--no-story', 'leave out the organisation that decides')
    .option('--new-ports', 'give every member free ports first')
    .addOption(
      new Option('--log-level <level>', 'of the members’ node.log').choices([...LOG_LEVELS]).default('info'),
    )
    .addHelpText('after', HELP)
    .action((flags: StartFlags) => reporting(flags.json, () => start(flags)))
}

async function start(flags: StartFlags): Promise<void> {
  const progress = progressOnStderr()
  try {
    await startWith(flags, progress)
  } catch (error) {
    progress.fail()
    throw error
  }
}

async function startWith(flags: StartFlags, progress: Progress): Promise<void> {
  const startedAt = performance.now()
  if (flags.nodes !== undefined) requireNodes(flags.nodes)
  if (flags.preset !== undefined) await presetOf(flags.preset)
  const file = await readFile(flags, progress)
  const network = await openNetwork(flags, file.operations[0]?.realm ?? 'town-hall', progress)
  const interrupted = interruption()
  progress.step(TEXTS.starting(network.members.length))
  const running = await RunningNetwork.start(network, flags.logLevel)
  const submission = new Submission(running.clients, state => {
    progress.bar(state.done, file.operations.length, TEXTS.submitted(state))
  })
  try {
    const work = run(flags, { network, running, submission, file, progress, startedAt })
    if ((await firstOf<unknown>(work, interrupted, running.ended)) === 'interrupted') throw interruptedEarly()
    if (flags.once === true) return
    process.stderr.write(`${TEXTS.stayingUp}\n`)
    await firstOf(interrupted, running.ended)
  } finally {
    submission.cancel()
    progress.end()
    await running.stop()
  }
}

interface Run {
  readonly network: NetworkDirectory
  readonly running: RunningNetwork
  readonly submission: Submission
  readonly file: OperationsFile
  readonly progress: Progress
  readonly startedAt: number
}

async function run(
  flags: StartFlags,
  { network, running, submission, file, progress, startedAt }: Run,
): Promise<StartSummary> {
  const { clients } = running
  progress.step(TEXTS.connecting)
  await running.ready()
  progress.step(TEXTS.submitting(file.operations.length, clients.length))
  const result = await submission.run(file.operations)
  nameBadLines(result.refused, progress)
  progress.step(TEXTS.comparing)
  const comparison = await compareNodes(clients)
  progress.step(TEXTS.verifying)
  const lightClientVerified = await isVerified(network, running, progress)
  const played =
    flags.story && flags.ops === undefined ? await tellStory(flags, network, progress) : undefined
  progress.end()
  const [first] = clients
  const summary = summarise({
    result,
    badLines: file.bad.length,
    comparison,
    lightClientVerified,
    ...(played && { story: played }),
    seconds: (performance.now() - startedAt) / 1_000,
    network: {
      nodes: clients.length,
      api: first?.url ?? '',
      apiTokenFile: `${network.members[0]}/api-token`,
      preset: network.genesis.configuration.suite,
      directory: network.directory,
    },
  })
  process.stdout.write(flags.json ? `${JSON.stringify(summary)}\n` : summaryText(summary))
  if (!isGood(summary, result)) process.exitCode = FAILED
  return summary
}

/** The organisation of the story has a network of its own, which runs as long as the story. */
async function tellStory(
  flags: StartFlags,
  { directory, genesis }: NetworkDirectory,
  progress: Progress,
): Promise<readonly StoryStep[]> {
  progress.step(TEXTS.story)
  const { runStory } = await import('../story/run-story.js')
  const { steps, running } = await runStory({
    directory: join(directory, 'organisation'),
    nodes: 4,
    preset: genesis.configuration.suite,
    logLevel: flags.logLevel,
    tell: step => progress.note(TEXTS.storyStep(step)),
  })
  await running.stop()
  progress.note(TEXTS.storyAgain(join(directory, 'organisation')))
  return steps
}

async function readFile(flags: StartFlags, progress: Progress): Promise<OperationsFile> {
  const path = flags.ops ?? townHall()
  progress.step(TEXTS.reading(path))
  const file = await readOperations(path)
  nameBadLines(file.bad, progress)
  progress.step(TEXTS.read(file.operations.length, file.bad.length))
  return file
}

function nameBadLines(lines: OperationsFile['bad'], progress: Progress): void {
  for (const line of lines.slice(0, BAD_LINES_NAMED)) progress.note(badLineText(line))
  if (lines.length > BAD_LINES_NAMED) progress.note(`… and ${lines.length - BAD_LINES_NAMED} more lines`)
}

async function openNetwork(flags: StartFlags, name: string, progress: Progress): Promise<NetworkDirectory> {
  const directory = resolve(flags.dir)
  if (!isNetwork(directory)) {
    const nodes = flags.nodes ?? NODES
    progress.step(TEXTS.founding(nodes, directory))
    return foundNetwork({ directory, name, nodes, preset: flags.preset })
  }
  progress.step(TEXTS.resuming(directory))
  const network = await readNetwork(directory)
  requireSame(flags, network)
  if (flags.newPorts !== true) return network
  progress.step(TEXTS.newPorts)
  return renewPorts(network)
}

/** What a network was founded with stays: another wish is a mistake, and not silently dropped. */
function requireSame({ nodes, preset }: StartFlags, { directory, genesis, members }: NetworkDirectory): void {
  const { suite } = genesis.configuration
  const advice = 'use another --dir for another network'
  if (nodes !== undefined && nodes !== members.length) {
    const text = `--nodes ${nodes}: the network in ${directory} has ${members.length} members; ${advice}`
    throw new CommandError('usage/nodes', text, { field: 'nodes' })
  }
  if (preset !== undefined && preset !== suite) {
    const text = `--preset ${preset}: the network in ${directory} runs ${suite}; ${advice}`
    throw new CommandError('usage/preset', text, { field: 'preset' })
  }
}

/** Verifies the last block and a random operation at a random member, knowing only the genesis. */
async function isVerified(
  { genesis }: NetworkDirectory,
  { clients }: RunningNetwork,
  progress: Progress,
): Promise<boolean> {
  const client = clients[randomInt(clients.length)]
  const count = (await client?.status())?.operations ?? 0
  if (client === undefined || count === 0) return false
  const { operations } = await client.operations({ from: String(randomInt(count)), limit: '1' })
  const outcome = await verifyOperation(genesis, client, operations[0]?.id ?? '')
  if (!outcome.verified) progress.note(TEXTS.lightFailed(outcome.reason))
  return outcome.verified
}

/** The example file of the repository, seen from where the bundle lies. */
function townHall(): string {
  const path = fileURLToPath(new URL('../../../examples/data/town-hall.jsonl', import.meta.url))
  if (existsSync(path)) return path
  throw new CommandError('usage/ops', 'need --ops FILE: the town hall comes with the repository only', {
    field: 'ops',
  })
}

const interruptedEarly = (): CommandError =>
  new CommandError('interrupted', 'interrupted before the summary', { exitCode: INTERRUPTED })

function whole(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('need a whole number')
  return Number(text)
}
