/** Mutants of the common subsets and of the agreements inside them. */
export default [
  {
    variant: 'rabaSubset',
    file: 'raba-subset/raba-subset.ts',
    tests: ['raba-subset.test.ts'],
    mutants: [
      {
        id: 'raba-subset-a1-repropose',
        rule: 'A1: a broadcast that delivers late turns the 0 into a 1',
        find: "candidate.proposed === undefined ? { type: 'propose', bit: 1 } : { type: 'repropose' }",
        replace:
          "candidate.proposed === undefined ? { type: 'propose', bit: 1 } : { type: 'propose', bit: 0 }",
      },
      {
        id: 'raba-subset-a2-threshold',
        rule: 'A2: zeros once n − f broadcasts have delivered, not before',
        find: 'if (this.#deliveredCount < nMinusF(this.#params.committee)) return',
        replace: 'if (this.#deliveredCount < nMinusF(this.#params.committee) - 1) return',
      },
      {
        id: 'raba-subset-a2-removed',
        rule: 'A2: n − f broadcasts have delivered: propose 0 to the rest',
        find: 'if (candidate.proposed !== undefined) continue\n',
        replace: 'continue\n',
      },
      {
        id: 'raba-subset-a3-undecided',
        rule: 'A3: undecided is never read as 0',
        find: 'if (this.#closedCount < this.#candidates.length) return',
        replace: 'if (this.#closedCount < nMinusF(this.#params.committee)) return',
      },
      {
        id: 'raba-subset-a4-waits',
        rule: 'A4: decided 1: wait for the broadcast',
        find: "if (candidate.slot.state === 'closed') this.#onClosed()",
        replace: 'this.#onClosed()',
      },
      {
        id: 'raba-subset-domain',
        rule: 'Each agreement has its own domain',
        find: 'domain: subdomain(domain, proposer)',
        replace: 'domain: subdomain(domain, 0)',
      },
    ],
  },
  {
    variant: 'rabaSubset, bkrSubset',
    file: 'slot.ts',
    tests: ['bkr-subset.test.ts'],
    mutants: [
      {
        id: 'slot-decided-zero',
        rule: 'The payload of a slot decided 0 stays out',
        find: 'if (bit === 0) return EMPTY\n',
        replace: '',
      },
      {
        id: 'slot-closed',
        rule: 'What is delivered after a decision for 0 stays out',
        find: "case 'closed':\n      return slot",
        replace: "case 'closed':\n      return { state: 'closed', payload }",
      },
      {
        id: 'slot-delivers-once',
        rule: 'A broadcast that delivers twice stops the node',
        find: "throw new InvariantViolation('invariant: a broadcast delivers once')",
        replace: 'return slot',
      },
      {
        id: 'slot-decides-once',
        rule: 'An agreement that decides twice stops the node',
        find: "invariant(slot.state === 'open' || slot.state === 'delivered', 'an agreement decides once')\n",
        replace: '',
      },
    ],
  },
  {
    variant: 'bkrSubset',
    file: 'bkr-subset/bkr-subset.ts',
    tests: ['bkr-subset.test.ts'],
    mutants: [
      {
        id: 'bkr-b1-once',
        rule: 'B1, B2: an agreement is given one input',
        find: 'if (candidate.proposed) return\n',
        replace: '',
      },
      {
        id: 'bkr-b2-threshold',
        rule: 'B2: zeros once n − f agreements have decided 1, not before',
        find: 'if (this.#acceptedCount < nMinusF(this.#params.committee)) return',
        replace: 'if (this.#acceptedCount < nMinusF(this.#params.committee) - 1) return',
      },
      {
        id: 'bkr-b2-ones',
        rule: 'B2: decisions for 0 do not count',
        find: 'if (bit === 1) this.#acceptedCount += 1',
        replace: 'this.#acceptedCount += 1',
      },
      {
        id: 'bkr-b3-undecided',
        rule: 'B3: undecided is never read as 0',
        find: 'if (this.#closedCount < this.#candidates.length) return',
        replace: 'if (this.#closedCount < nMinusF(this.#params.committee)) return',
      },
      {
        id: 'bkr-b3-waits',
        rule: 'B3: wait for the broadcast of every slot decided 1',
        find: "if (candidate.slot.state === 'closed') this.#onClosed()",
        replace: 'this.#onClosed()',
      },
    ],
  },
  {
    variant: 'finSubset',
    file: 'fin-subset/fin-subset.ts',
    tests: ['fin-subset.test.ts'],
    mutants: [
      {
        id: 'fin-c2-propose',
        rule: 'C2: the set is proposed once n − f broadcasts have delivered',
        find: 'this.#delivered.size < nMinusF(this.#params.committee)) return',
        replace: 'this.#delivered.size < nMinusF(this.#params.committee) - 1) return',
      },
      {
        id: 'fin-c2-size',
        rule: 'C2: Q(S): |S| ≥ n − f',
        find: 'if (members === undefined || members.length < nMinusF(this.#params.committee)) return',
        replace: 'if (members === undefined) return',
      },
      {
        id: 'fin-c2-delivered',
        rule: 'C2: Q(S): all broadcasts of S have delivered here',
        find: "return members.every(index => this.#delivered.has(index)) ? 'valid' : 'pending'",
        replace: "return members.some(index => this.#delivered.has(index)) ? 'valid' : 'pending'",
      },
      {
        id: 'fin-c2-once',
        rule: 'C2: one set is proposed',
        find: 'if (this.#proposed || this',
        replace: 'if (this',
      },
      {
        id: 'fin-revalidate',
        rule: 'C2: every delivery is an occasion to look at the sets again',
        find: "this.#mvba.handleInput({ type: 'revalidate' })",
        replace: '',
      },
    ],
  },
  {
    variant: 'MVBA',
    file: 'mvba/fin-mvba.ts',
    tests: ['fin-mvba.test.ts'],
    mutants: [
      {
        id: 'mvba-f1-own',
        rule: 'F1: only a value that is valid here may be proposed',
        find: "if (this.#params.judge(value) !== 'valid')\n",
        replace: 'if (value.length < 0)\n',
      },
      {
        id: 'mvba-f1-pending',
        rule: 'F1: a delivery counts only once Q holds here',
        find: "if (verdict === 'pending') continue\n",
        replace: '',
      },
      {
        id: 'mvba-f1-invalid',
        rule: 'F1: a value that can never be valid does not count',
        find: "if (verdict === 'valid') this.#count(proposer, value)",
        replace: "if (verdict !== 'pending') this.#count(proposer, value)",
      },
      {
        id: 'mvba-f1-bad',
        rule: 'F1: BAD never counts',
        find: 'if (delivery === BAD) return\n    this.#pending.set(proposer, delivery)',
        replace: 'this.#pending.set(proposer, delivery === BAD ? new Uint8Array(0) : delivery)',
      },
      {
        id: 'mvba-f3-bit',
        rule: 'F3: propose 1 only if the leader’s value is counted',
        find: 'iteration.proposed = this.#counted.has(leader) ? 1 : 0',
        replace: 'iteration.proposed = 1',
      },
      {
        id: 'mvba-f3-repropose',
        rule: 'F3: repropose 1 when the value is counted later',
        find: "iteration.raba.handleInput({ type: 'repropose' })",
        replace: '',
      },
      {
        id: 'mvba-f3-elected-once',
        rule: 'F3: whoever was elected before is passed over',
        find: 'while (!this.#elected.add(leader)) leader = ((leader + 1) % n) as PeerIndex',
        replace: 'this.#elected.add(leader)',
      },
      {
        id: 'mvba-f4-zero',
        rule: 'F4: a leader that is decided 0 is followed by the next iteration',
        find: 'this.#current += 1\n    this.#elect()',
        replace: 'this.#current += 1',
      },
      {
        id: 'mvba-f4-waits',
        rule: 'F4: decided 1: wait for the value to be counted',
        find: 'if (value === undefined) return\n    this.#outputGiven = true',
        replace: 'this.#outputGiven = true',
      },
      {
        id: 'mvba-f4-once',
        rule: 'F4: output once',
        find: 'if (this.#outputGiven || leader === undefined ||',
        replace: 'if (leader === undefined ||',
        explained:
          'After the output the decision of the current iteration is 1 and stays so, and #values is empty and takes no value any more, so #tryOutput finds nothing to say a second time.',
      },
      {
        id: 'mvba-iterations',
        rule: 'There are f + 1 iterations; others are faults of their senders',
        find: 'Array.from({ length: f + 1 }',
        replace: 'Array.from({ length: n }',
      },
    ],
  },
  {
    variant: 'gather',
    file: 'mvba/binding-gather.ts',
    tests: ['binding-gather.test.ts'],
    mutants: [
      {
        id: 'gather-g1',
        rule: 'G1: S is sent once n − f indices are counted',
        find: 'if (this.#counted.size >= nMinusF(this.#committee)) this',
        replace: 'if (this.#counted.size >= nMinusF(this.#committee) - 1) this',
      },
      {
        id: 'gather-enough',
        rule: 'G2 to G4: n − f sets are accepted before the next step',
        find: 'return sets.acceptedCount >= nMinusF(this.#committee)',
        replace: 'return sets.acceptedCount >= nMinusF(this.#committee) - 1',
      },
      {
        id: 'gather-short',
        rule: 'A set of fewer than n − f is not accepted',
        find: 'if (members.length < nMinusF(this.#committee)) {',
        replace: 'if (members.length < 0) {',
      },
      {
        id: 'gather-third-exchange',
        rule: 'G3, G4: the third exchange binds the core before anybody ends',
        find: 'if (this.#ended || !this.#hasEnough(this.#u)) return',
        replace: 'if (this.#ended || !this.#hasEnough(this.#t)) return',
      },
      {
        id: 'gather-once',
        rule: 'G1 to G3: each set is sent once',
        find: 'if (this.#sent.has(type)) return\n',
        replace: '',
      },
      {
        id: 'gather-ends-once',
        rule: 'G4: the output comes once',
        find: 'if (this.#ended || !this',
        replace: 'if (!this',
      },
    ],
  },
  {
    variant: 'gather',
    file: 'mvba/accepted-sets.ts',
    tests: ['binding-gather.test.ts'],
    mutants: [
      {
        id: 'gather-accept',
        rule: 'G2 to G4: a set is accepted once all its indices are counted here',
        find: 'if (!members.every(index => counted.has(index))) continue\n',
        replace: '',
      },
      {
        id: 'gather-first-set',
        rule: 'The first set of a member counts',
        find: "if (earlier !== undefined) return areSame(earlier, members) ? 'duplicate' : 'conflict'\n",
        replace: '',
      },
    ],
  },
  {
    variant: 'vector consensus',
    file: 'vector/vector-consensus.ts',
    tests: ['vector-consensus.test.ts'],
    mutants: [
      {
        id: 'vector-v2-threshold',
        rule: 'V2: the set is proposed once n − f broadcasts have delivered',
        find: 'nMinusF(this.#params.committee) + this.#proposedCount',
        replace: 'nMinusF(this.#params.committee) - 1 + this.#proposedCount',
      },
      {
        id: 'vector-v3-one-more',
        rule: 'V3: nothing decided: one more broadcast is waited for',
        find: 'nMinusF(this.#params.committee) + this.#proposedCount',
        replace: 'nMinusF(this.#params.committee)',
      },
      {
        id: 'vector-v4-waits',
        rule: 'V4: output once all broadcasts of the set have delivered',
        find: '|| !members.every(index => this.#delivered.has(index)))',
        replace: ')',
      },
      {
        id: 'vector-iterations',
        rule: 'Iterations over f are faults of their senders',
        find: 'if (iteration > this.#params.committee.f) {',
        replace: 'if (iteration < 0) {',
      },
      {
        id: 'vector-no-more',
        rule: 'f + 1 iterations that decide nothing are reported, and end in silence',
        find: 'if (this.#iteration === this.#params.committee.f) {',
        replace: 'if (this.#iteration < 0) {',
      },
    ],
  },
  {
    variant: 'vector consensus',
    file: 'mvc/ritas-mvc.ts',
    tests: ['ritas-mvc.test.ts'],
    mutants: [
      {
        id: 'mvc-m2-threshold',
        rule: 'M2: a vector is sent once n − f values are here',
        find: 'this.#values.size >= nMinusF(committee)',
        replace: 'this.#values.size >= nMinusF(committee) - 1',
      },
      {
        id: 'mvc-vector-length',
        rule: 'A vector names exactly n − f members',
        find: 'if (members?.length !== nMinusF(this.#params.committee)) {',
        replace: 'if (members === undefined) {',
      },
      {
        id: 'mvc-m3-valid',
        rule: 'M3: a vector is valid once all values that it names are here',
        find: 'if (members.every(member => this.#values.has(member))) this.#accept(members)',
        replace: 'if (members.some(member => this.#values.has(member))) this.#accept(members)',
      },
      {
        id: 'mvc-needed',
        rule: 'M3 to M5: n − 2f for one value, not f + 1',
        find: 'return n - 2 * f\n',
        replace: 'return f + 1 + 0 * n\n',
      },
      {
        id: 'mvc-m5-zero',
        rule: 'M5: decided 0 is nobody’s value',
        find: 'if (this.#decision === 0) {',
        replace: 'if (this.#decision === 0 && this.#supports.length === 0) {',
      },
    ],
  },
  {
    variant: 'dispersed subset',
    file: 'dispersed/dispersed-subset.ts',
    tests: ['dispersed-subset.test.ts'],
    mutants: [
      {
        id: 'dispersed-d3',
        rule: 'D3: zeros once n − f agreements have decided 1, not before',
        find: 'if (this.#acceptedCount < nMinusF(this.#params.committee)) return',
        replace: 'if (this.#acceptedCount < nMinusF(this.#params.committee) - 1) return',
      },
      {
        id: 'dispersed-d4',
        rule: 'D4: nothing is retrieved before all have decided',
        find: 'if (this.#decidedCount < this.#candidates.length) return',
        replace: 'if (this.#decidedCount < nMinusF(this.#params.committee)) return',
      },
      {
        id: 'dispersed-d5',
        rule: 'D5: all of it is output together',
        find: 'if (accepted.some(({ payload }) => payload === undefined)) return\n',
        replace: '',
      },
    ],
  },
  {
    variant: 'encrypted subset',
    file: 'encrypted/encrypted-subset.ts',
    tests: ['encrypted-subset.test.ts'],
    mutants: [
      {
        id: 'encrypted-threshold',
        rule: 'A key set of fewer than f + 1 or more than n − f shares is refused',
        find: 'if (threshold < fPlus1(committee) || threshold > nMinusF(committee)) {',
        replace: 'if (threshold > nMinusF(committee) + fPlus1(committee)) {',
      },
    ],
  },
  {
    variant: 'openings',
    file: 'encrypted/openings.ts',
    tests: ['encrypted-subset.test.ts', 'causal-subset.test.ts'],
    mutants: [
      {
        id: 'encrypted-count',
        rule: 'A member with a share too many or too few does not count',
        find: 'if (count === undefined || count === needed) return',
        replace: 'if (count === undefined || needed !== -1) return',
      },
      {
        id: 'encrypted-refuse',
        rule: 'E4: none of the shares of a member that gave a bad one counts any more',
        find: "this.#shares.refuse(member)\n    this.#blame('acs/bad-decryption-share'",
        replace: "this.#blame('acs/bad-decryption-share'",
      },
      {
        id: 'encrypted-done',
        rule: 'After the output shares are not looked at',
        find: 'if (this.#done) return\n    if (this.#shares.add',
        replace: 'if (this.#shares.add',
      },
    ],
  },
]
