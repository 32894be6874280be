/** A small network to make ledgers of: members with known keys, batches, and what members sign. */
import { seededRng } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import {
  type AgreedBatch,
  type Block,
  blockCid,
  type Certificate,
  type Configuration,
  committeeOf,
  encodeBlock,
  type Genesis,
  Ledger,
  opaqueOperations,
  proposalHeaderCodec,
  type RecordsState,
  records,
  type StateMachine,
  sealStatement,
  signedOperations,
  signOperation,
  signSeal,
} from '@mc/ledger'
import { utf8 } from '@mc/protocol/wire'

export const crypto = nodeCrypto
export const { sha256 } = nodeCrypto

/** The secret key of a member or author with this name; the same in every run. */
export const secretOf = (name: string): Uint8Array => seededRng(`key of ${name}`, sha256).bytes(32)
export const publicOf = (name: string): Uint8Array => crypto.ed25519.publicKey(secretOf(name))

const NAMES = ['ann', 'bob', 'cao', 'dan', 'eve', 'fay', 'gus', 'hal', 'ivy', 'jan']
export const START = 1_700_000_000_000

export const configurationOf = (names: readonly string[], depth = 1): Configuration => ({
  index: 0,
  firstEpoch: 0,
  suite: 'test',
  depth,
  members: names.map(name => ({ name, publicKey: publicOf(name), addresses: [] })),
})

export const genesisOf = (n: number, depth = 1): Genesis => ({
  name: 'village',
  time: START,
  configuration: configurationOf(NAMES.slice(0, n), depth),
})

export const opaqueRecords = (): StateMachine<RecordsState> =>
  records({ sha256, operations: opaqueOperations({ sha256, bytesMax: 1_024 }) })

export const signedRecords = (): StateMachine<RecordsState> =>
  records({ sha256, operations: signedOperations({ realm: 'village', crypto }) })

export const ledgerOf = (genesis: Genesis, machine = opaqueRecords()): Ledger<RecordsState> =>
  new Ledger({ genesis, crypto, machine })

/** A signed operation with a text as its body. */
export const signed = (author: string, body: string, created = START): Uint8Array =>
  signOperation({ realm: 'village', kind: 'note', created, body: utf8(body) }, secretOf(author), crypto)

/** The header of a proposal: a clock, and perhaps a seal. */
export const header = (time: number, seal?: { epoch: number; signature: Uint8Array }): Uint8Array =>
  proposalHeaderCodec.encode({ time, seal, beacon: { link: undefined, end: undefined } })

/** A batch with these operations, all in the payload of the first proposer. */
export function batchOf(
  epoch: number,
  operations: readonly Uint8Array[] = [],
  headers: readonly { readonly proposer: number; readonly header: Uint8Array }[] = [],
  machine: StateMachine<RecordsState> = opaqueRecords(),
): AgreedBatch {
  return {
    epoch,
    payloads: [0, 1, 2].map(proposer => ({ proposer, bytes: utf8(`payload ${epoch} of ${proposer}`) })),
    headers,
    operations: operations.map(bytes => ({ proposer: 0, id: machine.operationId(bytes), bytes })),
  }
}

/** A member's signature of a block. */
export function sealOf(block: Block, name: string): Uint8Array {
  const statement = sealStatement(block, blockCid(encodeBlock(block), sha256), sha256)
  return signSeal(statement, secretOf(name), crypto)
}

/** A certificate with the seals of these members, by index. */
export const certificateOf = (
  block: Block,
  configuration: Configuration,
  members: readonly number[],
): Certificate => ({
  epoch: block.epoch,
  seals: members.map(member => ({
    member,
    signature: sealOf(block, configuration.members[member]?.name ?? 'nobody'),
  })),
})

/** f of a configuration. */
export const faultsOf = (configuration: Configuration): number => committeeOf(configuration, 0).f

/** The bytes of the number, as an operation nobody else makes. */
export const numbered = (number: number): Uint8Array => utf8(`operation ${number}`)
