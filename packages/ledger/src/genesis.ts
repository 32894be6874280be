/**
 * The beginning of a network: its name, its first configuration, its first moment.
 */
import { domainHash, type Sha256 } from '@mc/crypto'
import { type Codec, type Decoded, struct, text, uint } from '@mc/protocol/wire'
import { configurationCodec } from './configuration.js'

/**
 * What all members agree on before the first epoch.
 *
 * `name` is the realm that operations are signed for: choose one that no other network of the same people uses.
 * `time` is the agreed time before the first block, in ms since 1970.
 */
export type Genesis = Decoded<typeof genesisCodec>

/** The canonical bytes of a genesis. */
export const genesisCodec: Codec<{
  readonly name: string
  readonly time: number
  readonly configuration: Decoded<typeof configurationCodec>
}> = struct({ name: text({ bytesMax: 64 }), time: uint(), configuration: configurationCodec })

/** The identity of a network: the digest of its genesis, addresses left out. */
export function networkId(genesis: Genesis, sha256: Sha256): Uint8Array {
  const members = genesis.configuration.members.map(member => ({ ...member, addresses: [] }))
  const configuration = { ...genesis.configuration, members }
  return domainHash(sha256, 'mc/genesis/v1', genesisCodec.encode({ ...genesis, configuration }))
}
