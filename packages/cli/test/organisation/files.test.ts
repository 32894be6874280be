import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hex } from '@mc/protocol/wire'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCard, writeCard } from '../../src/organisation/card.js'
import { newOrganisationId, newPerson } from '../../src/organisation/founding.js'
import { Keyring } from '../../src/organisation/keyring.js'
import {
  readKeystore,
  replaceKeystore,
  TRIAL_COST,
  writeNewKeystore,
} from '../../src/organisation/keystore-file.js'
import type { RowJson } from '../../src/organisation/organisation-client.js'
import { Outbox } from '../../src/organisation/outbox.js'
import { passwordFrom } from '../../src/organisation/password.js'
import { merged, QUICK_RULES, readRules } from '../../src/organisation/rules-file.js'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mc-files-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const at = (name: string): string => join(folder, name)
const org = newOrganisationId()

describe('the outbox', () => {
  const kept = (digit: string, what: string) => ({
    id: digit.repeat(64),
    what,
    operation: 'abcd',
    keptAt: 1,
    reason: { rule: 'api/unreachable', message: 'no node answers' },
  })

  test('keeps what did not get through, each once, oldest first, and forgets what it is told to', async () => {
    const outbox = new Outbox(at('ann.outbox.jsonl'))
    expect(await outbox.list()).toEqual([])
    await outbox.keep(kept('1', 'vote'))
    await outbox.keep({ ...kept('2', 'join'), topic: '9'.repeat(64) })
    await outbox.keep({ ...kept('1', 'vote'), reason: { rule: 'topics/gap', message: 'later' } })
    expect((await outbox.list()).map(({ id, reason }) => [id[0], reason.rule])).toEqual([
      ['2', 'api/unreachable'],
      ['1', 'topics/gap'],
    ])
    expect((await stat(outbox.path)).mode & 0o777).toBe(0o600)
    expect(await outbox.drop('2'.repeat(64))).toBe(true)
    expect(await outbox.drop('2'.repeat(64))).toBe(false)
    expect(await outbox.list()).toHaveLength(1)
  })

  test('a line that cannot be read stays in the file and loses nothing', async () => {
    const outbox = new Outbox(at('bob.outbox.jsonl'))
    await outbox.keep(kept('1', 'vote'))
    await appendFile(outbox.path, '{"id":"half\n[]\nnull\n')
    await outbox.keep(kept('2', 'join'))
    await outbox.drop('1'.repeat(64))
    expect((await outbox.list()).map(({ what }) => what)).toEqual(['join'])
    expect(await readFile(outbox.path, 'utf8')).toContain('{"id":"half')
  })
})

describe('keystores', () => {
  test('open with their password alone, keep old keys, and are never overwritten', async () => {
    const path = at('ann.keys')
    const [first, second] = [newPerson(org), newPerson(org)]
    const secrets = { org, keys: [{ secretKey: first.secretKey, fromEpoch: 0 }], openings: [] }
    await writeNewKeystore(path, secrets, { password: 'right', cost: TRIAL_COST })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    await expect(readKeystore(path, 'wrong')).rejects.toMatchObject({ rule: 'key/locked' })
    await expect(readKeystore(at('nobody.keys'), 'right')).rejects.toMatchObject({ rule: 'key/unreadable' })
    await expect(
      writeNewKeystore(path, secrets, { password: 'right', cost: TRIAL_COST }),
    ).rejects.toMatchObject({ rule: 'key/unwritable' })
    const both = { ...secrets, keys: [...secrets.keys, { secretKey: second.secretKey, fromEpoch: 5 }] }
    await replaceKeystore(path, both, { password: 'right', cost: TRIAL_COST })
    expect((await readKeystore(path, 'right')).secrets.keys).toHaveLength(2)
  })

  test('the password comes from a file or the environment; without either and without a terminal it is asked for in words', async () => {
    await writeFile(at('password'), 'first line\nsecond\n')
    await writeFile(at('empty'), '\n')
    expect(await passwordFrom({ passwordFile: at('password') }, { question: '' })).toBe('first line')
    await expect(passwordFrom({ passwordFile: at('empty') }, { question: '' })).rejects.toMatchObject({
      rule: 'usage/password',
    })
  })
})

describe('which key counts', () => {
  const [first, second] = [newPerson(org), newPerson(org)]
  const keys = [first, second].map(({ secretKey }) => ({ secretKey, fromEpoch: 0 }))
  const keyring = new Keyring({ org, keys }, 'village')
  const member: RowJson<'members'> = {
    id: keyring.member,
    state: 'active',
    joinedEpoch: 0,
    frozenBy: [],
    guardians: [],
    inSince: 0,
    keys: [
      { key: hex(first.founder.key), from: 2 },
      { key: hex(second.founder.key), from: 6 },
    ],
  }

  test('the newest signs; in a topic the one that was active when it was created, else the first one after', () => {
    expect(hex(keyring.signing(member).key)).toBe(hex(second.founder.key))
    const counting = [0, 2, 5, 6, 9].map(epoch => hex(keyring.counting(member, epoch).key))
    const [old, young] = [hex(first.founder.key), hex(second.founder.key)]
    expect(counting).toEqual([old, old, old, young, young])
  })

  test('a key that is not in the keystore is named', () => {
    const only = new Keyring({ org, keys: keys.slice(0, 1) }, 'village')
    expect(() => only.signing(member)).toThrow(hex(second.founder.key))
    expect(only.holds(member)).toBe(true)
  })
})

describe('cards', () => {
  test('show that somebody has the key, for one organisation', async () => {
    const { key, possession } = newPerson(org).founder
    await writeCard(at('eve.card.json'), { name: 'eve', org, key, possession })
    expect(await readCard(at('eve.card.json'))).toMatchObject({ name: 'eve', key })
    await writeCard(at('forged.card.json'), { name: 'eve', org: newOrganisationId(), key, possession })
    await expect(readCard(at('forged.card.json'))).rejects.toMatchObject({ field: 'possession' })
    await writeFile(at('broken.card.json'), '{"card":"mc/person/v1","name":"x","org":"12"}')
    await expect(readCard(at('broken.card.json'))).rejects.toMatchObject({ field: 'org' })
  })
})

describe('rules of a founding', () => {
  const read = async (value: unknown) => {
    await writeFile(at('rules.json'), JSON.stringify(value))
    return readRules(at('rules.json'), 'seed')
  }

  test('what a file says counts over the windows for trying out', async () => {
    const given = await read({ rules: { general: { minActivate: 3 } }, parameters: { epochLength: 60 } })
    const both = merged(QUICK_RULES, given)
    expect(both.rules?.general).toMatchObject({ minActivate: 3, publicityBase: 1 })
    expect(both.parameters).toEqual({ heartbeat: 1, epochLength: 60 })
  })

  test.each([
    [{ rule: {} }, 'rule'],
    [{ rules: { general: { activeSlot: 2 } } }, 'rules.general.activeSlot'],
    [{ rules: { general: { meet: { min: 1 } } } }, 'rules.general.meet'],
    [{ rules: { general: { statusQuo: 1 } } }, 'rules.general.statusQuo'],
    [{ rules: { general: { activeSlots: 0 } } }, 'rules.general'],
    [{ rules: { village: {} } }, 'rules.village'],
    [{ parameters: { heartbeat: -1 } }, 'parameters.heartbeat'],
    [{ parameters: { pulse: 1 } }, 'parameters.pulse'],
  ])('what is wrong is named: %j', async (value, field) => {
    await expect(read(value)).rejects.toMatchObject({ rule: 'input/malformed-rules', field })
  })
})
