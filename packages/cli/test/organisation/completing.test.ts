import { readFile } from 'node:fs/promises'
import { toValue } from '@mc/contracts'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { fromHex, hex, utf8 } from '@mc/protocol/wire'
import { type Action, genesisDomainId, genesisParameters } from '@mc/topics'
import { describe, expect, test } from 'vitest'
import { completed, textCid } from '../../src/organisation/action-completing.js'
import { ACTION_EXAMPLES } from '../../src/organisation/action-examples.js'
import { actionAt } from '../../src/organisation/action-json.js'
import type { OrganisationClient } from '../../src/organisation/organisation-client.js'

const general = hex(genesisDomainId('general', crypto.sha256))
const school = '77'.repeat(32)
const parameters = genesisParameters('seed', 'general')
const names = [{ language: 'en', text: 'General' }]
const DOMAINS = [
  { id: general, names, parameters, isEntrenched: true },
  { id: school, names: [{ language: 'en', text: 'School' }], parameters: { ...parameters, activeSlots: 7 } },
]
const MEMBERS = ['ab', 'cd'].map(digits => ({ id: digits.repeat(32), keys: [] }))

/** A state with two domains, two members, one entry and one number. */
const organisation = {
  table: async (name: string) => (name === 'domains' ? DOMAINS : MEMBERS),
  entry: async (name: string, key: string) => {
    if (name === 'domains') return DOMAINS.find(({ id }) => id === key)
    if (name === 'registry' && key === hex(utf8('roof'))) return { cid: textCid('straw') }
    if (name === 'parameters' && key === hex(utf8('heartbeat'))) return { name: 'heartbeat', value: 9 }
    return undefined
  },
} as unknown as OrganisationClient

const meant = async (action: unknown): Promise<Action | undefined> => {
  const value = await completed(toValue(action), { organisation, directory: '/does/not/exist' })
  return actionAt(value, 'action', 'input/malformed-action')[0]
}

describe('what an action leaves out', () => {
  test('is what its author sees: the entry, the number, the rules, the names that stand there now', async () => {
    expect(await meant({ type: 'registry.set', key: 'roof', text: 'slate' })).toMatchObject({
      cid: fromHex(textCid('slate')),
      expect: fromHex(textCid('straw')),
    })
    expect(await meant({ type: 'registry.set', key: 'gate' })).toMatchObject({
      cid: undefined,
      expect: undefined,
    })
    expect(await meant({ type: 'parameter.set', name: 'heartbeat', value: 5 })).toMatchObject({ expect: 9 })
    expect(await meant({ type: 'parameter.set', name: 'new', value: 5 })).toMatchObject({ expect: 0 })
    expect(await meant({ type: 'domain.setSlots', domain: 'school', slots: 3 })).toMatchObject({ expect: 7 })
    expect(await meant({ type: 'domain.rename', domain: 'general', names: { en: 'Village' } })).toMatchObject(
      {
        names: [{ language: 'en', text: 'Village' }],
        expect: names,
      },
    )
  })

  test('of the rules of a domain stays as it is; a new domain has those of the one called general', async () => {
    const set = { type: 'domain.setParameters', domain: 'school', parameters: { minActivate: 3 } }
    expect(await meant(set)).toMatchObject({
      parameters: { ...parameters, activeSlots: 7, minActivate: 3 },
      expect: { ...parameters, activeSlots: 7 },
    })
    const create = { type: 'domain.create', names: { en: 'Garden' }, parameters: { minActivate: 3 } }
    expect(await meant(create)).toMatchObject({ parameters: { ...parameters, minActivate: 3 } })
  })

  test('is not overwritten where it is said', async () => {
    const said = { type: 'parameter.set', name: 'heartbeat', value: 5, expect: 1 }
    expect(await meant(said)).toMatchObject({ expect: 1 })
    const slots = { type: 'domain.setSlots', domain: school, slots: 3, expect: 4 }
    expect(await meant(slots)).toMatchObject({ expect: 4, domain: fromHex(school) })
  })
})

describe('the examples of actions', () => {
  test.each(Object.entries(ACTION_EXAMPLES))('%s is an action as it stands', async (type, fields) => {
    const people = { bob: 'ab', eve: 'cd' } as const
    const text = JSON.stringify({ type, ...fields }).replaceAll(/"(bob|eve)"/g, (_, name: 'bob' | 'eve') =>
      JSON.stringify(people[name].repeat(32)),
    )
    expect(await meant(JSON.parse(text))).toMatchObject({ type })
  })

  test('are all that the tables of contracts know', async () => {
    const source = new URL('../../../contracts/src/code/action-value.ts', import.meta.url)
    const known = [...(await readFile(source, 'utf8')).matchAll(/^ {2}'([a-zA-Z]+\.[a-zA-Z]+)': \{/gm)]
    expect(known.map(([, type]) => type).sort()).toEqual(Object.keys(ACTION_EXAMPLES).sort())
  })
})
