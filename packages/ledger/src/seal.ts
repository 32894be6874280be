/**
 * Seals: the proof of a block, made of members' signatures, off the path of agreement.
 *
 * f + 1 valid seals convince anybody who knows the configuration, since one of them is a correct member's; n − f are kept.
 */
import { domainHash, equalBytes, type Sha256 } from '@mc/crypto'
import { type Committee, faultsTolerated, fPlus1, nMinusF } from '@mc/protocol'
import { Writer } from '@mc/protocol/wire'
import type { CID } from 'multiformats/cid'
import { type Block, encodeBlock } from './block.js'
import { type Configuration, configurationDigest, type LedgerCrypto } from './configuration.js'
import { blockCid } from './content.js'

/** One member's signature of a block. */
export interface Seal {
  readonly member: number
  readonly signature: Uint8Array
}

/** Signatures of several members under one block. */
export interface Certificate {
  readonly epoch: number
  readonly seals: readonly Seal[]
}

/** What a seal signs: network, epoch, block, state root and the next configuration. */
export function sealStatement(block: Block, cid: CID, sha256: Sha256): Uint8Array {
  const epoch = new Writer(8)
  epoch.varint(block.epoch)
  return domainHash(
    sha256,
    'mc/seal/v1',
    block.network,
    epoch.finish(),
    cid.bytes,
    block.stateRoot,
    block.nextConfiguration,
  )
}

/** Our seal of a block. */
export const signSeal = (statement: Uint8Array, secretKey: Uint8Array, crypto: LedgerCrypto): Uint8Array =>
  crypto.ed25519.sign(statement, secretKey)

/** Whether `member` of the configuration signed the statement. Total: any member number and bytes give true or false. */
export function verifySeal(
  { member, signature }: Seal,
  statement: Uint8Array,
  configuration: Configuration,
  crypto: LedgerCrypto,
): boolean {
  const publicKey = configuration.members[member]?.publicKey
  return publicKey !== undefined && crypto.ed25519.verify(signature, statement, publicKey)
}

/** How many seals convince: f + 1, one of them from a correct member. */
export const sealsToConvince: (size: Pick<Committee, 'f'>) => number = fPlus1

/** How many seals are kept: n − f, as many as one can wait for. */
export const sealsToKeep: (size: Pick<Committee, 'n' | 'f'>) => number = nMinusF

/** Whether a certificate holds f + 1 valid seals of distinct members of the block's configuration under this block. Total. */
export function verifyCertificate(
  block: Block,
  certificate: Certificate,
  configuration: Configuration,
  crypto: LedgerCrypto,
): boolean {
  if (certificate.epoch !== block.epoch) return false
  if (!equalBytes(configurationDigest(configuration, crypto.sha256), block.configuration)) return false
  const statement = sealStatement(block, blockCid(encodeBlock(block), crypto.sha256), crypto.sha256)
  const needed = sealsToConvince(sizeOf(configuration))
  const valid = new Set<number>()
  for (const seal of certificate.seals.slice(0, configuration.members.length)) {
    if (!valid.has(seal.member) && verifySeal(seal, statement, configuration, crypto)) valid.add(seal.member)
    if (valid.size >= needed) return true
  }
  return false
}

/** n and f of a configuration. */
export function sizeOf({ members }: Configuration): Pick<Committee, 'n' | 'f'> {
  return { n: members.length, f: faultsTolerated(members.length) }
}
