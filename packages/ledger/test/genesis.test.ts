import {
  configurationDigest,
  configurationFromJson,
  configurationToJson,
  type Genesis,
  GenesisError,
  genesisCodec,
  genesisFromJson,
  genesisToJson,
  Ledger,
  memberIndex,
  networkId,
  parseGenesis,
  requireGenesis,
} from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { crypto, genesisOf, opaqueRecords, publicOf, sha256 } from './network-of.js'
import { vectors } from './vectors.js'

const genesis = genesisOf(4)
const json = genesisToJson(genesis)
const withConfiguration = (change: object): unknown => ({
  ...json,
  configuration: { ...json.configuration, ...change },
})
const withMember = (change: object): unknown =>
  withConfiguration({
    members: json.configuration.members.map((one, at) => (at === 2 ? { ...one, ...change } : one)),
  })
const moved = (one: Genesis): Genesis => ({
  ...one,
  configuration: {
    ...one.configuration,
    members: one.configuration.members.map(member => ({ ...member, addresses: ['/ip4/10.0.0.1/tcp/1'] })),
  },
})

describe('the identity of a network', () => {
  test('the golden vector', () => {
    expect(hex(networkId(genesis, sha256))).toBe(vectors.genesis.network)
    expect(hex(configurationDigest(genesis.configuration, sha256))).toBe(vectors.genesis.configuration)
  })

  test('a member that moves stays the same member: addresses are left out', () => {
    expect(networkId(moved(genesis), sha256)).toEqual(networkId(genesis, sha256))
    expect(configurationDigest(moved(genesis).configuration, sha256)).toEqual(
      configurationDigest(genesis.configuration, sha256),
    )
  })

  test('anything else makes another network', () => {
    const ids = [
      genesis,
      { ...genesis, name: 'city' },
      { ...genesis, time: 1 },
      genesisOf(5),
      genesisOf(4, 2),
    ].map(one => hex(networkId(one, sha256)))
    expect(new Set(ids).size).toBe(5)
  })

  test('a member is found by its whole key', () => {
    const { configuration } = genesis
    expect(memberIndex(configuration, publicOf('cao'))).toBe(2)
    expect(memberIndex(configuration, publicOf('zoe'))).toBe(-1)
    expect(memberIndex(configuration, Uint8Array.of(...publicOf('cao'), 0))).toBe(-1)
    expect(memberIndex(configuration, publicOf('cao').subarray(0, 31))).toBe(-1)
  })
})

describe('a key set', () => {
  const keyed = { ...genesis, configuration: { ...genesis.configuration, keySet: sha256() } }

  test('makes another configuration, and is the same in JSON and in bytes', () => {
    expect(configurationDigest(keyed.configuration, sha256)).not.toEqual(
      configurationDigest(genesis.configuration, sha256),
    )
    expect(genesisFromJson(genesisToJson(keyed))).toEqual(keyed)
    expect(parseGenesis(genesisCodec.encode(keyed))).toEqual(keyed)
    expect(configurationFromJson(configurationToJson(keyed.configuration))).toEqual(keyed.configuration)
    expect('keySet' in configurationToJson(genesis.configuration)).toBe(false)
  })

  test('of another length is no key set', () => {
    const short = { ...genesis, configuration: { ...genesis.configuration, keySet: new Uint8Array(31) } }
    expect(() => requireGenesis(short)).toThrow('configuration.keySet: need 32 bytes, got 31')
  })
})

describe('rules', () => {
  const ruled = { ...genesis, rules: { machine: 'topics', parameters: Uint8Array.of(1, 2, 3) } }

  test('make another network, and are the same in JSON and in bytes', () => {
    expect(networkId(ruled, sha256)).not.toEqual(networkId(genesis, sha256))
    expect(genesisFromJson(genesisToJson(ruled))).toEqual(ruled)
    expect(parseGenesis(genesisCodec.encode(ruled))).toEqual(ruled)
    expect('rules' in genesisToJson(genesis)).toBe(false)
  })

  test.each([
    ['rules', 7, 'need an object'],
    ['rules.machine', { machine: '', parameters: '' }, 'need a text of 1 to 64 bytes'],
    ['rules.parameters', { machine: 'topics', parameters: 'abc' }, 'hexadecimal digits'],
    ['rules.parameters', { machine: 'topics' }, 'got nothing'],
  ])('a wrong %s is named (%#)', (field, rules, message) => {
    const error = complaintOf(() => genesisFromJson({ ...json, rules }))
    expect(error).toMatchObject({ field, message: expect.stringContaining(message) })
  })
})

describe('genesis.json', () => {
  test('JSON, text and bytes are the same genesis', () => {
    expect(genesisFromJson(json)).toEqual(genesis)
    expect(parseGenesis(JSON.stringify(json, undefined, 2))).toEqual(genesis)
    expect(parseGenesis(genesisCodec.encode(genesis))).toEqual(genesis)
  })

  test.each([
    ['name', { ...json, name: '' }, 'need a text of 1 to 64 bytes'],
    ['name', { ...json, name: '村'.repeat(22) }, 'need a text of 1 to 64 bytes'],
    ['time', { ...json, time: '2024-01-01' }, 'need milliseconds since 1970 as a whole number, got the text'],
    ['configuration', { ...json, configuration: [] }, 'need an object, got a list of 0'],
    ['configuration.index', withConfiguration({ index: -1 }), 'need a whole number'],
    ['configuration.firstEpoch', withConfiguration({ firstEpoch: 0.5 }), 'got 0.5'],
    ['configuration.suite', withConfiguration({ suite: undefined }), 'got nothing'],
    ['configuration.depth', withConfiguration({ depth: 0 }), 'need a whole number 1 to 64, got 0'],
    ['configuration.depth', withConfiguration({ depth: 65 }), 'got 65'],
    ['configuration.members', withConfiguration({ members: [] }), 'need a list of 1 to 255 items'],
    [
      'configuration.members[2]',
      withConfiguration({ members: [...json.configuration.members.slice(0, 2), 7] }),
      'need an object, got 7',
    ],
    ['configuration.members[2].publicKey', withMember({ publicKey: 'ab' }), 'need 64 hexadecimal digits'],
    [
      'configuration.members[2].publicKey',
      withMember({ publicKey: hex(publicOf('ann')) }),
      "need distinct keys, this one is members[0]'s",
    ],
    ['configuration.keySet', withConfiguration({ keySet: 'ab' }), 'need 64 hexadecimal digits'],
    ['configuration.members[2].name', withMember({ name: 7 }), 'need a text of 1 to 64 bytes, got 7'],
    [
      'configuration.members[2].addresses',
      withMember({ addresses: undefined }),
      'need a list of 0 to 8 items, got nothing',
    ],
    [
      'configuration.members[2].addresses',
      withMember({ addresses: new Array(9).fill('x') }),
      'got a list of 9',
    ],
    ['configuration.members[2].addresses[1]', withMember({ addresses: ['x', 7] }), 'need a text, got number'],
    [
      'configuration.members[2].addresses[0]',
      withMember({ addresses: ['x'.repeat(257)] }),
      'need a text of 1 to 256 bytes',
    ],
    ['genesis', [], 'need an object with name, time, configuration, got a list of 0'],
    ['genesis', null, 'got null'],
  ])('a wrong %s is named (%#)', (field, value, message) => {
    const error = complaintOf(() => genesisFromJson(value))
    expect(error).toMatchObject({ field, message: expect.stringContaining(message) })
  })

  test('a file that is neither JSON nor a genesis says so', () => {
    expect(complaintOf(() => parseGenesis('{')).message).toMatch(/^genesis: not JSON/)
    expect(complaintOf(() => parseGenesis(Uint8Array.of(1))).message).toMatch(
      /^genesis: not a genesis in bytes/,
    )
  })
})

describe('a genesis that no network can begin with', () => {
  const { configuration } = genesis
  const twice = [configuration.members[0]!, configuration.members[0]!]
  test.each<[string, Genesis]>([
    ['no members', { ...genesis, configuration: { ...configuration, members: [] } }],
    ['the same key twice', { ...genesis, configuration: { ...configuration, members: twice } }],
    ['depth 0', { ...genesis, configuration: { ...configuration, depth: 0 } }],
    ['no name', { ...genesis, name: '' }],
    ['half a character', { ...genesis, name: '\ud800' }],
    [
      'a short key',
      {
        ...genesis,
        configuration: { ...configuration, members: [{ ...twice[0]!, publicKey: new Uint8Array(31) }] },
      },
    ],
    [
      'too many addresses',
      {
        ...genesis,
        configuration: {
          ...configuration,
          members: [{ ...twice[0]!, addresses: new Array<string>(9).fill('x') }],
        },
      },
    ],
  ])('%s is refused by the ledger as well', (_, broken) => {
    expect(() => requireGenesis(broken)).toThrow(GenesisError)
    expect(() => new Ledger({ genesis: broken, crypto, machine: opaqueRecords() })).toThrow(GenesisError)
  })

  test('in bytes too', () => {
    const bytes = genesisCodec.encode({ ...genesis, configuration: { ...configuration, members: [] } })
    expect(complaintOf(() => parseGenesis(bytes)).field).toBe('configuration.members')
  })
})

function complaintOf(run: () => unknown): GenesisError {
  try {
    run()
  } catch (error) {
    if (error instanceof GenesisError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
