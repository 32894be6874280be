/**
 * `mc block`: blocks.
 */
import { Command } from 'commander'
import { type ConnectionFlags, clientOf, connecting } from '../client/connection.js'
import { readGenesisFile } from '../client/genesis-file.js'
import { verifyBlock } from '../client/light-verification.js'
import { CommandError, FAILED, reporting } from '../terminal/failure.js'
import { answer, table } from '../terminal/table.js'

const TEXTS = {
  show: 'print the block of an epoch, or with a CID',
  verify: 'verify as a light client that f + 1 members signed a block, knowing nothing but the genesis',
  help: `
BLOCK is an epoch or a CID. The genesis comes from a file that you trust, never from the node that is asked.

Examples:
  mc block show 12
  mc block verify 12 --genesis genesis.json --json
`,
}

interface Flags extends ConnectionFlags {
  readonly json?: true
}

/** The command. */
export function blockCommand(): Command {
  const command = new Command('block').addHelpText('after', TEXTS.help)
  connecting(command.command('show <block>').description(TEXTS.show))
    .option('--json', 'print one JSON object')
    .addHelpText('after', TEXTS.help)
    .action((block: string, flags: Flags) => reporting(flags.json, () => show(block, flags)))
  connecting(command.command('verify <block>').description(TEXTS.verify))
    .requiredOption('--genesis <file>', 'the genesis that you trust')
    .option('--json', 'print one JSON object')
    .addHelpText('after', TEXTS.help)
    .action((block: string, flags: Flags & { genesis: string }) =>
      reporting(flags.json, () => verify(block, flags)),
    )
  return command
}

async function show(name: string, flags: Flags): Promise<void> {
  const client = await clientOf(flags)
  const block = await client.block(name)
  const { seals } = await client.certificate(String(block.epoch))
  const text = table([
    ['epoch', block.epoch],
    ['cid', block.cid],
    ['previous', block.previous ?? 'none'],
    ['time', `${new Date(block.time).toISOString()}, clock ${block.clock} ms`],
    ['operations', `${block.operations} so far`],
    ['state root', block.stateRoot],
    ['signed by', `${seals.length} members (${seals.map(({ member }) => member).join(', ')})`],
    ...block.payloads.map(({ proposer, cid }) => [`payload ${proposer}`, cid] as const),
  ])
  answer(flags.json, { ...block, certificate: { epoch: block.epoch, seals } }, text)
}

async function verify(
  name: string,
  { genesis: path, ...flags }: Flags & { readonly genesis: string },
): Promise<void> {
  const genesis = await readGenesisFile(path)
  const outcome = await verifyBlock(genesis, await clientOf(flags), name)
  if (!outcome.verified) throw new CommandError('light/not-verified', outcome.reason, { exitCode: FAILED })
  const { epoch, cid, seals } = outcome
  answer(flags.json, outcome, `verified: block ${epoch} (${cid}), signed by ${seals} members\n`)
}
