/**
 * Which organisation a command is about, through which nodes, and as whom.
 */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { equalBytes } from '@mc/crypto'
import type { MemberSecrets } from '@mc/identity'
import { isNodeDirectory, readDataDirectory, readGenesis } from '@mc/node/client'
import { type Command, Option } from 'commander'
import type { ApiClient } from '../client/api-client.js'
import { clientOf } from '../client/connection.js'
import { CommandError } from '../terminal/failure.js'
import { organisationIn } from './founding.js'
import { Keyring } from './keyring.js'
import { type OpenKeystore, readKeystore } from './keystore-file.js'
import { LANGUAGES } from './language.js'
import { OrganisationClient } from './organisation-client.js'
import { Outbox } from './outbox.js'
import { type PasswordFlags, passwordFrom } from './password.js'
import { Person } from './person.js'
import { textsHere } from './texts/texts.js'

/** The flags of every command about an organisation. */
export interface OrganisationFlags {
  readonly dir: string
  readonly api?: string
  readonly tokenFile?: string
  readonly lang?: string
  readonly json?: true
}

/** The flags of commands that somebody acts with. */
export interface PersonFlags extends OrganisationFlags, PasswordFlags {
  readonly as?: string
  readonly keys?: string
}

/** Where organisations are founded unless told otherwise. */
export const DIRECTORY = '.mc/organisation'

/** Other places where one may be running. */
const ELSEWHERE = '.mc/town-hall'

/** Adds the flags of every command: how it speaks. */
export function speaking(command: Command): Command {
  const { flags } = textsHere()
  return command
    .addOption(new Option('--lang <language>', flags.lang).choices(LANGUAGES))
    .option('--json', flags.json)
}

/** Adds the flags of every command about an organisation. */
export function organising(command: Command): Command {
  const { flags } = textsHere()
  const isElsewhere = !existsSync(DIRECTORY) && existsSync(ELSEWHERE)
  return speaking(
    command
      .option('--dir <directory>', flags.dir, isElsewhere ? ELSEWHERE : DIRECTORY)
      .option('--api <url>', flags.api)
      .option('--token-file <file>', flags.tokenFile),
  )
}

/** Adds the flags of commands that somebody acts with. */
export function acting(command: Command): Command {
  const { flags } = textsHere()
  return organising(command)
    .option('--as <name>', flags.as)
    .option('--keys <file>', flags.keys)
    .option('--password-file <file>', flags.passwordFile)
}

/** The organisation's part of the API of the first node that answers. @throws CommandError, DirectoryError */
export async function organisationOf(flags: OrganisationFlags): Promise<OrganisationClient> {
  const [first] = await clientsOf(flags)
  return new OrganisationClient(first as ApiClient)
}

/**
 * All nodes that the flags name, those of a network on this machine or one; the first of them answers.
 *
 * @throws CommandError `api/unreachable` if none answers, DirectoryError
 */
export async function clientsOf(flags: OrganisationFlags): Promise<readonly ApiClient[]> {
  const clients = await clientsNamed(flags)
  for (const [at, client] of clients.entries()) {
    const answers = await client.status().then(
      () => true,
      error => {
        if (error instanceof CommandError && error.rule === 'api/unreachable' && at + 1 < clients.length)
          return false
        throw error
      },
    )
    if (answers) return [client, ...clients.filter(one => one !== client)]
  }
  return clients
}

async function clientsNamed(flags: OrganisationFlags): Promise<readonly ApiClient[]> {
  const nodes = join(resolve(flags.dir), 'nodes')
  if (flags.api !== undefined || !existsSync(nodes)) return [await clientOf(flags)]
  const names = (await readdir(nodes))
    .filter(name => /^\d+$/.test(name))
    .sort((a, b) => Number(a) - Number(b))
  return Promise.all(names.map(name => clientOf({ dir: join(nodes, name) })))
}

/** Who acts. @throws CommandError if the keystore cannot be found or opened, or is of another organisation. */
export async function personOf(flags: PersonFlags): Promise<Person> {
  return personWith(await openedKeystore(flags), flags)
}

/** Who acts with an open keystore. @throws CommandError if it is of another organisation. */
export async function personWith({ path, secrets }: OpenedKeystore, flags: PersonFlags): Promise<Person> {
  await requireOwn(flags, path, secrets)
  const clients = await clientsOf(flags)
  const { name: realm } = await (clients[0] as ApiClient).status()
  return new Person({ keyring: new Keyring(secrets, realm), clients, outbox: outboxBeside(path) })
}

/** A keystore that was opened, and where it is. */
export interface OpenedKeystore extends OpenKeystore {
  readonly path: string
  readonly password: string
}

/** Opens the keystore that the flags name. @throws CommandError */
export async function openedKeystore(flags: PersonFlags): Promise<OpenedKeystore> {
  const path = await keystorePath(flags)
  const { password: texts } = textsHere()
  const password = await passwordFrom(flags, { question: `${texts.of} ${path}: ` })
  return { path, password, ...(await readKeystore(path, password)) }
}

/** Where the keystore is. @throws CommandError `usage/as` that names the people there are if nobody in particular is meant. */
export async function keystorePath({ as: name, keys, dir }: PersonFlags): Promise<string> {
  if (keys !== undefined) return resolve(keys)
  const folder = peopleFolder(dir)
  const people = (await readdir(folder).catch(() => []))
    .filter(file => file.endsWith(KEYSTORE))
    .map(file => basename(file, KEYSTORE))
  if (name !== undefined && people.includes(name)) return join(folder, name + KEYSTORE)
  if (name === undefined && people.length === 1) return join(folder, people[0] + KEYSTORE)
  const there = people.length === 0 ? `nobody has a keystore in ${folder}` : `there are ${people.join(', ')}`
  const message =
    name === undefined
      ? `who acts? give --as NAME or --keys FILE; ${there}`
      : `--as ${name}: no such keystore; ${there}`
  throw new CommandError('usage/as', message, { field: 'as' })
}

/** How names of keystores end. */
export const KEYSTORE = '.keys'

/** Where the keystores of people on this machine are. */
export const peopleFolder = (directory: string): string => join(resolve(directory), 'people')

/** The outbox beside a keystore. */
export const outboxBeside = (keystore: string): Outbox =>
  new Outbox(join(dirname(keystore), `${basename(keystore, KEYSTORE)}.outbox.jsonl`))

async function requireOwn({ dir, api }: PersonFlags, path: string, { org }: MemberSecrets): Promise<void> {
  const directory = resolve(dir)
  if (api !== undefined) return
  const genesis = (await isNodeDirectory(directory))
    ? (await readDataDirectory(directory)).genesis
    : await readGenesis(directory)
  if (equalBytes(organisationIn(genesis).org, org)) return
  throw new CommandError('key/other-organisation', `${path} holds keys of another organisation than ${dir}`, {
    field: 'keys',
  })
}
