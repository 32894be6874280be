/** Texts by the address of their content. */
import type { Sha256 } from '@mc/crypto'
import { payloadCid } from '@mc/ledger'
import { utf8 } from '@mc/protocol/wire'
import type { Program } from '@mc/topics'

/** The binary CID of a text. */
export const cidOf = (text: string, sha256: Sha256): Uint8Array => payloadCid(utf8(text), sha256).bytes

/** A program that writes a text's CID into the register of by-laws. */
export const agreeOnCid = (key: string, text: string, sha256: Sha256): Program => ({
  type: 'actions',
  actions: [{ type: 'registry.set', key, cid: cidOf(text, sha256), expect: undefined }],
})
