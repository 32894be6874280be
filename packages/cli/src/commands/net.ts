/**
 * `mc net`: networks.
 */
import { resolve } from 'node:path'
import { genesisToJson, type Member } from '@mc/ledger'
import { LOG_LEVELS, type LogLevel } from '@mc/node/client'
import { fromHex } from '@mc/protocol/wire'
import { Command, InvalidArgumentError, Option } from 'commander'
import { firstOf, interruption } from '../network/endings.js'
import {
  foundNetwork,
  isNetwork,
  type NetworkDirectory,
  presetOf,
  readNetwork,
  renewPorts,
} from '../network/founding.js'
import { RunningNetwork } from '../network/running-network.js'
import { CommandError, reporting } from '../terminal/failure.js'
import { progressOnStderr } from '../terminal/progress.js'
import { answer, table } from '../terminal/table.js'

const TEXTS = {
  up: 'found a network in a directory, or go on with the one that is there, and keep it up',
  genesis: 'write a genesis of members on different machines to standard output',
  founding: 'founding the network',
  starting: 'starting a process for each member',
  connecting: 'waiting until all members are connected',
  stayingUp: 'The network stays up; press Ctrl-C to stop it.',
  upHelp: `
Examples:
  mc net up                                   four members in .mc/network
  mc net up --dir ./seven --nodes 7
  mc net up --dir ./seven --new-ports      somebody has taken our ports: choose others
  mc net up --once --json                     start, report, stop
`,
  genesisHelp: `
Each member makes a key ("mc key new") and sends its public key and address. One of them writes the genesis, and all of them
use the same file with "mc node init".

Example:
  mc net genesis --name our-town \\
    --member ada,PUBLIC_KEY,/ip4/10.0.0.1/tcp/4001 --member ben,PUBLIC_KEY,/ip4/10.0.0.2/tcp/4001 … > genesis.json
`,
}

interface UpFlags {
  readonly dir: string
  readonly nodes: number
  readonly preset?: string
  readonly name: string
  readonly newPorts?: true
  readonly once?: true
  readonly json?: true
  readonly logLevel: LogLevel
}

interface GenesisFlags {
  readonly name: string
  readonly preset?: string
  readonly member: readonly Member[]
}

/** The command. */
export function netCommand(): Command {
  const command = new Command('net')
  command
    .command('up')
    .description(TEXTS.up)
    .option('--dir <directory>', 'where the network lives', '.mc/network')
    .option('--nodes <count>', 'how many members, when it is founded', whole, 4)
    .option('--preset <name>', 'which system, when it is founded (default: waterbear-qs-q)')
    .option('--name <name>', 'the name that operations are signed for, when it is founded', 'network')
    .option('--new-ports', 'give every member free ports first')
    .option('--once', 'stop as soon as it is up')
    .option('--json', 'print one JSON object')
    .addOption(new Option('--log-level <level>', 'of node.log').choices([...LOG_LEVELS]).default('info'))
    .addHelpText('after', TEXTS.upHelp)
    .action((flags: UpFlags) => reporting(flags.json, () => up(flags)))
  command
    .command('genesis')
    .description(TEXTS.genesis)
    .requiredOption('--name <name>', 'the name that operations are signed for')
    .requiredOption('--member <name,key,address>', 'a member; once for each', member)
    .option('--preset <name>', 'which system (default: waterbear-qs-q)')
    .addHelpText('after', TEXTS.genesisHelp)
    .action((flags: GenesisFlags) => reporting(false, () => writeGenesis(flags)))
  return command
}

async function up(flags: UpFlags): Promise<void> {
  const progress = progressOnStderr()
  progress.step(TEXTS.founding)
  const network = await opened(flags)
  const interrupted = interruption()
  progress.step(TEXTS.starting)
  const running = await RunningNetwork.start(network, flags.logLevel)
  try {
    progress.step(TEXTS.connecting)
    if ((await firstOf<unknown>(running.ready(), interrupted, running.ended)) === 'interrupted') return
    progress.end()
    tell(flags.json, network, running)
    if (flags.once === true) return
    process.stderr.write(`${TEXTS.stayingUp}\n`)
    await firstOf(interrupted, running.ended)
  } finally {
    progress.end()
    await running.stop()
  }
}

async function opened({ dir, nodes, preset, name, newPorts }: UpFlags): Promise<NetworkDirectory> {
  const directory = resolve(dir)
  if (!isNetwork(directory)) return foundNetwork({ directory, name, nodes, preset })
  const network = await readNetwork(directory)
  return newPorts === true ? renewPorts(network) : network
}

function tell(json: boolean | undefined, network: NetworkDirectory, { clients }: RunningNetwork): void {
  const { name, configuration } = network.genesis
  const members = clients.map(({ url }, index) => {
    const path = network.members[index]
    return {
      name: configuration.members[index]?.name,
      api: url,
      directory: path,
      apiTokenFile: `${path}/api-token`,
    }
  })
  const value = { network: name, preset: configuration.suite, directory: network.directory, members }
  const rows = members.map(one => [one.name ?? '', `${one.api}  ${one.directory}`] as const)
  answer(json, value, table([['network', `${name}, ${configuration.suite}`], ...rows]))
}

async function writeGenesis({ name, preset, member: members }: GenesisFlags): Promise<void> {
  const suite = await presetOf(preset)
  if (members.length < 4)
    throw new CommandError('usage/member', 'need at least 4 members: fewer tolerate no fault', {
      field: 'member',
    })
  const configuration = { index: 0, firstEpoch: 0, suite, depth: 1, members }
  process.stdout.write(
    `${JSON.stringify(genesisToJson({ name, time: Date.now(), configuration }), undefined, 2)}\n`,
  )
}

function member(text: string, before: readonly Member[] = []): readonly Member[] {
  const [name = '', publicKey = '', address, ...more] = text.split(',')
  if (name === '' || !/^[0-9a-f]{64}$/.test(publicKey) || address === undefined || more.length > 0)
    throw new InvalidArgumentError('need NAME,PUBLIC_KEY,ADDRESS with 64 hexadecimal digits as key')
  return [...before, { name, publicKey: fromHex(publicKey), addresses: [address] }]
}

function whole(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('need a whole number')
  return Number(text)
}
