import { seededRng } from '@mc/crypto'
import { sealedBoxes, signerBoxKey, signerBoxSecretKey } from '@mc/crypto/dkg'
import { nodeCrypto } from '@mc/crypto/node'
import { ristretto255 } from '@mc/crypto/threshold'
import { fromHex, hex, utf8 } from '@mc/protocol/wire'
import { expect, test } from 'vitest'

const { sha256, ed25519 } = nodeCrypto
const boxes = sealedBoxes({ group: ristretto255, sha256 })
const rng = seededRng('signer boxes', sha256)

test('whoever signs opens what was sealed for its signature key', () => {
  for (let at = 0; at < 20; at += 1) {
    const secretKey = rng.bytes(32)
    const recipient = signerBoxKey(ed25519.publicKey(secretKey)) as Uint8Array
    expect(hex(boxes.publicKeyOf(signerBoxSecretKey(secretKey)))).toBe(hex(recipient))
    const context = utf8('context')
    const sealed = boxes.seal({ recipients: [recipient], messages: [utf8('a row')], context, rng })
    const box = { ephemeral: sealed.ephemeral, box: sealed.boxes[0] as Uint8Array, context }
    expect(boxes.open(box, signerBoxSecretKey(secretKey))).toEqual(utf8('a row'))
    expect(boxes.open(box, signerBoxSecretKey(rng.bytes(32)))).toBeUndefined()
  }
})

test('what is no point, or vanishes with the cofactor, is no key', () => {
  const small = [
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '0000000000000000000000000000000000000000000000000000000000000000',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  ].map(fromHex)
  for (const bytes of small) expect(signerBoxKey(bytes)).toBeUndefined()
  expect(signerBoxKey(new Uint8Array(32).fill(0xff))).toBeUndefined()
  expect(signerBoxKey(new Uint8Array(31))).toBeUndefined()
})

test('a secret key of another length is the caller’s mistake', () => {
  expect(() => signerBoxSecretKey(new Uint8Array(31))).toThrow(RangeError)
})
