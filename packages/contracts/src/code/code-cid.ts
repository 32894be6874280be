/** The name of contract code: the binary CIDv1 of its bytes, raw, SHA-256. */
import { DIGEST_BYTES, equalBytes, type Sha256 } from '@mc/crypto'

/** Version 1, raw bytes, SHA-256, its length. */
const PREFIX = [0x01, 0x55, 0x12, DIGEST_BYTES]

/** The CID of contract code. */
export const codeCid = (code: Uint8Array, sha256: Sha256): Uint8Array =>
  Uint8Array.of(...PREFIX, ...sha256(code))

/** Whether bytes have the form of such a CID. */
export const isCodeCid = (cid: Uint8Array): boolean =>
  cid.length === PREFIX.length + DIGEST_BYTES && PREFIX.every((byte, at) => cid[at] === byte)

/** Whether this is the code that the CID names. */
export const isCodeOf = (cid: Uint8Array, code: Uint8Array, sha256: Sha256): boolean =>
  equalBytes(codeCid(code, sha256), cid)
