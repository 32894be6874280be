/**
 * The program `mc`: all commands, and how wrong usage ends.
 */
import { Command, type CommanderError } from 'commander'
import { benchCommand } from './commands/bench.js'
import { blockCommand } from './commands/block.js'
import { keyCommand } from './commands/key.js'
import { netCommand } from './commands/net.js'
import { nodeCommand } from './commands/node.js'
import { opCommand } from './commands/op.js'
import { simCommand } from './commands/sim.js'
import { startCommand } from './commands/start.js'
import { BAD_INPUT } from './terminal/failure.js'

const HELP = `
Every command has --help with examples. With --json the last line of standard output is one JSON object, also for errors:
{"error":{"rule","message"}}. Progress goes to standard error.

Exit codes: 0 done; 1 failed; 2 wrong usage or input.
`

/** All commands. */
export function program(): Command {
  const root = new Command('mc')
    .description('Mass Consensus: a group of equals decides together / 大众共识：平等的人们共同决定')
    .addHelpText('after', HELP)
    .addCommand(startCommand())
    .addCommand(opCommand())
    .addCommand(nodeCommand())
    .addCommand(netCommand())
    .addCommand(keyCommand())
    .addCommand(blockCommand())
    .addCommand(benchCommand())
    .addCommand(simCommand())
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
