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
  org: {
    description: 'found an organisation, show it / 创立、查看组织',
    load: async () => (await import('./commands/org.js')).orgCommand(),
  },
  id: {
    description: 'your keys: make, back up, restore, change / 您的密钥',
    load: async () => (await import('./commands/id.js')).idCommand(),
  },
  member: {
    description: 'people of the organisation / 成员',
    load: async () => (await import('./commands/member.js')).memberCommand(),
  },
  domain: {
    description: 'groups of topics with one queue / 议题域',
    load: async () => (await import('./commands/domain.js')).domainCommand(),
  },
  topic: {
    description: 'open, join, leave and look at topics / 议题',
    load: async () => (await import('./commands/topic.js')).topicCommand(),
  },
  propose: {
    description: 'propose something in your meeting / 提出方案',
    load: async () => (await import('./commands/speak.js')).proposeCommand(),
  },
  comment: {
    description: 'say something to a topic / 评论',
    load: async () => (await import('./commands/speak.js')).commentCommand(),
  },
  vote: {
    description: 'approve candidates of your meeting / 投票',
    load: async () => (await import('./commands/speak.js')).voteCommand(),
  },
  freeze: {
    description: 'stop a decision in its publicity, and yourself / 冻结议题',
    load: async () => (await import('./commands/speak.js')).freezeCommand(),
  },
  evaluate: {
    description: 'judge a freeze: resume or cancel / 评估冻结',
    load: async () => (await import('./commands/speak.js')).evaluateCommand(),
  },
  challenge: {
    description: 'ask whether a member has to go / 质疑成员',
    load: async () => (await import('./commands/speak.js')).challengeCommand(),
  },
  candidate: {
    description: 'stand in an election / 参选执行代表',
    load: async () => (await import('./commands/speak.js')).candidateCommand(),
  },
  mandate: {
    description: 'what elected people hold, until when / 授权',
    load: async () => (await import('./commands/office.js')).mandateCommand(),
  },
  exception: {
    description: 'the register of what is not democratic yet / 例外登记',
    load: async () => (await import('./commands/office.js')).exceptionCommand(),
  },
  contract: {
    description: 'what decisions do: simulate, types, code / 智能合约',
    load: async () => (await import('./commands/contract.js')).contractCommand(),
  },
  verify: {
    description: 'prove topics, splits, counts and ballots from a genesis alone / 验证',
    load: async () => (await import('./commands/verify.js')).verifyCommand(),
  },
  watch: {
    description: 'tell what happens, as it happens / 实时报告',
    load: async () => (await import('./commands/watch.js')).watchCommand(),
  },
  outbox: {
    description: 'operations that did not get through / 发件箱',
    load: async () => (await import('./commands/outbox.js')).outboxCommand(),
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
