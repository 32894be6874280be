import {
  type DleqClaim,
  type DleqStatement,
  decodeDleqProof,
  dleqProofBytes,
  type PrimeGroup,
  proveDleq,
  ristretto255,
  verifyDleq,
  verifyDleqs,
} from '@mc/crypto/threshold'
import { hex } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { fastGroup, rngOf, withFlippedBit } from './threshold-keys.js'

const context = Uint8Array.of(1, 2, 3)

function statementOf<Element>(
  group: PrimeGroup<Element>,
  secret: bigint,
  name = 'h',
): DleqStatement<Element> {
  const otherBase = group.hashToGroup(name, context)
  return {
    base: group.generator,
    image: group.multiply(group.generator, secret),
    otherBase,
    otherImage: group.multiply(otherBase, secret),
    context,
  }
}

function claimOf<Element>(group: PrimeGroup<Element>, secret: bigint, name = 'h'): DleqClaim<Element> {
  const statement = statementOf(group, secret, name)
  return { statement, proof: decodeDleqProof(group, proveDleq(group, statement, secret))! }
}

describe('Chaum and Pedersen, 1992', () => {
  test('a proof by the holder of the secret is accepted', () => {
    expect(verifyDleq(ristretto255, claimOf(ristretto255, 12_345n))).toBe(true)
    expect(verifyDleq(fastGroup, claimOf(fastGroup, 12_345n))).toBe(true)
  })

  test('a proof with different exponents on the two sides is refused', () => {
    const honest = statementOf(fastGroup, 9n)
    const lie = { ...honest, otherImage: fastGroup.multiply(honest.otherBase, 10n) }
    for (const secret of [9n, 10n]) {
      const proof = decodeDleqProof(fastGroup, proveDleq(fastGroup, lie, secret))!
      expect(verifyDleq(fastGroup, { statement: lie, proof })).toBe(false)
    }
  })

  test('the proof is bound to the context, to both bases and to both images', () => {
    const { statement, proof } = claimOf(fastGroup, 77n)
    const other = fastGroup.hashToGroup('other', context)
    const changes: Partial<typeof statement>[] = [
      { context: Uint8Array.of(1, 2) },
      { base: other },
      { otherBase: other },
      { image: other },
      { otherImage: other },
    ]
    for (const change of changes) {
      expect(verifyDleq(fastGroup, { statement: { ...statement, ...change }, proof })).toBe(false)
    }
    // A statement that is as true as the first, in both bases scaled alike, still needs a proof of its own.
    const doubled = {
      ...statement,
      otherBase: fastGroup.multiply(statement.otherBase, 2n),
      otherImage: fastGroup.multiply(statement.otherImage, 2n),
    }
    expect(verifyDleq(fastGroup, { statement: doubled, proof })).toBe(false)
  })

  test('the challenge is a hash of the whole statement and both commitments: none of them can be chosen after it', () => {
    const hashed: string[] = []
    const spied = {
      ...fastGroup,
      hashToScalar: (domain: string, message: Uint8Array) => {
        if (domain.includes('challenge')) hashed.push(hex(message))
        return fastGroup.hashToScalar(domain, message)
      },
    }
    const { statement, proof } = claimOf(fastGroup, 77n)
    expect(verifyDleq(spied, { statement, proof })).toBe(true)
    expect(hashed).toHaveLength(1)
    const { base, image, otherBase, otherImage } = statement
    const elements = [base, image, otherBase, otherImage, proof.commitment, proof.otherCommitment]
    for (const element of elements) expect(hashed[0]).toContain(hex(fastGroup.encode(element)))
    expect(hashed[0]).toContain(hex(context))
  })

  test('every bit of a proof counts', () => {
    const { statement } = claimOf(ristretto255, 5n)
    const bytes = proveDleq(ristretto255, statement, 5n)
    for (let bit = 0; bit < 8 * bytes.length; bit += 37) {
      const proof = decodeDleqProof(ristretto255, withFlippedBit(bytes, bit))
      expect(proof !== undefined && verifyDleq(ristretto255, { statement, proof })).toBe(false)
    }
  })

  test('the nonce follows from secret and statement: the same proof again, another nonce for another statement', () => {
    const bytes = proveDleq(ristretto255, statementOf(ristretto255, 5n), 5n)
    expect(proveDleq(ristretto255, statementOf(ristretto255, 5n), 5n)).toEqual(bytes)
    const other = proveDleq(ristretto255, { ...statementOf(ristretto255, 5n), context: Uint8Array.of(9) }, 5n)
    expect(other.subarray(0, 32)).not.toEqual(bytes.subarray(0, 32))
    // With one nonce for both, the two responses would give the secret away.
    expect(proveDleq(ristretto255, statementOf(ristretto255, 6n), 6n).subarray(0, 32)).not.toEqual(
      bytes.subarray(0, 32),
    )
  })

  test('only the one encoding of a proof decodes', () => {
    const bytes = proveDleq(fastGroup, statementOf(fastGroup, 5n), 5n)
    expect(bytes).toHaveLength(dleqProofBytes(fastGroup))
    expect(decodeDleqProof(fastGroup, bytes)).toBeDefined()
    expect(decodeDleqProof(fastGroup, bytes.subarray(1))).toBeUndefined()
    expect(decodeDleqProof(fastGroup, Uint8Array.from([...bytes, 0]))).toBeUndefined()
    const unreduced = Uint8Array.from(bytes).fill(0xff, 2 * fastGroup.elementBytes)
    expect(decodeDleqProof(fastGroup, unreduced)).toBeUndefined()
    for (let draw = 0; draw < 50; draw += 1) {
      decodeDleqProof(ristretto255, rngOf(`noise ${draw}`).bytes(96 - (draw % 3)))
    }
  })
})

describe('many at once', () => {
  const claims = [3n, 5n, 8n, 13n].map(secret => claimOf(fastGroup, secret))

  test('are accepted if each is', () => {
    expect(verifyDleqs(fastGroup, claims)).toBe(true)
    expect(verifyDleqs(fastGroup, [])).toBe(true)
    const several = [1n, 2n, 3n].map(secret => claimOf(ristretto255, secret, `base ${secret}`))
    expect(verifyDleqs(ristretto255, several)).toBe(true)
  })

  test('are refused if one is not, wherever it stands', () => {
    claims.forEach((_, at) => {
      const broken = claims.map((claim, place) =>
        place === at
          ? { ...claim, proof: { ...claim.proof, response: (claim.proof.response + 1n) % fastGroup.order } }
          : claim,
      )
      expect(verifyDleqs(fastGroup, broken)).toBe(false)
    })
  })

  test('are refused if two errors cancel out: each equation has a weight of its own', () => {
    const [first, second, ...rest] = claims
    const shifted = (claim: DleqClaim<bigint>, by: bigint): DleqClaim<bigint> => ({
      ...claim,
      proof: { ...claim.proof, response: (claim.proof.response + by + fastGroup.order) % fastGroup.order },
    })
    expect(verifyDleqs(fastGroup, [shifted(first!, 1n), shifted(second!, -1n), ...rest])).toBe(false)
    // The same within one claim: an error on one side that undoes that on the other.
    const { statement, proof } = first!
    const error = fastGroup.hashToGroup('error', context)
    const swapped = {
      statement,
      proof: {
        ...proof,
        commitment: fastGroup.add(proof.commitment, error),
        otherCommitment: fastGroup.add(
          proof.otherCommitment,
          fastGroup.multiply(error, fastGroup.order - 1n),
        ),
      },
    }
    expect(verifyDleq(fastGroup, swapped)).toBe(false)
  })
})
