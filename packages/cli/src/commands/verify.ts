/**
 * `mc verify`: what holds, for who trusts a genesis and nothing else.
 */
import { resolve } from 'node:path'
import { hex } from '@mc/protocol/wire'
import { Command } from 'commander'
import { nodeDirectory } from '../client/connection.js'
import { readGenesisFile } from '../client/genesis-file.js'
import { topicOf } from '../organisation/finding.js'
import { fill } from '../organisation/language.js'
import { LightReader } from '../organisation/light-reader.js'
import type { OrganisationClient, RowJson } from '../organisation/organisation-client.js'
import {
  acting,
  type OrganisationFlags,
  organisationOf,
  organising,
  type PersonFlags,
  personOf,
} from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'
import { verifySplit } from '../organisation/verify-split.js'
import { verifyBallots, verifyTally } from '../organisation/verify-tally.js'
import { type Findings, verifyTopic } from '../organisation/verify-topic.js'
import { reporting } from '../terminal/failure.js'
import { numberFrom } from '../terminal/lists.js'
import { printable } from '../terminal/printable.js'
import { answer } from '../terminal/table.js'

type Flags = OrganisationFlags & { readonly genesis?: string }

type RoundFlags = Flags & { readonly round?: number }

type Check = (
  reader: LightReader,
  organisation: OrganisationClient,
  id: string,
  round: number | undefined,
) => Promise<Findings>

/** The command. */
export function verifyCommand(): Command {
  const { verify, flags } = textsHere()
  const command = new Command('verify').addHelpText('after', verify.help)
  const checks: readonly (readonly [string, string, Check])[] = [
    ['topic', verify.topic, (reader, _, id) => verifyTopic(reader, id)],
    ['split', verify.split, verifySplit],
    ['tally', verify.tally, verifyTally],
  ]
  for (const [name, description, check] of checks) {
    organising(command.command(`${name} <topic>`).description(description))
      .option('--genesis <file>', flags.genesis)
      .option('--round <number>', verify.round, numberFrom(1))
      .addHelpText('after', verify.help)
      .action((id: string, given: RoundFlags) => reporting(given.json, () => run(id, given, check)))
  }
  acting(command.command('ballot <topic>').description(verify.ballot))
    .option('--genesis <file>', flags.genesis)
    .option('--round <number>', verify.round, numberFrom(1))
    .addHelpText('after', verify.help)
    .action((id: string, given: RoundFlags & PersonFlags) =>
      reporting(given.json, () => ownBallots(id, given)),
    )
  return command
}

async function run(id: string, flags: RoundFlags, check: Check): Promise<void> {
  const organisation = await organisationOf(flags)
  const reader = await readerOf(flags, organisation)
  const topic = await topicOf(organisation, id)
  tell(flags, reader, await check(reader, organisation, topic.id, flags.round))
}

async function ownBallots(id: string, flags: RoundFlags & PersonFlags): Promise<void> {
  const person = await personOf(flags)
  const reader = await readerOf(flags, person.organisation)
  const topic = await topicOf(person.organisation, id)
  const member = await person.member()
  const tag = await person.tagIn(topic)
  const ballots = await verifyBallots(
    reader,
    topic.id,
    ballotName(topic, tag, meeting =>
      hex(person.keyring.counting(member, topic.ringEpoch).keyImage(meeting)),
    ),
    flags.round,
  )
  tell(flags, reader, ballots)
}

const ballotName =
  ({ privacy }: RowJson<'topics'>, tag: string, image: (meeting: Uint8Array) => string) =>
  (meeting: Uint8Array): string =>
    privacy === 'secret' ? image(meeting) : tag

async function readerOf({ genesis, dir }: Flags, organisation: OrganisationClient): Promise<LightReader> {
  const path = genesis ?? `${nodeDirectory(resolve(dir))}/genesis.json`
  return new LightReader(await readGenesisFile(path), organisation)
}

function tell(flags: Flags, reader: LightReader, { proven, notProven, facts }: Findings): void {
  const { verify } = textsHere()
  const blocks = reader.blocks.map(({ epoch, cid, signers }) => ({ epoch, cid, signers }))
  const [first, last] = [blocks[0], blocks.at(-1)]
  const by =
    blocks.length === 1 && first !== undefined
      ? fill(verify.by, { epoch: first.epoch, signers: first.signers })
      : fill(verify.blocks, { first: first?.epoch ?? 0, last: last?.epoch ?? 0 })
  const lines = [
    `${verify.proven} (${by}):`,
    ...proven.map(one => `  ✓ ${one}`),
    `${verify.notProven}:`,
    ...notProven.map(one => `  – ${one}`),
  ]
  const value = { verified: true, ...facts, proven, notProven, blocks, entries: reader.entries }
  answer(flags.json, value, lines.map(line => `${printable(line)}\n`).join(''))
}
