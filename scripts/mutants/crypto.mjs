/** Mutants of threshold encryption, of the threshold functions behind coins, and of what key generation verifies. */
export default [
  {
    variant: 'TDH2',
    file: 'threshold/threshold-encryption.ts',
    tests: ['threshold-encryption.test.ts'],
    mutants: [
      {
        id: 'tdh2-sound',
        rule: 'A ciphertext is sound only with its proof',
        find: 'return isProven ? { masked: hidden, carrier, context } : undefined',
        replace:
          'return isProven || carrier !== undefined ? { masked: hidden, carrier, context } : undefined',
      },
      {
        id: 'tdh2-label',
        rule: 'The proof is bound to the label',
        find: "framed('mc/tdh2/v1', hidden, label)",
        replace: "framed('mc/tdh2/v1', hidden, label.subarray(0, 0))",
      },
      {
        id: 'tdh2-message',
        rule: 'The proof is bound to the masked message',
        find: "framed('mc/tdh2/v1', hidden, label)",
        replace: "framed('mc/tdh2/v1', hidden.subarray(0, 0), label)",
      },
      {
        id: 'tdh2-length',
        rule: 'What is too short for a ciphertext is none, and nothing throws',
        find: 'if (ciphertext.length < this.overheadBytes) return undefined\n',
        replace: '',
        explained:
          'The proof is the last of the overhead; of a shorter ciphertext `decodeDleqProof` is given fewer bytes than a proof has, and says undefined. The line saves decoding two elements.',
      },
    ],
  },
  {
    variant: 'TDH2, CKS',
    file: 'threshold/shared-exponent.ts',
    tests: ['threshold-prf.test.ts'],
    mutants: [
      {
        id: 'exponent-bad-shares',
        rule: 'No invalid share enters a value, and whoever gave it is named',
        find: "if (bad.length > 0) return { type: 'bad-shares', members: bad }\n",
        replace: '',
      },
      {
        id: 'exponent-count',
        rule: 'Exactly k shares of different members are combined',
        find: 'requireShares(this, shares)\n',
        replace: '',
      },
      {
        id: 'exponent-member',
        rule: 'A share is verified for a member of the key set alone',
        find: 'if (!isMember(member, this.members)) return false\n',
        replace: '',
      },
      {
        id: 'exponent-length',
        rule: 'A share has exactly its length',
        find: 'if (bytes.length !== this.shareBytes) return undefined\n',
        replace: '',
        explained:
          'A share is an element and a proof; whatever its length, what follows the element goes to `decodeDleqProof`, which says undefined unless it has exactly the length of a proof.',
      },
    ],
  },
  {
    variant: 'TDH2, CKS',
    file: 'threshold/dleq.ts',
    tests: ['dleq.test.ts'],
    mutants: [
      {
        id: 'dleq-context',
        rule: 'A proof is bound to its context',
        find: 'return [group.name, context, ...[base',
        replace: 'return [group.name, context.subarray(0, 0), ...[base',
      },
      {
        id: 'dleq-other-commitment',
        rule: 'The challenge covers both commitments',
        find: '    group.encode(commitment),\n    group.encode(otherCommitment),\n  ] as const',
        replace:
          '    group.encode(commitment),\n    group.encode(commitment ?? otherCommitment),\n  ] as const',
      },
      {
        id: 'dleq-weights',
        rule: 'Each equation of a batch has a weight of its own',
        find: 'framed(transcript, String(at))) & WEIGHT_MASK',
        replace: 'framed(transcript, String(at * 0))) & WEIGHT_MASK',
      },
      {
        id: 'dleq-second-equation',
        rule: 'Both logarithms are checked, not one',
        find: 'const [weight, otherWeight] = [weigh(2 * at), weigh(2 * at + 1)]',
        replace: 'const [weight, otherWeight] = [weigh(2 * at), 0n * weigh(2 * at + 1)]',
      },
    ],
  },
  {
    variant: 'CKS',
    file: 'threshold/threshold-prf.ts',
    tests: ['threshold-prf.test.ts'],
    mutants: [
      {
        id: 'prf-input',
        rule: 'Another input gives another value',
        find: 'base: this.#group.hashToGroup(BASE, input), context: input',
        replace: 'base: this.#group.hashToGroup(BASE, input.subarray(0, 0)), context: input',
      },
    ],
  },
  {
    variant: 'key sets',
    file: 'threshold/threshold-function.ts',
    tests: ['threshold-prf.test.ts'],
    mutants: [
      {
        id: 'shares-different',
        rule: 'Shares that are combined come from different members',
        find: "if (seen.size !== shares.length) throw new RangeError('threshold function: two shares of one member')\n",
        replace: '',
      },
      {
        id: 'shares-threshold',
        rule: 'Exactly `threshold` shares are combined, not more and not fewer',
        find: 'if (shares.length !== threshold) {',
        replace: 'if (shares.length < threshold - 1) {',
      },
    ],
  },
  {
    variant: 'Shamir',
    file: 'threshold/shamir.ts',
    tests: ['shamir.test.ts'],
    mutants: [
      {
        id: 'shamir-degree',
        rule: 'k − 1 shares say nothing: the polynomial has k coefficients',
        find: 'while (coefficients.length < threshold) coefficients',
        replace: 'while (coefficients.length < threshold - 1) coefficients',
      },
      {
        id: 'shamir-at-zero',
        rule: 'No member holds the polynomial at 0',
        find: 'return BigInt(member) + 1n',
        replace: 'return BigInt(member)',
      },
      {
        id: 'shamir-twice',
        rule: 'A member that is named twice is refused',
        find: "if (new Set(members).size !== members.length) throw new RangeError('shamir: a member is named twice')\n",
        replace: '',
      },
    ],
  },
  {
    variant: 'BLS',
    file: 'bls/threshold-bls.ts',
    tests: ['bls.test.ts'],
    mutants: [
      {
        id: 'bls-combined-verified',
        rule: 'Every combined signature verifies',
        find: 'if (signature !== undefined && this.verify(signature, message)) return',
        replace: 'if (signature !== undefined) return',
      },
      {
        id: 'bls-identity',
        rule: 'Shares that combine to the identity are named, and nothing throws',
        find: 'return blsG2.isIdentity(sigma) ? undefined : blsG2.encode(sigma)',
        replace: 'return blsG2.encode(sigma)',
      },
    ],
  },
  {
    variant: 'Baek-Zheng',
    file: 'bls/pairing-encryption.ts',
    tests: ['pairing-encryption.test.ts'],
    mutants: [
      {
        id: 'baek-zheng-sound',
        rule: 'A ciphertext is sound only with its witness',
        find: 'if (!this.#bls.verify(witnessBytes, statement, carrierBytes)) return undefined\n',
        replace: '',
      },
      {
        id: 'baek-zheng-label',
        rule: 'The witness is bound to the label',
        find: "framed('mc/baek-zheng/v1', carrier, hidden, label)",
        replace: "framed('mc/baek-zheng/v1', carrier, hidden, label.subarray(0, 0))",
      },
      {
        id: 'baek-zheng-shares',
        rule: 'No invalid share enters a message, and whoever gave it is named',
        find: 'if (shared !== undefined && this.#isPower(opened, shared, this.#publicKey)) {',
        replace: 'if (shared !== undefined) {',
      },
      {
        id: 'baek-zheng-identity',
        rule: 'Shares that combine to the identity are named, and nothing throws',
        find: 'return blsG1.isIdentity(power) ? undefined : power',
        replace: 'return power',
      },
    ],
  },
]
