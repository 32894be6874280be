/** Mutants of the cubic agreements, hardened and as published. */
export default [
  {
    variant: 'cubic, hardened',
    file: 'cubic/hardened-round.ts',
    tests: ['cubic.test.ts'],
    mutants: [
      {
        id: 'cubic-h3-lowered',
        rule: 'H3: 2f + 1 PREVOTE(v) put v into bset, not f + 1',
        find: 'bsetThreshold: (_, committee) => twoFPlus1(committee),',
        replace: 'bsetThreshold: (_, committee) => twoFPlus1(committee) - committee.f,',
      },
      {
        id: 'cubic-h-mainvote-support',
        rule: 'MAINVOTE(v) is accepted on f + 1 accepted VOTE(v)',
        find: 'acceptance: { ...ordinaryAcceptance, fixvote: NEVER },',
        replace: 'acceptance: { ...ordinaryAcceptance, mainvote: ordinaryAcceptance.vote, fixvote: NEVER },',
      },
      {
        id: 'cubic-h-finalvote-support',
        rule: 'FINALVOTE(v) is accepted on f + 1 accepted MAINVOTE(v)',
        find: 'acceptance: { ...ordinaryAcceptance, fixvote: NEVER },',
        replace: 'acceptance: { ...ordinaryAcceptance, finalvote: ordinaryAcceptance.vote, fixvote: NEVER },',
      },
      {
        id: 'cubic-h-first-stage',
        rule: 'H4: a plain VOTE stands before MAINVOTE, and makes the round binding',
        find: 'firstStage: VOTE,',
        replace: 'firstStage: (VOTE + 1) as typeof VOTE,',
      },
      {
        id: 'cubic-h-contradiction',
        rule: 'Assert: f + 1 FINALVOTEs of both values stop the member',
        find: 'contradicts: bothSupported,',
        replace: 'contradicts: NEVER,',
      },
    ],
  },
  {
    variant: 'cubic, published',
    file: 'cubic/published-round.ts',
    tests: ['cubic.test.ts'],
    mutants: [
      {
        id: 'cubic-c3-lowered',
        rule: 'C3: 2f + 1 PREVOTE(v) put v into bset, not f + 1',
        find: 'bsetThreshold: (_, committee) => twoFPlus1(committee),',
        replace: 'bsetThreshold: (_, committee) => fPlus1(committee),',
      },
      {
        id: 'cubic-c-accept-mainvote',
        rule: 'MAINVOTE(v) is accepted on v ∈ bset',
        find: 'mainvote: inBset,',
        replace: 'mainvote: () => true,',
      },
      {
        id: 'cubic-c-accept-finalvote',
        rule: 'FINALVOTE(v) is accepted on v ∈ bset',
        find: 'finalvote: inBset,',
        replace: 'finalvote: () => true,',
      },
      {
        id: 'cubic-c-accept-star',
        rule: 'FINALVOTE(*) is accepted on bset = {0, 1}',
        find: 'star: round => round.inBset(0) && round.inBset(1),',
        replace: 'star: () => true,',
      },
      {
        id: 'cubic-r4-zero',
        rule: 'R4: value 0 needs 2f + 1 PREVOTE_0(0), not f + 1',
        find: '(bit === 1 ? fPlus1(committee) : twoFPlus1(committee))',
        replace: 'fPlus1(committee)',
      },
      {
        id: 'cubic-r4-one',
        rule: 'R4: f + 1 PREVOTE_0(1) put 1 into bset_0',
        find: '(bit === 1 ? fPlus1(committee) : twoFPlus1(committee))',
        replace: 'twoFPlus1(committee)',
      },
      {
        id: 'cubic-r5-unsent',
        rule: 'R5: the fast path only as long as MAINVOTE_0 is unsent',
        find: 'takesFastPath: own => !hasVoted(own, MAINVOTE),',
        replace: 'takesFastPath: () => true,',
      },
      {
        id: 'cubic-r6-constant',
        rule: 'R6: the coin of round 0 is the constant 1',
        find: "return outcome?.estimate === 'coin' ? ADOPT[1] : outcome",
        replace: 'return outcome ?? ADOPT[1]',
      },
    ],
  },
  {
    variant: 'cubic',
    file: 'cubic/round-rules.ts',
    tests: ['cubic.test.ts'],
    mutants: [
      {
        id: 'cubic-c6-decide',
        rule: 'C6, H7: n − f FINALVOTE(v) decide v, not n − f − 1',
        find: 'if (ones >= enough) return DECIDE[1]',
        replace: 'if (ones >= enough - 1) return DECIDE[1]',
      },
      {
        id: 'cubic-c6-wait',
        rule: 'C6, H7: the round ends on n − f accepted FINALVOTEs',
        find: 'if (zeros + ones + stars < enough) return undefined',
        replace: 'if (zeros + ones + stars < enough - 1) return undefined',
      },
      {
        id: 'cubic-c6-adopt',
        rule: 'C6, H7: f + 1 FINALVOTE(v) are adopted, not one',
        find: 'return adoption({ zeros, ones }, fPlus1(committee)) ?? FLIP',
        replace: 'return adoption({ zeros, ones }, 1) ?? FLIP',
      },
    ],
  },
  {
    variant: 'cubic',
    file: 'cubic/cubic-agreement.ts',
    tests: ['cubic.test.ts'],
    mutants: [
      {
        id: 'cubic-window-of-broadcasts',
        rule: 'Broadcasts of votes belong to the window, too',
        find: 'if (!this.#window.covers(round)) this.#window.noteMissed(from, round)\n    else this.#broadcasts',
        replace: 'this.#broadcasts',
      },
      {
        id: 'cubic-malformed-finalvote',
        rule: 'A broadcast that holds no FINALVOTE is its proposer’s fault, and no vote',
        find: 'if (value === undefined) {\n      this.#effects.fault',
        replace: "if (value === ('none' as unknown)) {\n      this.#effects.fault",
      },
    ],
  },
  {
    variant: 'cubic',
    file: 'cubic/ballot.ts',
    tests: ['cubic.test.ts'],
    mutants: [
      {
        id: 'cubic-votes-that-exist',
        rule: 'A round that begins with MAINVOTE has no VOTE, and its MAINVOTE is a bit',
        find: "const exists = stage > firstStage || (stage === firstStage && value !== '*')",
        replace: 'const exists = stage >= 0 || firstStage >= 0',
      },
    ],
  },
  {
    variant: 'cubic',
    file: 'rounds/vote-slots.ts',
    tests: ['cubic.test.ts'],
    mutants: [
      {
        id: 'cubic-conflict',
        rule: 'A second, different vote is its sender’s fault',
        find: "if (outcome === 'conflict') return this.#blame(from, this.#ballot.conflicts[stage] as string, number)",
        replace: '',
      },
    ],
  },
  {
    variant: 'cubic',
    file: 'rounds/prevotes.ts',
    tests: ['cubic.test.ts'],
    mutants: [
      {
        id: 'cubic-c2-threshold',
        rule: 'C2, H2: f + 1 PREVOTE(v) are amplified, not one',
        find: 'if (round.prevotes(1) >= this.#fPlus1) this.say(number, 1)',
        replace: 'if (round.prevotes(1) >= 1) this.say(number, 1)',
      },
    ],
  },
  {
    variant: 'cubic',
    file: 'rounds/settling.ts',
    tests: ['cubic.test.ts'],
    mutants: [
      {
        id: 'cubic-c2-past-rounds',
        rule: 'C2, H2: PREVOTEs of rounds that were left are amplified, too',
        find: 'else this.#amplify(round, this.#window.at(round))',
        replace: '',
      },
    ],
  },
  {
    variant: 'cubic',
    file: 'rounds/progress.ts',
    tests: ['cubic.test.ts'],
    mutants: [
      {
        id: 'cubic-brake',
        rule: 'B: enter no round after the one that follows the own decision',
        find: 'brake && this.#ruleDecidedRound !== undefined && left > this.#ruleDecidedRound',
        replace: 'left < 0',
      },
    ],
  },
]
