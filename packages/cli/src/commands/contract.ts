/**
 * `mc contract`: what decisions do.
 */
import { readFile } from 'node:fs/promises'
import { CODE_BYTES_MAX, codeCid } from '@mc/contracts'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { hex } from '@mc/protocol/wire'
import { CAPABILITIES, type Capability, programCodec } from '@mc/topics'
import { Command } from 'commander'
import { ACTION_EXAMPLES } from '../organisation/action-examples.js'
import { draftIn, type ProgramFlags, programOf } from '../organisation/action-json.js'
import { topicOf } from '../organisation/finding.js'
import { fill, languageHere } from '../organisation/language.js'
import { type OrganisationFlags, organisationOf, organising, speaking } from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'
import { CommandError, FAILED, reporting } from '../terminal/failure.js'
import { namesOf } from '../terminal/lists.js'
import { printable, printableLines } from '../terminal/printable.js'
import { answer } from '../terminal/table.js'

interface InstallFlags {
  readonly capabilities: readonly Capability[]
  readonly json?: true
}

/** The command. */
export function contractCommand(): Command {
  const { contract, flags } = textsHere()
  const command = new Command('contract').addHelpText('after', contract.help)
  organising(command.command('simulate <topic>').description(contract.simulate))
    .option('--actions <file>', flags.actions)
    .option('--contract <cid>', flags.contract)
    .option('--parameters <file>', flags.parameters)
    .addHelpText('after', contract.help)
    .action((id: string, given: OrganisationFlags & ProgramFlags) =>
      reporting(given.json, () => simulate(id, given)),
    )
  organising(command.command('types').description(contract.types))
    .addHelpText('after', contract.help)
    .action((given: OrganisationFlags) => reporting(given.json, () => types(given)))
  speaking(command.command('actions [type]').description(contract.actions))
    .addHelpText('after', contract.help)
    .action((type: string | undefined, { json }) => reporting(json, async () => actions(type, json)))
  speaking(command.command('cid <file>'))
    .description(contract.cid)
    .addHelpText('after', contract.help)
    .action((path: string, { json }) => reporting(json, () => cid(path, json)))
  speaking(command.command('install <file>'))
    .description(contract.install)
    .requiredOption('--capabilities <names>', contract.capabilities, namesOf(CAPABILITIES))
    .addHelpText('after', contract.help)
    .action((path: string, given: InstallFlags) => reporting(given.json, () => install(path, given)))
  return command
}

async function simulate(id: string, flags: OrganisationFlags & ProgramFlags): Promise<void> {
  const { contract, words } = textsHere()
  const draft = await draftIn(flags)
  if (draft === undefined)
    throw new CommandError('usage/program', 'nothing to simulate: give --actions or --contract', {
      field: 'actions',
    })
  const organisation = await organisationOf(flags)
  const topic = await topicOf(organisation, id)
  const program = await programOf(draft, { organisation, directory: flags.dir })
  const outcome = await organisation.simulate(topic.id, hex(programCodec.encode(program)))
  const { refusal, execution, capabilities = [], description } = outcome
  const said = `${printableLines(description[languageHere()])}\n`
  const value = { topic: topic.id, ...outcome }
  if (execution === undefined || execution.outcome === 'failed') {
    process.exitCode = FAILED
    const reason = execution?.reason ?? refusal?.detail ?? ''
    return answer(flags.json, value, `${said}${printable(fill(contract.wouldFail, { reason }))}\n`)
  }
  const changes = execution.diff.map(
    ({ table, key, before, after }) =>
      `  ${printable(`${table} ${key}: ${before ?? '–'} → ${after ?? '–'}`)}\n`,
  )
  const head = `${contract.wouldDo} (${fill(contract.gas, { gas: execution.gas })}; ${words.capabilities} ${capabilities.join(', ')})`
  answer(flags.json, value, `${said}${head}\n${changes.join('')}`)
}

/** The actions there are, each with an example as people write it. */
function actions(type: string | undefined, json: boolean | undefined): void {
  const all = Object.entries(ACTION_EXAMPLES).map(([name, fields]) => ({ type: name, ...fields }))
  const wanted = all.filter(one => type === undefined || one.type === type)
  if (wanted.length === 0) {
    const there = all.map(one => one.type).join(', ')
    throw new CommandError('usage/action', `there is no action ${type}; there are ${there}`, {
      field: 'type',
    })
  }
  answer(json, { actions: wanted }, wanted.map(one => `${JSON.stringify(one)}\n`).join(''))
}

async function types(flags: OrganisationFlags): Promise<void> {
  const rows = await (await organisationOf(flags)).table('contractTypes')
  const lines = rows.map(
    ({ cid: name, capabilities, isRetired }) =>
      `${name}  ${capabilities.join(',')}${isRetired ? `  ${textsHere().office.ended}` : ''}\n`,
  )
  answer(flags.json, { contractTypes: rows }, lines.join('') || `${textsHere().office.none}\n`)
}

async function codeIn(path: string): Promise<Uint8Array> {
  const code = await readFile(path).catch(error => {
    throw new CommandError('input/unreadable', `${path} cannot be read: ${error.message}`, { field: 'file' })
  })
  if (code.length <= CODE_BYTES_MAX) return new Uint8Array(code)
  throw new CommandError('input/code', `${path}: ${code.length} bytes, need at most ${CODE_BYTES_MAX}`, {
    field: 'file',
  })
}

async function cid(path: string, json: boolean | undefined): Promise<void> {
  const name = hex(codeCid(await codeIn(path), crypto.sha256))
  answer(json, { cid: name }, `${name}\n`)
}

// Standard output is what `propose --actions` reads; what to do with it goes elsewhere.
async function install(path: string, { capabilities }: InstallFlags): Promise<void> {
  const name = hex(codeCid(await codeIn(path), crypto.sha256))
  answer(true, [{ type: 'contractType.install', cid: name, capabilities }], '')
  process.stderr.write(`${printable(fill(textsHere().contract.installNext, { file: path }))}\n`)
}
