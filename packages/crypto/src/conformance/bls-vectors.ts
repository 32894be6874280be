/** A published signature; all strings are hexadecimal. */
export interface BlsVector {
  readonly secretKey: string
  readonly publicKey: string
  readonly message: string
  readonly signature: string
}

/** A key and a signature that a provider must refuse. */
export interface BlsEdgeVector {
  readonly name: string
  readonly publicKey: string
  readonly signature: string
}

const KEY_A =
  'a491d1b0ecd9bb917989f0e74f0dea0422eac4a873e5e2644f368dffb9a6e20fd6e10c1b77654d067c0618f6e5a7f79a'
const SIGNATURE_A =
  '882730e5d03f6b42c3abc26d3372625034e1d871b65a8a6b900a56dae22da98abbe1b68f85e49fe7652a55ec3d0591c20767677e33e5cbb1207315c41a9ac03be39c2e7668edc043d6cb1d9fd93033caa8a1c5b0e84bedaeb6c64972503a43eb'

/** Three of the signatures of the Ethereum consensus tests (ethereum/bls12-381-tests, sign). */
export const BLS_VECTORS: readonly BlsVector[] = [
  {
    secretKey: '263dbd792f5b1be47ed85f8938c0f29586af0d3ac7b977f21c278fe1462040e3',
    publicKey: KEY_A,
    message: '56'.repeat(32),
    signature: SIGNATURE_A,
  },
  {
    secretKey: '47b8192d77bf871b62e87859d653922725724a5c031afeabc60bcef5ff665138',
    publicKey:
      'b301803f8b5ac4a1133581fc676dfedc60d891dd5fa99028805e5ea5b08d3491af75d0707adab3b70c6a6a580217bf81',
    message: '00'.repeat(32),
    signature:
      'b23c46be3a001c63ca711f87a005c200cc550b9429d5f4eb38d74322144f1b63926da3388979e5321012fb1a0526bcd100b5ef5fe72628ce4cd5e904aeaa3279527843fae5ca9ca675f4f51ed8f83bbf7155da9ecc9663100a885d5dc6df96d9',
  },
  {
    secretKey: '328388aff0d4a5b7dc9205abd374e7e98f3cd9f3418edb4eafda5fb16473d216',
    publicKey:
      'b53d21a4cfd562c469cc81514d4ce5a6b577d8403d32a394dc265dd190b47fa9f829fdd7963afdf972e5e77854051f6f',
    message: 'ab'.repeat(32),
    signature:
      'ae82747ddeefe4fd64cf9cedb9b04ae3e8a43420cd255e3c7cd06a8d88b7c7f8638543719981c5d16fa3527c468c25f0026704a6951bde891360c7e8d12ddee0559004ccdbe6046b55bae1b257ee97f7cdb955773d7cf29adf3ccbb9975e4eb9',
  },
]

const IDENTITY_KEY = `c0${'00'.repeat(47)}`
const IDENTITY_SIGNATURE = `c0${'00'.repeat(95)}`

/**
 * What must be refused for the message of the first vector. A key with a torsion component satisfies the pairing equation, and
 * the two identities do together: only the checks of subgroup and identity stop them. What a pairing makes of signatures outside
 * the subgroup depends on how it is computed, so there the checks make all providers alike.
 */
export const BLS_EDGE_VECTORS: readonly BlsEdgeVector[] = [
  { name: 'identities as key and signature', publicKey: IDENTITY_KEY, signature: IDENTITY_SIGNATURE },
  { name: 'the identity as signature', publicKey: KEY_A, signature: IDENTITY_SIGNATURE },
  { name: 'the identity as key', publicKey: IDENTITY_KEY, signature: SIGNATURE_A },
  {
    name: 'a key with a torsion component',
    publicKey:
      'b0133a70b529a1f75fa7f50f925326ab80509cdc65764f803eebe6ccf626e13b5767c0994038e765af1dfcc93d5c8d4f',
    signature: SIGNATURE_A,
  },
  {
    name: 'a signature with a torsion component',
    publicKey: KEY_A,
    signature:
      '83896a347d28fe318ca4b0c2021f0fd4a8096b9073324cfb656f02d89523a7876752f96c38c19c9a6bf24050901bb323140297d109528c0931556214803e5c20100bfe1bd50e777335832f17b2cceb9feb2c96540fbee1e2d6670e2ff58fe44b',
  },
  {
    name: 'a key on the curve, outside the subgroup',
    publicKey: `80${'00'.repeat(46)}04`,
    signature: SIGNATURE_A,
  },
  {
    name: 'a signature on the curve, outside the subgroup',
    publicKey: KEY_A,
    signature: `a0${'00'.repeat(94)}02`,
  },
  { name: 'the identity with another flag', publicKey: KEY_A, signature: `e0${'00'.repeat(95)}` },
  { name: 'a coordinate that is not reduced', publicKey: `9f${'ff'.repeat(47)}`, signature: SIGNATURE_A },
  { name: 'the negated signature', publicKey: KEY_A, signature: `a${SIGNATURE_A.slice(1)}` },
]
