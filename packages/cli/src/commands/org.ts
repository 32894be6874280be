/**
 * `mc org`: an organisation, from its founding on.
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { equalBytes } from '@mc/crypto'
import { hex } from '@mc/protocol/wire'
import type { Founder, Profile } from '@mc/topics'
import { Command, Option } from 'commander'
import { isNetwork } from '../network/founding.js'
import { type Card, readCard, writeCard } from '../organisation/card.js'
import { durationText } from '../organisation/duration.js'
import { foundOrganisation, newOrganisationId, newPerson } from '../organisation/founding.js'
import { TRIAL_COST, writeNewKeystore } from '../organisation/keystore-file.js'
import { fill } from '../organisation/language.js'
import { passwordFrom } from '../organisation/password.js'
import { CARD } from '../organisation/people-here.js'
import { merged, QUICK_RULES, type RulesOverride, readRules } from '../organisation/rules-file.js'
import {
  DIRECTORY,
  KEYSTORE,
  type OrganisationFlags,
  organisationOf,
  organising,
  peopleFolder,
  speaking,
} from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'
import { CommandError, reporting } from '../terminal/failure.js'
import { numberFrom } from '../terminal/lists.js'
import { answer, table } from '../terminal/table.js'

interface InitFlags {
  readonly dir: string
  readonly name: string
  readonly nodes?: number
  readonly people?: readonly string[]
  readonly card?: readonly string[]
  readonly profile: Profile
  readonly rules?: string
  readonly quick?: true
  readonly quickKeystores?: true
  readonly preset?: string
  readonly passwordFile?: string
  readonly json?: true
}

/** The command. */
export function orgCommand(): Command {
  const { org, flags } = textsHere()
  const command = new Command('org').addHelpText('after', org.help)
  speaking(command.command('init'))
    .description(org.init)
    .option('--dir <directory>', flags.dir, DIRECTORY)
    .requiredOption('--name <name>', org.name)
    .option('--nodes <count>', org.nodes, numberFrom(4, 64))
    .option('--people <names>', org.people, namesIn)
    .option('--card <file>', org.card, (path: string, before: readonly string[] = []) => [...before, path])
    .addOption(new Option('--profile <profile>', org.profile).choices(['seed', 'guarded']).default('seed'))
    .option('--rules <file>', org.rules)
    .option('--quick', org.quick)
    .option('--quick-keystores', flags.trial)
    .option('--preset <name>', org.preset)
    .option('--password-file <file>', flags.passwordFile)
    .addHelpText('after', org.help)
    .action((given: InitFlags) => reporting(given.json, () => init(given)))
  organising(command.command('show').description(org.show))
    .addHelpText('after', org.help)
    .action((given: OrganisationFlags) => reporting(given.json, () => show(given)))
  return command
}

const namesIn = (text: string): readonly string[] => text.split(',').map(name => name.trim())

async function init(flags: InitFlags): Promise<void> {
  const directory = resolve(flags.dir)
  if (isNetwork(directory))
    throw new CommandError(
      'directory/exists',
      `${directory} holds a network already: choose another directory`,
      { field: 'dir' },
    )
  const cards = await Promise.all((flags.card ?? []).map(readCard))
  const org = organisationIdOf(cards)
  const names = flags.people ?? []
  requireNames(names, cards)
  const people = names.map(name => ({ name, ...newPerson(org) }))
  const founders = [
    ...people.map(({ founder }) => founder),
    ...cards.map(({ key, possession }): Founder => ({ key, possession })),
  ]
  const nodes = flags.nodes ?? Math.max(4, Math.min(64, founders.length))
  const organisation = {
    org,
    profile: flags.profile,
    founders: founders.map(({ key, possession }) => ({ key, possession })),
    ...(await overrides(flags)),
  }
  // Whoever gives no password finds out before anything is founded.
  const locking = people.length === 0 ? undefined : await lockingOf(flags, directory)
  const { genesis } = await foundOrganisation({
    directory,
    name: flags.name,
    nodes,
    preset: flags.preset,
    organisation,
  })
  const folder = peopleFolder(directory)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const { name, secretKey, founder } of people) {
    const path = join(folder, name + KEYSTORE)
    if (locking !== undefined)
      await writeNewKeystore(path, { org, keys: [{ secretKey, fromEpoch: 0 }], openings: [] }, locking)
    await writeCard(join(folder, name + CARD), {
      name,
      org,
      key: founder.key,
      possession: founder.possession,
    })
  }
  const unowned = Math.max(0, nodes - founders.length)
  tell(flags, {
    directory,
    name: genesis.name,
    org: hex(org),
    nodes,
    unowned,
    people: names,
    founders: founders.length,
  })
}

async function lockingOf(flags: InitFlags, directory: string) {
  const { password: texts } = textsHere()
  const question = `${texts.new} ${peopleFolder(directory)}: `
  const password = await passwordFrom(flags, { question, again: `${texts.again}: ` })
  return { password, cost: flags.quickKeystores === true ? TRIAL_COST : undefined }
}

/** Proofs of founders bind the organisation, so the cards say which one it is. */
function organisationIdOf(cards: readonly Card[]): Uint8Array {
  const [first, ...others] = cards
  if (first === undefined) return newOrganisationId()
  const stranger = others.find(({ org }) => !equalBytes(org, first.org))
  if (stranger === undefined) return first.org
  throw new CommandError(
    'input/malformed-card',
    `the cards of ${first.name} and ${stranger.name} are of different organisations: make both with the same --org`,
    { field: 'card' },
  )
}

function requireNames(names: readonly string[], cards: readonly Card[]): void {
  const wrong = names.find(name => !/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u.test(name))
  if (wrong !== undefined)
    throw new CommandError('usage/people', `--people "${wrong}": need letters and digits, up to 40`, {
      field: 'people',
    })
  if (new Set(names).size !== names.length)
    throw new CommandError('usage/people', '--people: a name stands there twice', { field: 'people' })
  if (names.length + cards.length === 0)
    throw new CommandError('usage/people', 'an organisation has founders: give --people or --card', {
      field: 'people',
    })
}

async function overrides({ quick, rules, profile }: InitFlags): Promise<RulesOverride> {
  const base = quick === true ? QUICK_RULES : {}
  return rules === undefined ? base : merged(base, await readRules(rules, profile))
}

interface Founded {
  readonly directory: string
  readonly name: string
  readonly org: string
  readonly nodes: number
  readonly unowned: number
  readonly people: readonly string[]
  readonly founders: number
}

function tell(flags: InitFlags, founded: Founded): void {
  const { org, words } = textsHere()
  const { directory: dir, name, nodes, unowned, people, founders } = founded
  const who = people[0] ?? 'NAME'
  const steps = [org.nextRun, org.nextOpen, org.nextCopy].map(
    step => `  ${fill(step, { dir: flags.dir, who })}\n`,
  )
  const rows = table([
    [words.organisation, `${name} (${flags.profile})`],
    [words.directory, dir],
    [words.nodes, nodes],
    [words.members, people.length === founders ? people.join(', ') : founders],
  ])
  const warning = unowned === 0 ? '' : `${fill(org.unowned, { count: unowned })}\n`
  answer(flags.json, founded, `${org.founded}\n${rows}${warning}\n${org.next}\n${steps.join('')}`)
}

async function show(flags: OrganisationFlags): Promise<void> {
  const { words, nodeStates } = textsHere()
  const organisation = await organisationOf(flags)
  const [overview, status] = [await organisation.overview(), await organisation.api.status()]
  const id = await organisation.organisationId()
  const text = table([
    [words.organisation, status.name],
    [words.id, id],
    [words.clock, `L=${overview.clock}, ${durationText(overview.clock)}`],
    [words.epoch, overview.membershipEpoch],
    [words.block, overview.epoch],
    [words.members, `${overview.present}, ${words.active} ${overview.active}`],
    [words.topics, overview.counts['topics'] ?? 0],
    [
      words.nodes,
      `${status.members}, ${(nodeStates as Readonly<Record<string, string>>)[status.state] ?? status.state}`,
    ],
  ])
  answer(flags.json, { name: status.name, org: id, ...overview }, text)
}
