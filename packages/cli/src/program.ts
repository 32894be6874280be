/**
 * The program `mc`: all commands, and how wrong usage ends. Only the command that is asked for is loaded.
 */
import { Command, type CommanderError } from 'commander'
import { BAD_INPUT } from './terminal/failure.js'

interface Entry {
  readonly description: string
  readonly load: () => Promise<Command>
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  start: {
    description: 'run a network here: found it, submit operations through all members, check that all agree',
    load: async () => (await import('./commands/start.js')).startCommand(),
  },
  net: {
    description: 'run a network on this machine, or write the genesis of one on many',
    load: async () => (await import('./commands/net.js')).netCommand(),
  },
  node: {
    description: 'set up, run and ask one node',
    load: async () => (await import('./commands/node.js')).nodeCommand(),
  },
  op: {
    description: 'hand in, look up, list and verify operations',
    load: async () => (await import('./commands/op.js')).opCommand(),
  },
  block: {
    description: 'show and verify blocks',
    load: async () => (await import('./commands/block.js')).blockCommand(),
  },
  key: {
    description: 'make a key, show a public key',
    load: async () => (await import('./commands/key.js')).keyCommand(),
  },
  bench: {
    description: 'measure throughput, latency, processor time, memory and bytes of a network on this machine',
    load: async () => (await import('./commands/bench.js')).benchCommand(),
  },
  variants: {
    description: 'list the parts and systems there are, and what decides between them',
    load: async () => (await import('./commands/variants.js')).variantsCommand(),
  },
  sim: {
    description: 'run many seeded simulations with faults, and check that every law of the broadcast holds',
    load: async () => (await import('./commands/sim.js')).simCommand(),
  },
}

const HELP = `
Every command has --help with examples. With --json the last line of standard output is one JSON object, also for errors:
{"error":{"rule","message"}}. Progress goes to standard error.

Exit codes: 0 done; 1 failed; 2 wrong usage or input; 130 interrupted before it was done.
`

/** The program, with everything that these arguments need. */
export async function program(args: readonly string[]): Promise<Command> {
  const root = new Command('mc')
    .description('Mass Consensus: a group of equals decides together / 大众共识：平等的人们共同决定')
    .addHelpText('after', HELP)
    // An option belongs to the command that it stands behind: `bench` and `bench aba` both have --n.
    .enablePositionalOptions()
  const wanted = args[0] === 'help' ? args[1] : args[0]
  for (const [name, { description, load }] of Object.entries(COMMANDS)) {
    const command = name === wanted ? await load() : new Command(name)
    root.addCommand(command.description(description))
  }
  endWell(root)
  return root
}

/** Wrong usage is told as any other error is, and has its own exit code. */
function endWell(command: Command): void {
  command.showHelpAfterError('(--help says how it is used)').exitOverride(end)
  for (const child of command.commands) endWell(child)
}

function end({ exitCode, message }: CommanderError): never {
  if (exitCode !== 0 && process.argv.includes('--json')) {
    const text = message.replace(/^error: /, '')
    process.stdout.write(`${JSON.stringify({ error: { rule: 'usage/wrong', message: text } })}\n`)
  }
  process.exit(exitCode === 0 ? 0 : BAD_INPUT)
}
