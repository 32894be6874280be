/**
 * `mc op`: operations.
 */
import type { PlacedOperationJson } from '@mc/node/client'
import { Command } from 'commander'
import type { OperationStandingJson } from '../client/api-client.js'
import { type ConnectionFlags, clientOf, connecting } from '../client/connection.js'
import { readGenesisFile } from '../client/genesis-file.js'
import { readKey } from '../client/key-file.js'
import { verifyOperation } from '../client/light-verification.js'
import { badLineText, type OperationsFile, readOperations } from '../submission/operations-file.js'
import { Submission } from '../submission/submission.js'
import { CommandError, FAILED, reporting } from '../terminal/failure.js'
import { printable, printableLines } from '../terminal/printable.js'
import { progressOnStderr } from '../terminal/progress.js'
import { answer, table } from '../terminal/table.js'

const TEXTS = {
  submit:
    'hand in operations from a file, or from standard input for "-", and wait until they are on the ledger',
  get: 'print one operation',
  ls: 'list operations in the order of the ledger',
  verify: 'verify as a light client that an operation is on the ledger, knowing nothing but the genesis',
  onLedger: 'operations on the ledger',
  submitHelp: `
A line is a signed operation: {"realm","kind","author","created","body","signature"}.
With --key a line may be an unsigned one: {"kind","body"} and, if you like, "created"; it is signed for the node's network.

Exit codes: 0 all are on the ledger; 2 some lines were refused and are named, the others are on the ledger; 1 it failed.

Examples:
  mc op submit operations.jsonl --dir my-node
  echo '{"kind":"comment","body":{"text":"hello"}}' | mc op submit - --key my.key
`,
  getHelp: `
Example:
  mc op get 5f0c…e1 --json
`,
  lsHelp: `
Examples:
  mc op ls --limit 20
  mc op ls --from 1000 --author PUBLIC_KEY --json
`,
  verifyHelp: `
The genesis comes from a file that you trust, never from the node that is asked. f + 1 members must have signed the last block,
and the operation must be in the state that it commits to.

Example:
  mc op verify 5f0c…e1 --genesis genesis.json
`,
}

interface Flags extends ConnectionFlags {
  readonly json?: true
}

/** The command. */
export function opCommand(): Command {
  const command = new Command('op')
  connecting(command.command('submit <file>').description(TEXTS.submit))
    .option('--key <file>', 'sign unsigned lines with this secret key')
    .option('--json', 'print one JSON object')
    .addHelpText('after', TEXTS.submitHelp)
    .action((file: string, flags: Flags & { key?: string }) =>
      reporting(flags.json, () => submit(file, flags)),
    )
  connecting(command.command('get <id>').description(TEXTS.get))
    .option('--json', 'print one JSON object')
    .addHelpText('after', TEXTS.getHelp)
    .action((id: string, flags: Flags) => reporting(flags.json, () => get(id, flags)))
  connecting(command.command('ls').description(TEXTS.ls))
    .option('--from <position>', 'the first number to list', '0')
    .option('--limit <count>', 'how many at most, up to 1000', '50')
    .option('--author <key>', 'only those of one author')
    .option('--json', 'print one JSON object')
    .addHelpText('after', TEXTS.lsHelp)
    .action((flags: Flags & Query) => reporting(flags.json, () => list(flags)))
  connecting(command.command('verify <id>').description(TEXTS.verify))
    .requiredOption('--genesis <file>', 'the genesis that you trust')
    .option('--json', 'print one JSON object')
    .addHelpText('after', TEXTS.verifyHelp)
    .action((id: string, flags: Flags & { genesis: string }) =>
      reporting(flags.json, () => verify(id, flags)),
    )
  return command
}

interface Query {
  readonly from: string
  readonly limit: string
  readonly author?: string
}

async function submit(path: string, flags: Flags & { readonly key?: string }): Promise<void> {
  const client = await clientOf(flags)
  const signing = flags.key && { secretKey: await readKey(flags.key), realm: (await client.status()).name }
  const file = await readOperations(path, signing || undefined)
  const progress = progressOnStderr()
  name(file.bad)
  const submission = new Submission([client], ({ done }) => {
    progress.bar(done, file.operations.length, TEXTS.onLedger)
  })
  const { submitted, committed, already, refused } = await submission.run(file.operations)
  progress.end()
  name(refused)
  const bad = [...file.bad, ...refused].sort((left, right) => left.line - right.line)
  const ids = file.operations.map(({ id }) => id)
  const value = { submitted, committed, already, refused: bad, ids }
  const text = `${committed} on the ledger (${already} before), ${bad.length} refused\n`
  answer(flags.json, value, text)
  if (bad.length > 0) process.exitCode = 2
}

function name(lines: OperationsFile['bad']): void {
  for (const line of lines) process.stderr.write(`mc: ${printable(badLineText(line))}\n`)
}

async function get(id: string, flags: Flags): Promise<void> {
  const value = await (await clientOf(flags)).operation(id)
  answer(flags.json, value, standingText(value))
}

function standingText(value: OperationStandingJson): string {
  if (value.pending) return `${value.id} is pending\n`
  if ('refusal' in value) return `${value.id} was refused: ${printable(value.refusal.message)}\n`
  return operationText(value)
}

function operationText({ id, position, epoch, operation }: PlacedOperationJson): string {
  const head = table([
    ['id', id],
    ['place', `number ${position}, block ${epoch}`],
    ['kind', operation.kind],
    ['author', operation.author],
    ['created', new Date(operation.created).toISOString()],
  ])
  return `${head}${printableLines(JSON.stringify(operation.body, undefined, 2))}\n`
}

async function list({ from, limit, author, ...flags }: Flags & Query): Promise<void> {
  const client = await clientOf(flags)
  const query = { from, limit, ...(author === undefined ? {} : { author }) }
  const page = await client.operations(query)
  const lines = page.operations.map(({ id, position, epoch, operation }) =>
    printable(`${position}  ${epoch}  ${id}  ${operation.kind}  ${summary(operation.body)}`),
  )
  const next = page.next === undefined ? [] : [`… go on with --from ${page.next}`]
  answer(flags.json, page, [...lines, ...next].map(line => `${line}\n`).join(''))
}

/** The first words of a body. */
function summary(body: unknown): string {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>
  const text = fields['title'] ?? fields['text'] ?? fields['choice'] ?? JSON.stringify(body)
  return [...String(text)].slice(0, 60).join('')
}

async function verify(
  id: string,
  { genesis: path, ...flags }: Flags & { readonly genesis: string },
): Promise<void> {
  const genesis = await readGenesisFile(path)
  const outcome = await verifyOperation(genesis, await clientOf(flags), id)
  if (!outcome.verified) throw new CommandError('light/not-verified', outcome.reason, { exitCode: FAILED })
  const { epoch, cid, seals } = outcome
  answer(
    flags.json,
    outcome,
    `verified: in the state after block ${epoch} (${cid}), signed by ${seals} members\n`,
  )
}
