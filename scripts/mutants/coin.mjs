/** Mutants of the coins. */
export default [
  {
    variant: 'local',
    file: 'flip-once.ts',
    tests: ['coin.test.ts'],
    mutants: [
      {
        id: 'local-once',
        rule: 'A coin is flipped once for each instance and round',
        find: "if (flipped) throw new RangeError('coin: flipped already; every instance and round has its own coin')\n",
        replace: '',
      },
    ],
  },
  {
    variant: 'local',
    file: 'local-coin.ts',
    tests: ['coin.test.ts'],
    mutants: [
      {
        id: 'local-domain',
        rule: 'Every instance and round draws a bit of its own',
        find: "rng.bit(domain.join('/'))",
        replace: 'rng.bit(String(domain.length))',
      },
    ],
  },
  {
    variant: 'hybrid',
    file: 'hybrid-coin.ts',
    tests: ['threshold-coin.test.ts'],
    mutants: [
      {
        id: 'hybrid-round',
        rule: 'Rounds before `commonFrom` flip locally, later ones in common',
        find: 'if (roundOf(params.domain) >= commonFrom) return',
        replace: 'if (roundOf(params.domain) > commonFrom) return',
      },
      {
        id: 'hybrid-common',
        rule: 'A hybrid coin says that it is common later only',
        find: "common: 'later',",
        replace: 'common: true,',
      },
      {
        id: 'hybrid-local-part',
        rule: 'The coin of early rounds must be local',
        find: "if (local.common !== false) throw new RangeError('coin/hybrid: the coin of early rounds must be local')\n",
        replace: '',
      },
    ],
  },
  {
    variant: 'CKS, BLS, election',
    file: 'threshold/threshold-flip.ts',
    tests: ['threshold-coin.test.ts'],
    mutants: [
      {
        id: 'threshold-flip-once',
        rule: 'A flip is asked for once',
        find: 'if (this.#flipped) {\n',
        replace: 'if (this.#flipped && this.#done) {\n',
      },
      {
        id: 'threshold-before-flip',
        rule: 'Before the flip nothing is computed, and nothing comes out',
        find: 'while (this.#flipped && !this.#done) {',
        replace: 'while (!this.#done) {',
      },
      {
        id: 'threshold-after-output',
        rule: 'After the output nothing that arrives is looked at',
        find: 'if (this.#done) return\n    if (this.#shares',
        replace: 'if (this.#shares',
      },
      {
        id: 'threshold-conflict',
        rule: 'Another share than before is a fault',
        find: "=== 'conflict') {",
        replace: "=== ('none' as unknown)) {",
      },
      {
        id: 'threshold-bad-share',
        rule: 'Whose share is not valid is named',
        find: "this.#effects.fault({ rule: 'coin/bad-share', peer: member, detail: 'a share that its key did not make' })",
        replace: '',
      },
      {
        id: 'threshold-verified-once',
        rule: 'What was found valid beside a bad share is not verified again',
        find: 'for (const share of shares) this.#shares.verified(share)\n',
        replace: '',
      },
    ],
  },
  {
    variant: 'CKS, BLS, election',
    file: 'threshold/share-record.ts',
    tests: ['threshold-coin.test.ts'],
    mutants: [
      {
        id: 'share-first',
        rule: 'The first share of a peer is kept, a later one is not',
        find: "if (earlier !== undefined) return isSame(earlier.share, share) ? 'duplicate' : 'conflict'\n",
        replace: '',
      },
      {
        id: 'share-refused',
        rule: 'Who has sent a bad share is not heard again',
        find: "if (this.#refused[from]) return 'duplicate'\n",
        replace: '',
      },
      {
        id: 'share-copy',
        rule: 'A kept share is a copy',
        find: 'share: Uint8Array.from(share)',
        replace: 'share',
      },
    ],
  },
  {
    variant: 'CKS, BLS, election',
    file: 'threshold/coin-input.ts',
    tests: ['threshold-coin.test.ts'],
    mutants: [
      {
        id: 'input-kind',
        rule: 'The domain is bound part by part: 1 is not "1"',
        find: "writer.u8(typeof part === 'number' ? 0 : 1)\n",
        replace: '',
      },
      {
        id: 'input-length',
        rule: 'The domain is bound part by part: ("a", "b") is not ("ab")',
        find: 'writer.varint(bytes.length)\n',
        replace: '',
      },
      {
        id: 'input-purpose',
        rule: 'An election and a coin of one domain share nothing',
        find: '{purpose}/v1`',
        replace: '{purpose.slice(0, 0)}/v1`',
      },
    ],
  },
  {
    variant: 'CKS, BLS, election',
    file: 'threshold/threshold-definition.ts',
    tests: ['threshold-coin.test.ts'],
    mutants: [
      {
        id: 'threshold-fits',
        rule: 'A key set of another threshold than the protocol asks for is refused',
        find: 'if (shares !== needed) {',
        replace: 'if (shares > needed) {',
      },
      {
        id: 'threshold-own-share',
        rule: 'The secret share of another member is refused',
        find: 'if (!holders.includes(committee.self)) {',
        replace: 'if (holders.length < 0) {',
      },
      {
        id: 'threshold-holder',
        rule: 'A secret share that belongs to no member is refused',
        find: 'if (holders.length === 0)\n',
        replace: 'if (holders.length < 0)\n',
      },
    ],
  },
  {
    variant: 'CKS, BLS',
    file: 'threshold/threshold-coin.ts',
    tests: ['threshold-coin.test.ts'],
    mutants: [
      {
        id: 'threshold-family',
        rule: 'A coin takes the function of its own family alone',
        find: 'if (!scheme.name.startsWith(',
        replace: "if (!scheme.name.includes('/') && !scheme.name.startsWith(",
      },
    ],
  },
  {
    variant: 'election',
    file: 'threshold/election-coin.ts',
    tests: ['threshold-coin.test.ts'],
    mutants: [
      {
        id: 'election-fair',
        rule: 'Each member is elected as often as any other',
        find: 'peer(seededRng(value, options.sha256).below(options.scheme.members))',
        replace: 'peer(Math.min(seededRng(value, options.sha256).below(8), options.scheme.members - 1))',
      },
    ],
  },
]
