/**
 * `mc id`: a person's own keys.
 */
import { basename, dirname, join, resolve } from 'node:path'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import {
  backupWords,
  type MemberSecrets,
  memberKey,
  newMemberSecret,
  provePossession,
  restoreFromWords,
} from '@mc/identity'
import { fromHex, hex } from '@mc/protocol/wire'
import { Command } from 'commander'
import { readGenesisFile } from '../client/genesis-file.js'
import { textIn } from '../organisation/action-json.js'
import { cardJson, writeCard } from '../organisation/card.js'
import { newOrganisationId, newPerson, organisationIn } from '../organisation/founding.js'
import { identityCrypto } from '../organisation/identity-crypto.js'
import { replaceKeystore, TRIAL_COST, writeNewKeystore } from '../organisation/keystore-file.js'
import { fill } from '../organisation/language.js'
import { passwordFrom } from '../organisation/password.js'
import { CARD } from '../organisation/people-here.js'
import { seatRequest } from '../organisation/seat.js'
import {
  acting,
  KEYSTORE,
  openedKeystore,
  type PersonFlags,
  personOf,
  personWith,
  speaking,
} from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'
import { CommandError, reporting } from '../terminal/failure.js'
import { answer, table } from '../terminal/table.js'

interface NewFlags {
  readonly name?: string
  readonly org?: string
  readonly genesis?: string
  readonly passwordFile?: string
  readonly quickKeystores?: true
  readonly json?: true
}

/** The command. */
export function idCommand(): Command {
  const { id, flags } = textsHere()
  const command = new Command('id').addHelpText('after', id.help)
  for (const [name, description, run] of [
    ['new', id.new, make],
    ['restore', id.restore, restore],
  ] as const) {
    speaking(
      command
        .command(`${name} <file>`)
        .description(description)
        .option('--name <name>', id.name)
        .option('--genesis <file>', id.genesis)
        .option('--org <id>', id.org)
        .option('--password-file <file>', flags.passwordFile)
        .option('--quick-keystores', flags.trial),
    )
      .addHelpText('after', id.help)
      .action((file: string, given: NewFlags) => reporting(given.json, () => run(file, given)))
  }
  acting(command.command('card').description(id.card))
    .option('--name <name>', id.name)
    .option('--out <file>', id.out)
    .option('--seat <directory>', id.seat)
    .addHelpText('after', id.help)
    .action((given: PersonFlags & CardFlags) => reporting(given.json, () => card(given)))
  for (const [name, description, run] of [
    ['show', id.show, show],
    ['backup', id.backup, backup],
    ['rotate', id.rotate, rotate],
  ] as const) {
    acting(command.command(name).description(description))
      .addHelpText('after', id.help)
      .action((given: PersonFlags) => reporting(given.json, () => run(given)))
  }
  return command
}

interface CardFlags {
  readonly name?: string
  readonly out?: string
  readonly seat?: string
}

async function make(file: string, flags: NewFlags): Promise<void> {
  const org = (await organisationId(flags)) ?? newOrganisationId()
  const { secretKey } = newPerson(org)
  await written(file, flags, { org, keys: [{ secretKey, fromEpoch: 0 }], openings: [] })
}

async function restore(file: string, flags: NewFlags): Promise<void> {
  const org = await organisationId(flags)
  if (org === undefined)
    throw new CommandError(
      'usage/org',
      'the words hold a key, not its organisation: give --genesis or --org',
      {
        field: 'genesis',
      },
    )
  const restored = restoreFromWords(await textIn('-'), crypto.sha256)
  if ('wrong' in restored) {
    const reason = {
      word: `word ${'at' in restored ? restored.at + 1 : ''} is none`,
      count: 'need 24 words',
      check: 'the words do not belong together: one of them is wrong, or two have changed places',
    }[restored.wrong]
    throw new CommandError('input/words', reason, { field: 'words' })
  }
  const keys = [{ secretKey: restored.secretKey, fromEpoch: 0 }]
  await written(file, flags, { org, keys, openings: [] })
}

async function written(file: string, flags: NewFlags, secrets: MemberSecrets): Promise<void> {
  const { password: texts, id, words } = textsHere()
  const path = resolve(file)
  const name = flags.name ?? basename(path, KEYSTORE)
  const question = `${texts.new} ${path}: `
  const password = await passwordFrom(flags, { question, again: `${texts.again}: ` })
  const cost = flags.quickKeystores === true ? TRIAL_COST : undefined
  await writeNewKeystore(path, secrets, { password, cost })
  const shown = cardOf(name, secrets)
  const cardPath = cardBeside(path)
  await writeCard(cardPath, shown)
  const text = `${table([
    [words.name, name],
    [words.key, hex(shown.key)],
    [words.card, cardPath],
  ])}${fill(isFounding(flags) ? id.orgNote : id.cardNote, { org: hex(secrets.org), card: cardPath })}\n`
  answer(flags.json, { ...cardJson(shown), keystore: path, cardFile: cardPath }, text)
}

const isFounding = ({ org, genesis }: NewFlags): boolean => org === undefined && genesis === undefined

async function organisationId({ org, genesis }: NewFlags): Promise<Uint8Array | undefined> {
  if (genesis !== undefined) return organisationIn(await readGenesisFile(genesis)).org
  if (org === undefined) return undefined
  if (/^[0-9a-f]{64}$/.test(org)) return fromHex(org)
  throw new CommandError('usage/org', '--org: need 64 hexadecimal digits', { field: 'org' })
}

const cardBeside = (keystore: string): string => join(dirname(keystore), basename(keystore, KEYSTORE) + CARD)

function cardOf(name: string, { org, keys }: MemberSecrets) {
  const { secretKey } = keys.at(-1) as { readonly secretKey: Uint8Array }
  const key = memberKey(secretKey, identityCrypto)
  return { name, org, key, possession: provePossession(org, secretKey, identityCrypto) }
}

async function card(flags: PersonFlags & CardFlags): Promise<void> {
  const { path, secrets } = await openedKeystore(flags)
  const own = cardOf(flags.name ?? basename(path, KEYSTORE), secrets)
  const shown = flags.seat === undefined ? own : { ...own, seat: await seatRequest(flags.seat, own) }
  const out = resolve(flags.out ?? cardBeside(path))
  await writeCard(out, shown)
  answer(flags.json, { ...cardJson(shown), cardFile: out }, `${out}\n`)
}

async function show(flags: PersonFlags): Promise<void> {
  const { words, states } = textsHere()
  const person = await personOf(flags)
  const member = await person.member()
  const text = table([
    [words.member, member.id],
    [words.state, states[member.state]],
    ...member.keys.map(({ key, from }) => [words.key, `${key}, ${words.epoch} ${from}`] as const),
    [words.seat, member.seat?.name ?? ''],
  ])
  answer(flags.json, member, text)
}

async function backup(flags: PersonFlags): Promise<void> {
  const { secrets } = await openedKeystore(flags)
  const { secretKey } = secrets.keys.at(-1) as { readonly secretKey: Uint8Array }
  const words = backupWords(secretKey, crypto.sha256)
  const lines = words.map((word, at) => `${String(at + 1).padStart(2)} ${word}\n`)
  answer(flags.json, { words, org: hex(secrets.org) }, `${textsHere().id.words}\n${lines.join('')}`)
}

// The new key is in the keystore before the ledger hears of it: a key that only the ledger knew would be lost.
async function rotate(flags: PersonFlags): Promise<void> {
  const opened = await openedKeystore(flags)
  const { path, password, cost, secrets } = opened
  const person = await personWith(opened, flags)
  await person.member()
  const { membershipEpoch } = await person.organisation.overview()
  const secretKey = newMemberSecret(crypto.rng)
  const key = memberKey(secretKey, identityCrypto)
  const keys = [...secrets.keys, { secretKey, fromEpoch: membershipEpoch + 1 }]
  await replaceKeystore(path, { ...secrets, keys }, { password, cost })
  const possession = provePossession(secrets.org, secretKey, identityCrypto)
  const placed = await person.act({ type: 'rotateKey', key, possession })
  // An epoch may have ended meanwhile: the ledger says from when on the key counts.
  const member = await person.member()
  const fromEpoch = member.keys.find(one => one.key === hex(key))?.from ?? membershipEpoch + 1
  const text = `${hex(key)}\n${fill(textsHere().id.rotated, { epoch: fromEpoch })}\n`
  answer(flags.json, { ...placed, key: hex(key), fromEpoch }, text)
}
