/** Mutants of verifiable dispersal: commitments, AVID, AVID-M, retrieval. */
export default [
  {
    variant: 'AVID',
    file: 'dispersal/avid.ts',
    tests: ['dispersal/avid.test.ts'],
    mutants: [
      {
        id: 'avid-echo-threshold',
        rule: 'Rule 3: READY on n − f ECHO(root)',
        find: 'this.#echoes.count(root) < nMinusF(this.#committee)',
        replace: 'this.#echoes.count(root) < nMinusF(this.#committee) - 1',
      },
      {
        id: 'avid-reencode',
        rule: 'Rule 3: no READY for a root that no payload has',
        find: 'if (this.#echoes.decode(root) !== BAD) {',
        replace: 'if (this.#echoes.decode(root) !== undefined) {',
      },
      {
        id: 'avid-blame-once',
        rule: 'Rule 3: a bad root is found, and its proposer blamed, once',
        find: 'this.#badFound = true\n',
        replace: '',
      },
      {
        id: 'avid-ready-threshold',
        rule: 'Rule 4: READY on f + 1 READY(root), not on one',
        find: 'if (count >= fPlus1(this.#committee)) this',
        replace: 'if (count >= 1) this',
      },
      {
        id: 'avid-complete-threshold',
        rule: 'Rule 5: complete on 2f + 1 READY(root), not on f + 1',
        find: 'if (count >= twoFPlus1(this.#committee)) this',
        replace: 'if (count >= fPlus1(this.#committee)) this',
      },
      {
        id: 'avid-ready-once',
        rule: 'Rule 4: READY is sent once',
        find: 'if (this.#readySent) return\n',
        replace: '',
      },
      {
        id: 'avid-complete-once',
        rule: 'Rule 5: it completes once',
        find: 'if (this.#completed !== undefined) return\n',
        replace: '',
      },
      {
        id: 'avid-made-anew',
        rule: 'Rule 5: whoever has no shard makes its own from k ECHOs',
        find: 'this.#own.under(root) ?? this.#madeAnew(root)',
        replace: 'this.#own.under(root)',
      },
    ],
  },
  {
    variant: 'AVID-M',
    file: 'dispersal/avid-m.ts',
    tests: ['dispersal/avid-m.test.ts'],
    mutants: [
      {
        id: 'avid-m-gotchunk-threshold',
        rule: 'Rule 3: READY on n − f GOTCHUNK(r)',
        find: '>= nMinusF(this.#committee)) this',
        replace: '>= nMinusF(this.#committee) - 1) this',
      },
      {
        id: 'avid-m-ready-threshold',
        rule: 'Rule 4: READY on f + 1 READY(r), not on one',
        find: 'if (count >= fPlus1(this.#committee)) this',
        replace: 'if (count >= 1) this',
      },
      {
        id: 'avid-m-complete-threshold',
        rule: 'Rule 5: complete on 2f + 1 READY(r), not on f + 1',
        find: 'if (count >= twoFPlus1(this.#committee)) this',
        replace: 'if (count >= fPlus1(this.#committee)) this',
      },
      {
        id: 'avid-m-taken',
        rule: 'Rule 2: GOTCHUNK only for a chunk that was taken',
        find: 'if (!taken) return\n',
        replace: '',
      },
    ],
  },
  {
    variant: 'AVID, AVID-M',
    file: 'dispersal/own-shard.ts',
    tests: ['dispersal/avid.test.ts'],
    mutants: [
      {
        id: 'own-shard-proposer',
        rule: 'Rule 2: a shard of one’s own comes from the proposer',
        find: "if (from !== this.#proposer) return refused({ rule: 'avid/not-the-proposer', peer: from })\n",
        replace: '',
      },
      {
        id: 'own-shard-proof',
        rule: 'Rule 2: a shard counts only with a proof for our own index',
        find: 'if (!this.#coding.verifyShard(this.#self, own)) return refused(badProof(from, root))\n',
        replace: '',
      },
      {
        id: 'own-shard-first',
        rule: 'Rule 2: only the first shard counts',
        find: 'if (earlier !== undefined) {',
        replace: 'if (earlier === digestKey(root)) {',
      },
      {
        id: 'own-shard-root',
        rule: 'Rule 5: a stored shard under another root is none',
        find: 'return this.#firstRoot === digestKey(root) ? this.#shard : undefined',
        replace: 'return root.length > 0 ? this.#shard : undefined',
      },
    ],
  },
  {
    variant: 'AVID, AVID-M',
    file: 'dispersal/root-votes.ts',
    tests: ['dispersal/avid-m.test.ts'],
    mutants: [
      {
        id: 'root-votes-first',
        rule: 'One root per sender: a repeated vote counts for nothing',
        find: "return outcome === 'added' ? this.#votes.count(key) : 0",
        replace: "return this.#votes.count(key) + (outcome === 'added' ? 0 : 1)",
      },
      {
        id: 'root-votes-conflict',
        rule: 'A second root of one sender is a fault',
        find: "if (outcome === 'conflict') {",
        replace: "if (outcome === ('none' as unknown)) {",
      },
    ],
  },
  {
    variant: 'AVID',
    file: 'commitment/shard-collector.ts',
    tests: ['commitment/shard-collector.test.ts'],
    mutants: [
      {
        id: 'collector-first',
        rule: 'The first message of a member takes its place',
        find: "if (outcome !== 'added') return outcome\n",
        replace: '',
      },
      {
        id: 'collector-proof',
        rule: 'Only a shard that is proven for its sender’s index is counted',
        find: "if (!this.#coding.verifyShard(from, shard)) return 'invalid'\n",
        replace: '',
      },
      {
        id: 'collector-root',
        rule: 'Shards under other roots are left out of a decoding',
        find: 'this.#roots.of(index as PeerIndex) === key ? shard : undefined',
        replace: 'this.#roots.of(index as PeerIndex) !== undefined ? shard : undefined',
      },
    ],
  },
  {
    variant: 'retrieval',
    file: 'retrieval/shard-retrieval.ts',
    tests: ['retrieval/retrieval.test.ts'],
    mutants: [
      {
        id: 'retrieval-unasked',
        rule: 'A shard that nobody asked for is a fault',
        find: "if (!this.#asked) this.#effects.fault({ rule: 'avid/unasked-shard', peer: from })\n",
        replace: '',
      },
      {
        id: 'retrieval-k',
        rule: 'k shards under one root are decoded, not fewer',
        find: 'this.#replies.count(reply.root) >= this.#coding.k)',
        replace: 'this.#replies.count(reply.root) >= this.#coding.k - 1)',
      },
      {
        id: 'retrieval-answer-once',
        rule: 'A client is answered once, however often it asks',
        find: 'if (!this.#clients.add(from) || this.#served === undefined) return',
        replace: 'this.#clients.add(from)\n    if (this.#served === undefined) return',
      },
    ],
  },
  {
    variant: 'Merkle commitment',
    file: 'commitment/merkle-commitment.ts',
    tests: ['commitment/merkle-commitment.test.ts'],
    mutants: [
      {
        id: 'merkle-reencode',
        rule: 'What was decoded is encoded again, and its root compared',
        find: 'return equalBytes(encoded.root, root) ? encoded : BAD',
        replace: 'return root.length > 0 ? encoded : BAD',
      },
      {
        id: 'merkle-lengths',
        rule: 'Shards of different lengths are BAD',
        find: 'if (!equallyLong(shards)) return BAD\n',
        replace: '',
      },
      {
        id: 'merkle-cap',
        rule: 'A payload over the cap is BAD',
        find: 'payload === undefined || payload.length > this.#payloadBytesMax ? BAD',
        replace: 'payload === undefined ? BAD',
      },
      {
        id: 'merkle-shard-cap',
        rule: 'A shard over the cap is refused before it is hashed',
        find: 'if (!this.#canBeShard(shard)) return false\n',
        replace: '',
      },
    ],
  },
  {
    variant: 'hash vector',
    file: 'commitment/hash-vector-commitment.ts',
    tests: ['commitment/hash-vector-commitment.test.ts'],
    mutants: [
      {
        id: 'hash-vector-root',
        rule: 'The vector of hashes has the root as its hash',
        find: 'if (!this.isVector(root, proof)) return false\n',
        replace: '',
      },
      {
        id: 'hash-vector-known',
        rule: 'A later proof is the vector that is known',
        find: '} else if (!equalBytes(known, proof)) return false\n',
        replace: '}\n',
      },
      {
        id: 'hash-vector-shard',
        rule: 'A shard has the hash that the vector names for its index',
        find: 'return equalBytes(hashAt(known, index), this.#shardHash(shard))',
        replace: 'return this.#shardHash(shard).length > 0',
      },
      {
        id: 'hash-vector-reencode',
        rule: 'What was decoded is encoded again, and its root compared',
        find: 'return equalBytes(encoded.root, root) ? encoded : BAD',
        replace: 'return root.length > 0 ? encoded : BAD',
      },
      {
        id: 'hash-vector-lengths',
        rule: 'Shards of different lengths are BAD',
        find: 'if (shards.some(shard => shard !== undefined && shard.length !== first?.length)) return BAD\n',
        replace: '',
      },
      {
        id: 'hash-vector-index',
        rule: 'The index is that of a member, and the vector has a hash for each',
        find: 'return vector.length === vectorBytes(this) && equalBytes(',
        replace: 'return equalBytes(',
      },
    ],
  },
  {
    variant: 'near-optimal dispersal',
    file: 'dispersal/near-optimal.ts',
    tests: ['dispersal/near-optimal.test.ts'],
    mutants: [
      {
        id: 'near-optimal-vote',
        rule: 'Rule 4: a vote only where D proves the shard',
        find: 'if (this.#judge(chunk, recovered)) {',
        replace: 'this.#judge(chunk, recovered)\n    {',
      },
      {
        id: 'near-optimal-ready',
        rule: 'Rule 5: READY on n − f votes, not on n − f ECHOs',
        find: 'this.#votes.count(root) >= nMinusF(this.#committee)',
        replace: 'this.#echoes.count(root) >= nMinusF(this.#committee)',
      },
      {
        id: 'near-optimal-fragment',
        rule: 'Rule 6: our fragment is what f + 1 votes say',
        find: 'this.#votes.agreed(root, fPlus1(this.#committee))',
        replace: 'this.#votes.agreed(root, 1)',
      },
      {
        id: 'near-optimal-complete',
        rule: 'Rule 7: complete on 2f + 1 READY',
        find: '>= twoFPlus1(this.#committee)',
        replace: '>= fPlus1(this.#committee)',
      },
    ],
  },
  {
    variant: 'online error correction',
    file: 'vector/fragment-collector.ts',
    tests: ['vector/fragment-collector.test.ts'],
    mutants: [
      {
        id: 'fragments-root',
        rule: 'What was recovered is the vector only if its hash is the root',
        find: 'if (vector === undefined || !this.#coding.isVector(root, vector)) return undefined',
        replace: 'if (vector === undefined) return undefined',
      },
      {
        id: 'fragments-tries',
        rule: 'A vector is tried again only with two more fragments',
        find: 'count + 2 - ((count - this.#code.k) % 2)',
        replace: 'count + 1',
      },
    ],
  },
]
