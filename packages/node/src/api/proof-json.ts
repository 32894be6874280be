/**
 * Blocks, certificates and proofs in JSON: what a light client fetches, and how it reads it. Bytes are hexadecimal.
 */
import type { BlockSeal, Certificate, RecordProof, Seal } from '@mc/ledger'
import { fromHex, hex } from '@mc/protocol/wire'
import type { NamedBlock } from '../reader.js'

/** A seal in JSON. */
export interface SealJson {
  readonly member: number
  readonly signature: string
}

/** A certificate in JSON. */
export interface CertificateJson {
  readonly epoch: number
  readonly seals: readonly SealJson[]
}

/** A proof that an operation is in a state, in JSON. */
export interface RecordProofJson {
  readonly index: number
  readonly size: number
  readonly author: string
  readonly logRoot: string
  /** Root of what the state holds besides the record, if it holds anything. */
  readonly beside?: string
  readonly path: string
}

/** Everything that shows that an operation is on the ledger, to who knows the genesis. */
export interface OperationProofJson {
  readonly id: string
  /** The canonical bytes of the block. */
  readonly block: string
  readonly cid: string
  readonly certificate: CertificateJson
  readonly proof: RecordProofJson
}

/** A block in JSON, for people. Its bytes are what counts. */
export interface BlockJson {
  readonly cid: string
  readonly network: string
  readonly epoch: number
  readonly previous: string | null
  readonly configuration: string
  readonly nextConfiguration: string
  readonly payloads: readonly { readonly proposer: number; readonly cid: string }[]
  readonly time: number
  readonly clock: number
  readonly memberTimes: readonly number[]
  readonly operations: number
  readonly stateRoot: string
  readonly seals: readonly (SealJson & { readonly epoch: number })[]
}

/** JSON that should have been a proof, and the field that is wrong. */
export class ProofJsonError extends Error {
  override readonly name = 'ProofJsonError'
  readonly field: string

  constructor(field: string, need: string) {
    super(`${field}: need ${need}`)
    this.field = field
  }
}

/** A block as people read it. */
export function blockToJson({ block, cid }: Pick<NamedBlock, 'block' | 'cid'>): BlockJson {
  const { network, configuration, nextConfiguration, stateRoot, previous, payloads, seals } = block
  return {
    cid,
    epoch: block.epoch,
    previous: previous === null ? null : String(previous),
    network: hex(network),
    configuration: hex(configuration),
    nextConfiguration: hex(nextConfiguration),
    payloads: payloads.map(payload => ({ proposer: payload.proposer, cid: String(payload.cid) })),
    time: block.time,
    clock: block.clock,
    memberTimes: [...block.memberTimes],
    operations: block.operations,
    stateRoot: hex(stateRoot),
    seals: seals.map(seal => ({ epoch: seal.epoch, ...sealToJson(seal) })),
  }
}

/** A certificate in JSON. */
export function certificateToJson({ epoch, seals }: Certificate): CertificateJson {
  return { epoch, seals: seals.map(sealToJson) }
}

/** A certificate that somebody sent. @throws ProofJsonError that names the field. */
export function certificateFromJson(value: unknown): Certificate {
  const fields = object(value, 'certificate')
  const seals = fields['seals']
  if (!Array.isArray(seals) || seals.length > SEALS_MAX)
    throw new ProofJsonError('certificate.seals', `a list of up to ${SEALS_MAX} seals`)
  return { epoch: natural(fields, 'epoch'), seals: seals.map(sealFromJson) }
}

/** A proof in JSON. */
export function proofToJson({ index, size, author, logRoot, beside, path }: RecordProof): RecordProofJson {
  return {
    index,
    size,
    author: hex(author),
    logRoot: hex(logRoot),
    ...(beside && { beside: hex(beside) }),
    path: hex(path),
  }
}

/** A proof that somebody sent. @throws ProofJsonError that names the field. */
export function proofFromJson(value: unknown): RecordProof {
  const fields = object(value, 'proof')
  return {
    index: natural(fields, 'index'),
    size: natural(fields, 'size'),
    author: bytes(fields, 'author', 32),
    logRoot: bytes(fields, 'logRoot', 32),
    ...(fields['beside'] !== undefined && { beside: bytes(fields, 'beside', 32) }),
    path: bytes(fields, 'path'),
  }
}

/** The bytes of a block that somebody sent in hexadecimal. @throws ProofJsonError */
export const blockBytesFromJson = (value: unknown): Uint8Array => bytes({ block: value }, 'block')

/** More members than this no configuration has. */
const SEALS_MAX = 255

const sealToJson = ({ member, signature }: Seal | BlockSeal): SealJson => ({
  member,
  signature: hex(signature),
})

function sealFromJson(value: unknown): Seal {
  const fields = object(value, 'seal')
  return { member: natural(fields, 'member'), signature: bytes(fields, 'signature', 64) }
}

type Fields = Readonly<Record<string, unknown>>

function object(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null) throw new ProofJsonError(field, 'an object')
  return value as Fields
}

function natural(fields: Fields, name: string): number {
  const value = fields[name]
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw new ProofJsonError(name, 'a whole number from 0')
  return value as number
}

function bytes(fields: Fields, name: string, length?: number): Uint8Array {
  const value = fields[name]
  const isHex = typeof value === 'string' && value.length % 2 === 0 && /^[0-9a-f]*$/.test(value)
  if (!isHex || (length !== undefined && value.length !== 2 * length))
    throw new ProofJsonError(name, `${length ?? 'some'} bytes in hexadecimal`)
  return fromHex(value)
}
