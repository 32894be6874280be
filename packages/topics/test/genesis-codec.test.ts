import { DecodeError } from '@mc/protocol/wire'
import {
  genesisParameters,
  type OrganisationGenesis,
  organisationGenesisCodec,
  SEED_PARAMETERS,
} from '@mc/topics'
import { describe, expect, test } from 'vitest'

const bytes = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte)

const genesis: OrganisationGenesis = {
  org: bytes(1),
  profile: 'guarded',
  founders: [
    { key: bytes(2), possession: bytes(3, 64) },
    {
      key: bytes(4),
      possession: bytes(5, 64),
      seat: { publicKey: bytes(6), name: 'n', addresses: ['/ip4/1'] },
    },
  ],
  rules: { general: { quorum: 250 } },
  parameters: { heartbeat: 2, epochLength: 30 },
}

describe('the bytes of what an organisation begins with', () => {
  const encoded = organisationGenesisCodec.encode(genesis)
  const decoded = organisationGenesisCodec.decode(encoded)

  test('hold founders, numbers, and rules written out in full', () => {
    expect(decoded).toMatchObject({ org: genesis.org, profile: 'guarded', founders: genesis.founders })
    expect(decoded.parameters).toEqual(genesis.parameters)
    expect(decoded.rules).toEqual({ general: { ...genesisParameters('guarded', 'general'), quorum: 250 } })
  })

  test('are canonical: decoding and encoding gives the same bytes', () => {
    expect(organisationGenesisCodec.encode(decoded)).toEqual(encoded)
  })

  test('rules that are written out do not change when a profile does', () => {
    const { rules } = organisationGenesisCodec.decode(
      organisationGenesisCodec.encode({ ...genesis, rules: { membership: SEED_PARAMETERS } }),
    )
    expect(rules?.membership).toEqual(SEED_PARAMETERS)
  })

  test('a number that no organisation has is refused by name', () => {
    const unknown = { ...genesis, parameters: { weather: 1 } } as unknown as OrganisationGenesis
    expect(organisationGenesisCodec.decode(organisationGenesisCodec.encode(unknown)).parameters).toEqual({})
    const text = Buffer.from(encoded).toString('latin1').replace('heartbeat', 'hesrtbeat')
    expect(() => organisationGenesisCodec.decode(Uint8Array.from(Buffer.from(text, 'latin1')))).toThrow(
      DecodeError,
    )
  })
})
