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
import { rulesForKeys, wantedSuite } from '../network/key-rules.js'
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
  generating: (suite: string) => `the members generate the keys of ${suite} on their log`,
  stayingUp: 'The network stays up; press Ctrl-C to stop it.',
  upHelp: `
Examples:
  mc net up                                   four members in .mc/network
  mc net up --dir ./seven --nodes 7
  mc net up --dir ./seven --new-ports      somebody has taken our ports: choose others
  mc net up --once --json                     start, report, stop
  mc net up --dir ./keyed --keys beat0        begin without keys, generate them, run beat0 on them

Systems over shared keys: honey-badger, beat0, beat1, beat2, epic, pace, fin, dispersed-ledger. Nobody deals their keys: each
member deals to all others on the log of the network, which runs on local coins until the keys are there. They cost claims: no
adaptive security, no quantum safety.
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
  readonly keys?: string
  readonly name: string
  readonly newPorts?: true
  readonly once?: true
  readonly json?: true
  readonly logLevel: LogLevel
}

interface GenesisFlags {
  readonly name: string
  readonly preset?: string
  readonly keys?: string
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
    .option('--keys <name>', 'which system over keys to run once the members have generated them')
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
    .option('--keys <name>', 'which system over keys to run once the members have generated them')
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
    const keyed = await wantedSuite(network.genesis)
    if (keyed !== undefined) {
      progress.step(TEXTS.generating(keyed))
      const generated = firstOf<unknown>(running.running(keyed), interrupted, running.ended)
      if ((await generated) === 'interrupted') return
    }
    progress.end()
    tell(flags.json, network, running, keyed)
    if (flags.once === true) return
    process.stderr.write(`${TEXTS.stayingUp}\n`)
    await firstOf(interrupted, running.ended)
  } finally {
    progress.end()
    await running.stop()
  }
}

async function opened({ dir, nodes, preset, keys, name, newPorts }: UpFlags): Promise<NetworkDirectory> {
  const directory = resolve(dir)
  if (!isNetwork(directory)) {
    const rules = keys === undefined ? undefined : await rulesForKeys(keys)
    return foundNetwork({ directory, name, nodes, preset, ...(rules && { rules }) })
  }
  const network = await readNetwork(directory)
  const wanted = await wantedSuite(network.genesis)
  if (keys !== undefined && keys !== wanted) {
    const text = `--keys ${keys}: the network in ${directory} generates ${wanted === undefined ? 'no keys' : `those of ${wanted}`}`
    throw new CommandError('usage/keys', `${text}; use another --dir for another network`, { field: 'keys' })
  }
  return newPorts === true ? renewPorts(network) : network
}

function tell(
  json: boolean | undefined,
  network: NetworkDirectory,
  { clients }: RunningNetwork,
  keyed: string | undefined,
): void {
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
  const preset = keyed ?? configuration.suite
  const value = { network: name, preset, directory: network.directory, members }
  const rows = members.map(one => [one.name ?? '', `${one.api}  ${one.directory}`] as const)
  const by = keyed === undefined ? preset : `${preset} on keys that its members generated`
  answer(json, value, table([['network', `${name}, ${by}`], ...rows]))
}

async function writeGenesis({ name, preset, keys, member: members }: GenesisFlags): Promise<void> {
  const suite = await presetOf(preset)
  const rules = keys === undefined ? undefined : await rulesForKeys(keys)
  if (members.length < 4)
    throw new CommandError('usage/member', 'need at least 4 members: fewer tolerate no fault', {
      field: 'member',
    })
  const configuration = { index: 0, firstEpoch: 0, suite, depth: 1, members }
  process.stdout.write(
    `${JSON.stringify(genesisToJson({ name, time: Date.now(), configuration, ...(rules && { rules }) }), undefined, 2)}\n`,
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
