/**
 * The program `mc`: all commands, and how wrong usage ends. Only the command that is asked for is loaded.
 */
import { Command, type CommanderError } from 'commander'
import { type Language, languageHere } from './organisation/language.js'
import { BAD_INPUT } from './terminal/failure.js'

interface Entry {
  readonly description: Readonly<Record<Language, string>>
  readonly load: () => Promise<Command>
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  start: {
    description: {
      en: 'run a network here: found it, submit operations through all members, check that all agree',
      zh: '在本机运行网络：创立、通过所有成员提交操作、核对一致',
    },
    load: async () => (await import('./commands/start.js')).startCommand(),
  },
  net: {
    description: {
      en: 'run a network on this machine, or write the genesis of one on many',
      zh: '在本机运行网络，或写出多机网络的创世文件',
    },
    load: async () => (await import('./commands/net.js')).netCommand(),
  },
  org: {
    description: { en: 'found an organisation, show it', zh: '创立、查看组织' },
    load: async () => (await import('./commands/org.js')).orgCommand(),
  },
  id: {
    description: { en: 'your keys: make, back up, restore, change', zh: '您的密钥：制作、备份、恢复、更换' },
    load: async () => (await import('./commands/id.js')).idCommand(),
  },
  member: {
    description: { en: 'people of the organisation', zh: '成员' },
    load: async () => (await import('./commands/member.js')).memberCommand(),
  },
  domain: {
    description: { en: 'groups of topics with one queue', zh: '议题域' },
    load: async () => (await import('./commands/domain.js')).domainCommand(),
  },
  topic: {
    description: { en: 'open, join, leave and look at topics', zh: '议题：发起、参与、退出、查看' },
    load: async () => (await import('./commands/topic.js')).topicCommand(),
  },
  propose: {
    description: { en: 'propose something in your meeting', zh: '提出方案' },
    load: async () => (await import('./commands/speak.js')).proposeCommand(),
  },
  comment: {
    description: { en: 'say something to a topic', zh: '评论' },
    load: async () => (await import('./commands/speak.js')).commentCommand(),
  },
  vote: {
    description: { en: 'approve candidates of your meeting', zh: '投票' },
    load: async () => (await import('./commands/speak.js')).voteCommand(),
  },
  freeze: {
    description: { en: 'stop a decision in its publicity, and yourself', zh: '在公示期冻结议题' },
    load: async () => (await import('./commands/cooling.js')).freezeCommand(),
  },
  evaluate: {
    description: { en: 'judge a freeze: resume or cancel', zh: '评估冻结' },
    load: async () => (await import('./commands/cooling.js')).evaluateCommand(),
  },
  challenge: {
    description: { en: 'ask whether a member has to go', zh: '质疑成员' },
    load: async () => (await import('./commands/challenge.js')).challengeCommand(),
  },
  defend: {
    description: { en: 'answer a challenge that is about you', zh: '对质疑申辩' },
    load: async () => (await import('./commands/challenge.js')).defendCommand(),
  },
  candidate: {
    description: { en: 'stand in an election', zh: '参选执行代表' },
    load: async () => (await import('./commands/candidate.js')).candidateCommand(),
  },
  mandate: {
    description: { en: 'what elected people hold, until when', zh: '授权' },
    load: async () => (await import('./commands/office.js')).mandateCommand(),
  },
  exception: {
    description: { en: 'the register of what is not democratic yet', zh: '例外登记' },
    load: async () => (await import('./commands/office.js')).exceptionCommand(),
  },
  contract: {
    description: {
      en: 'what decisions do: actions, simulate, types, code',
      zh: '智能合约：动作、模拟、类型、代码',
    },
    load: async () => (await import('./commands/contract.js')).contractCommand(),
  },
  verify: {
    description: {
      en: 'prove topics, splits, counts and ballots from a genesis alone',
      zh: '只凭创世文件验证议题、分组、计票、选票',
    },
    load: async () => (await import('./commands/verify.js')).verifyCommand(),
  },
  watch: {
    description: { en: 'tell what happens, as it happens', zh: '实时报告' },
    load: async () => (await import('./commands/watch.js')).watchCommand(),
  },
  outbox: {
    description: { en: 'operations that did not get through', zh: '发件箱：未能送达的操作' },
    load: async () => (await import('./commands/outbox.js')).outboxCommand(),
  },
  node: {
    description: { en: 'set up, run and ask one node', zh: '设置、运行、询问一个节点' },
    load: async () => (await import('./commands/node.js')).nodeCommand(),
  },
  op: {
    description: { en: 'hand in, look up, list and verify operations', zh: '提交、查询、列出、验证操作' },
    load: async () => (await import('./commands/op.js')).opCommand(),
  },
  block: {
    description: { en: 'show and verify blocks', zh: '查看、验证区块' },
    load: async () => (await import('./commands/block.js')).blockCommand(),
  },
  key: {
    description: { en: 'make a key, show a public key', zh: '制作密钥，查看公钥' },
    load: async () => (await import('./commands/key.js')).keyCommand(),
  },
  bench: {
    description: {
      en: 'measure throughput, latency, processor time, memory and bytes of a network on this machine',
      zh: '测量本机网络的吞吐量、延迟、处理器时间、内存和字节数',
    },
    load: async () => (await import('./commands/bench.js')).benchCommand(),
  },
  variants: {
    description: {
      en: 'list the parts and systems there are, and what decides between them',
      zh: '列出各部件和系统及其差别',
    },
    load: async () => (await import('./commands/variants.js')).variantsCommand(),
  },
  sim: {
    description: {
      en: 'run many seeded simulations with faults, and check that every law of the broadcast holds',
      zh: '运行大量带故障的种子模拟，检验广播的每条定律',
    },
    load: async () => (await import('./commands/sim.js')).simCommand(),
  },
}

const ABOUT: Readonly<Record<Language, string>> = {
  en: 'Mass Consensus: a group of equals decides together',
  zh: '大众共识：平等的人们共同决定',
}

const HELP: Readonly<Record<Language, string>> = {
  en: `
Every command has --help with examples. With --json the last line of standard output is one JSON object, also for errors:
{"error":{"rule","message","field"?,"kept"?}}. Progress goes to standard error. --lang zh speaks Chinese.

Exit codes: 0 done; 1 failed; 2 wrong usage or input; 130 interrupted before it was done.
`,
  zh: `
每个命令都有带示例的 --help。加 --json 时标准输出的最后一行是一个 JSON 对象，出错时也是：
{"error":{"rule","message","field"?,"kept"?}}。进度写到标准错误。--lang en 使用英文。

退出码：0 完成；1 失败；2 用法或输入有误；130 在完成前被中断。
`,
}

/** What the help is made of, where it is not ours. */
const TITLES_ZH: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Commands:': '命令：',
}

/** The program, with everything that these arguments need. */
export async function program(args: readonly string[]): Promise<Command> {
  const language = languageHere()
  const root = new Command('mc')
    .description(ABOUT[language])
    .addHelpText('after', HELP[language])
    // An option belongs to the command that it stands behind: `bench` and `bench aba` both have --n.
    .enablePositionalOptions()
  const wanted = args[0] === 'help' ? args[1] : args[0]
  for (const [name, { description, load }] of Object.entries(COMMANDS)) {
    const command = name === wanted ? await load() : new Command(name)
    root.addCommand(command.description(description[language]))
  }
  if (language === 'zh') inChinese(root)
  endWell(root)
  return root
}

/** The words that every help has. */
function inChinese(command: Command): void {
  command
    .configureHelp({ styleTitle: title => TITLES_ZH[title] ?? title })
    .helpOption('-h, --help', '显示帮助')
  if (command.commands.length > 0) command.helpCommand('help [command]', '显示某个命令的帮助')
  for (const child of command.commands) inChinese(child)
}

const SEE_HELP: Readonly<Record<Language, string>> = {
  en: '(--help says how it is used)',
  zh: '（--help 说明用法）',
}

/** Wrong usage is told as any other error is, and has its own exit code. */
function endWell(command: Command): void {
  command.showHelpAfterError(SEE_HELP[languageHere()]).exitOverride(end)
  for (const child of command.commands) endWell(child)
}

function end({ exitCode, message }: CommanderError): never {
  if (exitCode !== 0 && process.argv.includes('--json')) {
    const text = message.replace(/^error: /, '')
    process.stdout.write(`${JSON.stringify({ error: { rule: 'usage/wrong', message: text } })}\n`)
  }
  process.exit(exitCode === 0 ? 0 : BAD_INPUT)
}
