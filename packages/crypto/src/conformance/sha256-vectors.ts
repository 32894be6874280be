/**
 * SHA-256 digests of well-known inputs.
 *
 * @see FIPS 180-4 and the NIST examples with intermediate values
 */
import { utf8 } from '@mc/protocol/wire'

/** An input and its digest in hexadecimal. */
export interface Sha256Vector {
  readonly name: string
  readonly input: Uint8Array
  readonly digest: string
}

/** The NIST examples: empty, one block, two blocks, four blocks, and a million times the letter a. */
export const SHA256_VECTORS: readonly Sha256Vector[] = [
  {
    name: 'nothing',
    input: utf8(''),
    digest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  },
  {
    name: 'abc',
    input: utf8('abc'),
    digest: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  },
  {
    name: '448 bits',
    input: utf8('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'),
    digest: '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  },
  {
    name: '896 bits',
    input: utf8(
      'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
    ),
    digest: 'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
  },
  {
    name: 'a million times a',
    input: new Uint8Array(1_000_000).fill(0x61),
    digest: 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
  },
]

/**
 * SHA-256 chained over inputs of all lengths around the borders of blocks and buffers; as `sha256Chain` computes it.
 */
export const SHA256_CHAIN = 'b25174d8710d152542a5f53efc0c8c0e93e1383fd65744c5fe11d9d9a1c8c59e'
