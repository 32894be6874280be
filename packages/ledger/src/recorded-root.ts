import { domainHash, type Sha256 } from '@mc/crypto'

/** The root over a record and what stands beside it: a proof against either one leads on from here. */
export const recordedRoot = (recordRoot: Uint8Array, innerRoot: Uint8Array, sha256: Sha256): Uint8Array =>
  domainHash(sha256, 'mc/recorded/v1', recordRoot, innerRoot)
