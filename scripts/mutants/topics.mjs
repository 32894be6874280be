/** Mutants of the rules of topics: splits, votes, freezes, evidence, and what section 15 says of every history. */
export default [
  {
    variant: 'rounds',
    file: 'machine/meetings.ts',
    tests: ['invariants.test.ts', 'rounds.test.ts'],
    mutants: [
      {
        id: 'seat-everybody',
        rule: 'Every participant is in exactly one meeting per round',
        find: 'for (const [seat, one] of voters.entries()) {',
        replace: 'for (const [seat, one] of voters.slice(1).entries()) {',
      },
      {
        id: 'late-counted',
        rule: 'Who is placed late is a voter of the meeting',
        find: 'voters: meeting.voters + 1,',
        replace: 'voters: meeting.voters,',
      },
      {
        id: 'receipt-block',
        rule: 'A receipt names the block whose beacon dealt the round',
        find: '    drawnAt: block.epoch,\n',
        replace: '    drawnAt: block.epoch - 1,\n',
        tests: ['splits.test.ts'],
      },
      {
        id: 'late-block',
        rule: 'Who was placed late is placed again from the beacon of that block',
        find: 'placedAt: block.epoch,',
        replace: 'placedAt: block.epoch - 1,',
        tests: ['splits.test.ts'],
      },
    ],
  },
  {
    variant: 'rounds',
    file: 'machine/partition.ts',
    tests: ['rounds.test.ts', 'vectors.test.ts'],
    mutants: [
      {
        id: 'sizes-alike',
        rule: 'The sizes of the meetings of round 1 differ by one at most',
        find: 'at < larger ? size + 1 : size',
        replace: 'at === 0 ? size + larger : size',
      },
    ],
  },
  {
    variant: 'rounds',
    file: 'machine/counting.ts',
    tests: ['rounds.test.ts', 'invariants.test.ts'],
    mutants: [
      {
        id: 'greatest-score',
        rule: 'The greatest score wins, from 1 on',
        find: 'Math.max(greatest, approvals), 1)',
        replace: 'Math.max(greatest, approvals), 0)',
      },
    ],
  },
  {
    variant: 'freeze',
    file: 'machine/identify.ts',
    tests: ['freeze.test.ts', 'invariants.test.ts'],
    mutants: [
      {
        id: 'frozen-unheard',
        rule: 'No operation of a frozen member counts',
        find: "if (member.state === 'frozen' && !BY_FROZEN.includes(body.type)) {",
        replace: "if (member.state === 'left' && !BY_FROZEN.includes(body.type)) {",
      },
    ],
  },
  {
    variant: 'freeze',
    file: 'operations/freezing.ts',
    tests: ['evaluation.test.ts'],
    mutants: [
      {
        id: 'one-way-to-judge',
        rule: 'A freeze is judged with member keys or under tags, never both',
        find: "if (one.isAnonymous !== (signer.type === 'evaluator')) {",
        replace: "if (one.isAnonymous && signer.type === 'ballot') {",
      },
    ],
  },
  {
    variant: 'freeze',
    file: 'machine/freeze.ts',
    tests: ['evaluation.test.ts'],
    mutants: [
      {
        id: 'judging-keys',
        rule: 'The keys of the membership epoch in which a case opened count in it',
        find: 'ringEpoch: state.here.membershipEpoch,',
        replace: 'ringEpoch: state.here.membershipEpoch + 1,',
      },
    ],
  },
  {
    variant: 'evidence',
    file: 'operations/attesting.ts',
    tests: ['admission.test.ts'],
    mutants: [
      {
        id: 'vouch-signed',
        rule: 'A vouch is what both have signed who met',
        find: 'if (!tools.identity.verifyMutualVouch(tools.org, met, { byA, byB }))',
        replace: 'if (byA.length + byB.length < 2)',
      },
      {
        id: 'vouch-once',
        rule: 'A meeting is told of once',
        find: 'equalBytes(earlier.statement, statement)',
        replace: 'equalBytes(earlier.sponsor, statement)',
      },
      {
        id: 'newcomer-waits',
        rule: 'A newcomer waits one membership epoch before vouching',
        find: 'membershipEpoch >= from\n',
        replace: 'membershipEpoch >= from - 1\n',
      },
      {
        id: 'subject-consents',
        rule: 'The subject of an attestation agrees to it',
        find: 'if (!tools.identity.verifyConsent(tools.org, facts, subjectSignature))',
        replace: 'if (subjectSignature.length < 64)',
      },
      {
        id: 'one-document',
        rule: 'One document enrols one person',
        find: 'return owner !== undefined && owner === state.indexes.ownerOf(right)',
        replace: 'return owner === state.indexes.ownerOf(right)',
      },
    ],
  },
  {
    variant: 'evidence',
    file: 'machine/candidate.ts',
    tests: ['admission.test.ts'],
    mutants: [
      {
        id: 'own-attestation',
        rule: 'The attestations of a candidate are its own',
        find: 'if (!equalBytes(one.subject, key))',
        replace: 'if (equalBytes(one.attester, key))',
      },
      {
        id: 'present-vouchers',
        rule: 'Who has gone does not vouch any more',
        find: 'sponsor !== undefined && isPresent(sponsor) ? [sponsor.id] : []',
        replace: 'sponsor === undefined ? [] : [sponsor.id]',
      },
      {
        id: 'used-key',
        rule: 'A key that once was somebody’s is nobody else’s',
        find: 'if (owner !== undefined && !equalBytes((owner.keys[0] as KeyEpoch).key, candidate.key))',
        replace: 'if (owner !== undefined && owner.keys.length > 64)',
      },
    ],
  },
  {
    variant: 'mandates',
    file: 'machine/batches.ts',
    tests: ['offices.test.ts'],
    mutants: [
      {
        id: 'end-brings',
        rule: 'What the end of a revoked mandate brings is applied in the same block',
        find: 'if (onConvert.length === 0) continue',
        replace: 'if (onConvert.length >= 0) continue',
      },
      {
        id: 'chain-of-ends',
        rule: 'What one end brings may end another mandate',
        find: '    revoked.push(...after.revoked)\n',
        replace: '',
      },
    ],
  },
  {
    variant: 'clocks',
    file: 'machine/clocks.ts',
    tests: ['offices.test.ts'],
    mutants: [
      {
        id: 'old-clock',
        rule: 'An old time never counts again',
        find: 'if (seq !== actor.seq || ',
        replace: 'if (seq > actor.seq || ',
      },
      {
        id: 'refused-clock',
        rule: 'What the machine would refuse does not count',
        find: "if ('refusal' in charged || !ed25519",
        replace:
          "if ('refusal' in charged) { time = body.type === 'clock' ? body.time : time; continue }\n    if (!ed25519",
      },
    ],
  },
]
