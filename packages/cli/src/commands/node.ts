/**
 * `mc node`: one node.
 */
import { resolve } from 'node:path'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { memberIndex } from '@mc/ledger'
import { createDataDirectory, LOG_LEVELS, type LogLevel, type StatusJson } from '@mc/node/client'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type ConnectionFlags, clientOf, connecting, nodeDirectory } from '../client/connection.js'
import { readGenesisFile } from '../client/genesis-file.js'
import { readKey } from '../client/key-file.js'
import { interruption } from '../network/endings.js'
import { rulesNamed } from '../organisation/rules.js'
import { CommandError, FAILED, reporting } from '../terminal/failure.js'
import { answer, table } from '../terminal/table.js'

const TEXTS = {
  init: 'make the data directory of a node that is a member of a genesis',
  start: 'run the node of a data directory until it is interrupted',
  status: 'ask a running node how it is',
  initHelp: `
The directory holds node.json, genesis.json, key and api-token; the last two are for your eyes only.

Example:
  mc key new my.key
  mc node init --dir my-node --genesis genesis.json --key my.key --listen /ip4/0.0.0.0/tcp/4001
`,
  startHelp: `
The log goes to standard error as JSON lines, or to --log-file. SIGINT and SIGTERM stop the node gracefully.

Example:
  mc node start --dir my-node --log-level debug
`,
  statusHelp: `
Examples:
  mc node status --dir my-node
  mc node status --api http://127.0.0.1:4101 --token-file my-node/api-token --json
`,
}

interface InitFlags {
  readonly dir: string
  readonly genesis: string
  readonly key: string
  readonly listen?: readonly string[]
  readonly api: { readonly host: string; readonly port: number }
  readonly json?: true
}

interface StartFlags {
  readonly dir: string
  readonly logLevel: LogLevel
  readonly logFile?: string
}

type StatusFlags = ConnectionFlags & { readonly json?: true }

/** The command. */
export function nodeCommand(): Command {
  const command = new Command('node')
  command
    .command('init')
    .description(TEXTS.init)
    .requiredOption('--dir <directory>', 'where the node will live')
    .requiredOption('--genesis <file>', 'the network')
    .requiredOption('--key <file>', 'the secret key of this member')
    .option('--listen <multiaddr...>', 'where members connect; by default the addresses in the genesis')
    .option('--api <host:port>', 'where the API listens', hostPort, { host: '127.0.0.1', port: 4101 })
    .option('--json', 'print one JSON object')
    .addHelpText('after', TEXTS.initHelp)
    .action((flags: InitFlags) => reporting(flags.json, () => init(flags)))
  command
    .command('start')
    .description(TEXTS.start)
    .requiredOption('--dir <directory>', 'the data directory')
    .addOption(
      new Option('--log-level <level>', 'how much is logged').choices([...LOG_LEVELS]).default('info'),
    )
    .option('--log-file <file>', 'where the log goes, in place of standard error')
    .addHelpText('after', TEXTS.startHelp)
    .action((flags: StartFlags) => reporting(false, () => start(flags)))
  connecting(command.command('status').description(TEXTS.status))
    .option('--json', 'print one JSON object')
    .addHelpText('after', TEXTS.statusHelp)
    .action((flags: StatusFlags) => reporting(flags.json, () => status(flags)))
  return command
}

async function init({ dir, genesis: file, key, listen, api, json }: InitFlags): Promise<void> {
  const path = resolve(dir)
  const genesis = await readGenesisFile(file)
  const secretKey = await readKey(key)
  const index = memberIndex(genesis.configuration, crypto.ed25519.publicKey(secretKey))
  const member = genesis.configuration.members[index]
  if (member === undefined)
    throw new CommandError('key/no-member', `the key in ${key} belongs to no member of ${file}`, {
      field: 'key',
    })
  const settings = {
    name: member.name,
    listen: listen ?? member.addresses,
    api,
  }
  await createDataDirectory({ path, settings, genesis, secretKey, crypto })
  answer(
    json,
    { directory: path, member: index, preset: genesis.configuration.suite, ...settings },
    table([
      ['directory', path],
      ['member', `${index}, ${member.name}`],
    ]),
  )
}

async function start({ dir, logLevel, logFile }: StartFlags): Promise<void> {
  const interrupted = interruption()
  // Everything else that this command does needs no network, no store and no server.
  const [{ NodeService }, { presetNamed }] = await Promise.all([import('@mc/node'), import('../presets.js')])
  let failed: (error: Error) => void = () => {}
  const failure = new Promise<Error>(resolve => {
    failed = resolve
  })
  const service = await NodeService.start({
    directory: nodeDirectory(dir),
    crypto,
    suiteNamed: presetNamed,
    rulesNamed,
    logLevel,
    onFailure: failed,
    ...(logFile === undefined ? {} : { logFile: resolve(logFile) }),
  })
  const end = await Promise.race([interrupted, failure])
  await service.stop()
  if (end instanceof Error) throw failureOf(end)
}

// What says by itself what is to be done is told as it is.
const failureOf = (error: Error): Error =>
  'rule' in error ? error : new CommandError('node/failed', error.message, { exitCode: FAILED })

async function status(flags: StatusFlags): Promise<void> {
  const client = await clientOf(flags)
  const value = await client.status()
  answer(flags.json, value, table(rowsOf(value, client.url)))
}

const rowsOf = (status: StatusJson, url: string): readonly (readonly [string, unknown])[] => [
  ['network', `${status.name} (${status.network.slice(0, 16)}…)`],
  ['member', `${status.member ?? 'none'} of ${status.members}, ${status.peersConnected} connected`],
  ['configuration', `${status.configuration.index}, since epoch ${status.configuration.firstEpoch}`],
  ['state', status.failure ?? status.obstacle ?? status.state],
  ['system', status.suiteName],
  ['operations', `${status.operations} on the ledger, ${status.pending} pending`],
  ['last block', status.tip === undefined ? 'none' : `${status.tip.epoch} ${status.tip.cid}`],
  ['state root', status.stateRoot],
  ['log', status.logCondition],
  ['sent', `${status.sent.messages} messages, ${status.sent.bytes} bytes`],
  ['API', url],
]

function hostPort(text: string): { readonly host: string; readonly port: number } {
  const match = /^(.+):(\d{1,5})$/.exec(text)
  if (match?.[1] === undefined || Number(match[2]) > 65_535)
    throw new InvalidArgumentError('need HOST:PORT, such as 127.0.0.1:4101')
  return { host: match[1].replace(/^\[(.*)\]$/, '$1'), port: Number(match[2]) }
}
