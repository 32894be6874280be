/** Mutants of the quadratic agreements, and of the halt gadget, the window and the slots that others share with them. */
export default [
  {
    variant: 'halt gadget',
    file: 'term.ts',
    tests: ['term.test.ts'],
    mutants: [
      {
        id: 'term-t2-threshold',
        rule: 'T2: f + 1 TERM(v) decide v, not one',
        find: 'if (terms.size >= this.#fPlus1 && !this.decide(bit)) return false',
        replace: 'if (terms.size >= 1 && !this.decide(bit)) return false',
      },
      {
        id: 'term-t2-removed',
        rule: 'T2: f + 1 TERM(v) decide v',
        find: 'if (terms.size >= this.#fPlus1 && !this.decide(bit)) return false',
        replace: '',
      },
      {
        id: 'term-t3-threshold',
        rule: 'T3: halt on n − f TERM(v), not on f + 1',
        find: 'this.#terms[this.#decision].size >= this.#nMinusF)',
        replace: 'this.#terms[this.#decision].size >= this.#fPlus1)',
      },
      {
        id: 'term-t3-removed',
        rule: 'T3: decided v and n − f TERM(v): halt',
        find: '>= this.#nMinusF) this.#halted = true',
        replace: '>= this.#nMinusF) return true',
      },
      {
        id: 'term-once-per-peer',
        rule: 'TERM counts once per peer and bit; one of both bits is its sender’s fault, once',
        find: 'if (this.#halted || !terms.add(from)) return true',
        replace: 'if (this.#halted) return true\n    terms.add(from)',
      },
      {
        id: 'term-t1-once',
        rule: 'T1: output and TERM once, and what was decided stands',
        find: 'if (this.#decision !== undefined) return this.#decision === bit\n',
        replace: '',
      },
    ],
  },
  {
    variant: 'quadratic',
    file: 'quadratic/acceptance.ts',
    tests: ['ordinary-round.test.ts'],
    mutants: [
      {
        id: 'quadratic-accept-vote',
        rule: 'VOTE(v) is accepted on v ∈ bset',
        find: 'vote: (round, bit) => round.inBset(bit),',
        replace: 'vote: () => true,',
      },
      {
        id: 'quadratic-accept-mainvote',
        rule: 'MAINVOTE(v) is accepted on f + 1 accepted VOTE(v)',
        find: 'round.inBset(bit) && round.accepted(VOTE, bit) >= fPlus1(committee)',
        replace: 'round.inBset(bit)',
      },
      {
        id: 'quadratic-accept-mainvote-one',
        rule: 'MAINVOTE(v) is accepted on f + 1 accepted VOTE(v), not on one',
        find: 'round.accepted(VOTE, bit) >= fPlus1(committee)',
        replace: 'round.accepted(VOTE, bit) >= 1',
      },
      {
        id: 'quadratic-accept-mainvote-bset',
        rule: 'MAINVOTE(v) is accepted on v ∈ bset',
        find: 'round.inBset(bit) && round.accepted(VOTE, bit)',
        replace: 'round.accepted(VOTE, bit)',
        explained:
          'f + 1 VOTE(v) are counted as accepted only once the line above has accepted VOTE(v), which asks v ∈ bset itself; bset never shrinks.',
      },
      {
        id: 'quadratic-accept-finalvote',
        rule: 'FINALVOTE(v) is accepted on f + 1 accepted MAINVOTE(v)',
        find: 'round.inBset(bit) && round.accepted(MAINVOTE, bit) >= fPlus1(committee)',
        replace: 'round.inBset(bit)',
      },
      {
        id: 'quadratic-accept-finalvote-one',
        rule: 'FINALVOTE(v) is accepted on f + 1 accepted MAINVOTE(v), not on one',
        find: 'round.accepted(MAINVOTE, bit) >= fPlus1(committee)',
        replace: 'round.accepted(MAINVOTE, bit) >= 1',
      },
      {
        id: 'quadratic-accept-fixvote',
        rule: 'FIXVOTE(v) is accepted on f + 1 accepted FINALVOTE(v)',
        find: 'round.inBset(bit) && round.accepted(FINALVOTE, bit) >= fPlus1(committee)',
        replace: 'round.inBset(bit)',
      },
      {
        id: 'quadratic-accept-fixvote-one',
        rule: 'FIXVOTE(v) is accepted on f + 1 accepted FINALVOTE(v), not on one',
        find: 'round.accepted(FINALVOTE, bit) >= fPlus1(committee)',
        replace: 'round.accepted(FINALVOTE, bit) >= 1',
      },
      {
        id: 'quadratic-accept-star',
        rule: 'A vote for * is accepted on bset = {0, 1}',
        find: 'star: round => round.inBset(0) && round.inBset(1),',
        replace: 'star: () => true,',
      },
      {
        id: 'quadratic-r6-ones',
        rule: 'R6: in round 0 votes for 1 are accepted on 1 ∈ bset alone',
        find: '(bit === 1 ? round.inBset(1) : forZero(round, bit, committee))',
        replace: 'forZero(round, bit, committee)',
        tests: ['round-zero.test.ts'],
      },
      {
        id: 'quadratic-r6-zeros',
        rule: 'R6: in round 0 votes for 0 need the support of an ordinary round',
        find: '(bit === 1 ? round.inBset(1) : forZero(round, bit, committee))',
        replace: '((_) => round.inBset(bit))(committee)',
        tests: ['round-zero.test.ts'],
      },
    ],
  },
  {
    variant: 'quadratic',
    file: 'quadratic/ordinary-round.ts',
    tests: ['ordinary-round.test.ts'],
    mutants: [
      {
        id: 'quadratic-q3-lowered',
        rule: 'Q3: 2f + 1 PREVOTE(v) put v into bset, not f + 1',
        find: 'bsetThreshold: (_, committee) => twoFPlus1(committee),',
        replace: 'bsetThreshold: (_, committee) => twoFPlus1(committee) - committee.f,',
      },
      {
        id: 'quadratic-q3-raised',
        rule: 'Q3: 2f + 1 PREVOTE(v) put v into bset, not n − f',
        find: 'bsetThreshold: (_, committee) => twoFPlus1(committee),',
        replace: 'bsetThreshold: (_, committee) => nMinusF(committee),',
      },
      {
        id: 'quadratic-contradiction',
        rule: 'Assert: an accepted last vote for 0 with one for 1 stops the member',
        find: 'contradicts: ({ zeros, ones }) => zeros > 0 && ones > 0,',
        replace: 'contradicts: () => false,',
      },
    ],
  },
  {
    variant: 'quadratic',
    file: 'quadratic/round-zero.ts',
    tests: ['round-zero.test.ts'],
    mutants: [
      {
        id: 'quadratic-r4-zero',
        rule: 'R4: value 0 needs 2f + 1 PREVOTE_0(0), not f + 1',
        find: '(bit === 1 ? fPlus1(committee) : twoFPlus1(committee))',
        replace: 'fPlus1(committee)',
      },
      {
        id: 'quadratic-r4-one',
        rule: 'R4: f + 1 PREVOTE_0(1) put 1 into bset_0',
        find: '(bit === 1 ? fPlus1(committee) : twoFPlus1(committee))',
        replace: 'twoFPlus1(committee)',
      },
      {
        id: 'quadratic-r5-unsent',
        rule: 'R5: the fast path only as long as VOTE_0 is unsent',
        find: 'takesFastPath: own => !hasVoted(own, VOTE),',
        replace: 'takesFastPath: own => !hasVoted(own, FINALVOTE),',
      },
      {
        id: 'quadratic-r7-zeros',
        rule: 'R7: n − f FINALVOTE_0(0) decide 0, not n − f − 1',
        find: 'if (zeros >= enough) return DECIDE[0]',
        replace: 'if (zeros >= enough - 1) return DECIDE[0]',
      },
      {
        id: 'quadratic-r7-ones',
        rule: 'R7: n − f FINALVOTE_0(1) decide 1, not n − f − 1',
        find: 'if (ones >= enough) return DECIDE[1]',
        replace: 'if (ones >= enough - 1) return DECIDE[1]',
      },
      {
        id: 'quadratic-r7-adopt',
        rule: 'R7: any accepted FINALVOTE_0(0): est_1 := 0',
        find: 'return zeros > 0 ? ADOPT[0] : ADOPT[1]',
        replace: 'return ADOPT[1]',
      },
      {
        id: 'quadratic-r0-contradiction',
        rule: 'Assert of round 0: n − f accepted ones with an accepted 0 stop the member',
        find: 'contradicts: ({ zeros, ones }, committee) => ones >= nMinusF(committee) && zeros > 0,',
        replace: 'contradicts: () => false,',
      },
      {
        id: 'quadratic-s1-adopt',
        rule: 'R7 (S1): est_1 := 1 if any FINALVOTE_0(1) was accepted',
        find: 'return ones === 0 && zeros > 0 ? ADOPT[0] : ADOPT[1]',
        replace: 'return zeros > 0 ? ADOPT[0] : ADOPT[1]',
      },
    ],
  },
  {
    variant: 'quadratic',
    file: 'quadratic/quadratic-agreement.ts',
    tests: ['ordinary-round.test.ts'],
    mutants: [
      {
        id: 'quadratic-q5-threshold',
        rule: 'Q5, Q6: a verdict takes n − f accepted votes, not 2f + 1',
        find: 'round.verdict(before, this.#nMinusF)',
        replace: 'round.verdict(before, 2 * this.#committee.f + 1)',
      },
      {
        id: 'quadratic-q6-own-vote',
        rule: 'Q5, Q6: a stage follows only after the own vote of the stage before',
        find: '!hasVoted(own, before) || hasVoted(own, stage)',
        replace: 'hasVoted(own, stage)',
      },
      {
        id: 'quadratic-q7-own-vote',
        rule: 'Q7: the round ends only after the own last vote',
        find: 'if (!progress.voting || !hasVoted(this.#own.of(this.#window.current), lastStage)) return false',
        replace: 'if (!progress.voting) return false',
      },
      {
        id: 'quadratic-r3-prevote',
        rule: 'R3: a reproposal sends PREVOTE_0(1), in any round',
        find: 'this.#prevotes.say(0 as Round, 1)',
        replace: '',
        tests: ['round-zero.test.ts'],
      },
      {
        id: 'quadratic-fast-in-aba',
        rule: 'FAST is a fault in an agreement without reproposal, and no vote',
        find: "if (!this.#setup.reproposable) this.#effects.fault({ rule: 'raba/unexpected-fast', peer: from })\n    else ",
        replace: '',
      },
    ],
  },
  {
    variant: 'quadratic',
    file: 'rounds/voting-round.ts',
    tests: ['ordinary-round.test.ts'],
    mutants: [
      {
        id: 'quadratic-prevote-once',
        rule: 'A PREVOTE counts once per peer and value',
        find: 'if (hasPrevote(record, bit)) return false\n',
        replace: '',
      },
      {
        id: 'quadratic-vote-once',
        rule: 'The first vote of a peer in a stage counts, later ones do not',
        find: "if (hasVoted(record, stage)) return voteOf(record, stage) === value ? 'duplicate' : 'conflict'\n",
        replace: '',
      },
    ],
  },
  {
    variant: 'window',
    file: 'rounds/window.ts',
    tests: ['window.test.ts'],
    mutants: [
      {
        id: 'window-unbounded',
        rule: 'Votes are stored at most `roundsAhead` rounds ahead',
        find: 'return round <= this.#current + this.#roundsAhead',
        replace: 'return round <= this.#current + this.#roundsAhead + 1000',
      },
      {
        id: 'window-forgets-missed',
        rule: 'What came from beyond the window is asked for once the window is there',
        find: 'this.#missed.note(from, round)',
        replace: '',
      },
      {
        id: 'window-forget',
        rule: 'A round is freed once it was left and both values were relayed',
        find: 'if (round < this.#current) this.#rounds[round] = undefined',
        replace: '',
      },
    ],
  },
  {
    variant: 'window',
    file: 'rounds/pull.ts',
    tests: ['window.test.ts'],
    mutants: [
      {
        id: 'pull-once',
        rule: 'Each round is answered once per peer',
        find: 'Math.max(fromRound, this.#answeredBelow[peer] as number)',
        replace: 'fromRound',
      },
      {
        id: 'pull-at-most',
        rule: 'An answer holds at most a window of rounds',
        find: 'Math.min(toRound, rounds - 1, from + this.#roundsMax - 1)',
        replace: 'Math.min(toRound, rounds - 1)',
      },
    ],
  },
  {
    variant: 'quadratic',
    file: 'rounds/prevotes.ts',
    tests: ['ordinary-round.test.ts'],
    mutants: [
      {
        id: 'quadratic-q2-threshold',
        rule: 'Q2: f + 1 PREVOTE(v) are amplified, not one',
        find: 'if (round.prevotes(1) >= this.#fPlus1) this.say(number, 1)',
        replace: 'if (round.prevotes(1) >= 1) this.say(number, 1)',
      },
    ],
  },
  {
    variant: 'quadratic',
    file: 'rounds/settling.ts',
    tests: ['ordinary-round.test.ts'],
    mutants: [
      {
        id: 'quadratic-q2-past-rounds',
        rule: 'Q2: PREVOTEs of rounds that were left are amplified, too',
        find: 'else this.#amplify(round, this.#window.at(round))',
        replace: '',
        tests: ['term.test.ts'],
      },
    ],
  },
  {
    variant: 'quadratic',
    file: 'rounds/progress.ts',
    tests: ['ordinary-round.test.ts'],
    mutants: [
      {
        id: 'quadratic-estimate-decided',
        rule: 'Q7: the estimate of a decided member is its decision',
        find: 'const next = participation.decision ?? estimate',
        replace: 'const next = estimate',
      },
      {
        id: 'quadratic-brake',
        rule: 'B: enter no round after the one that follows the own decision',
        find: 'brake && this.#ruleDecidedRound !== undefined && left > this.#ruleDecidedRound',
        replace: 'left < 0',
        tests: ['term.test.ts'],
      },
      {
        id: 'quadratic-common-coin',
        rule: 'A common coin is flipped in every round that is left, for the others',
        find: "(next === 'coin' || everybodyFlips)",
        replace: "next === 'coin'",
        tests: ['window.test.ts'],
      },
    ],
  },
  {
    variant: 'quadratic',
    file: 'rounds/participation.ts',
    tests: ['ordinary-round.test.ts'],
    mutants: [
      {
        id: 'quadratic-t2-ends-waiting',
        rule: 'T2 ends the waiting for a coin',
        find: 'else this.#options.onTerm()',
        replace: '',
        tests: ['window.test.ts'],
      },
      {
        id: 'quadratic-stops-broken',
        rule: 'Whoever has seen a contradiction stops voting',
        find: 'return !this.#broken\n',
        replace: 'return true\n',
      },
      {
        id: 'quadratic-told-once',
        rule: 'A halted member answers a request with TERM once per peer',
        find: "if (this.#toldHalted.add(from)) this.#effects.send(from, { type: 'term', bit: decision })",
        replace: "this.#effects.send(from, { type: 'term', bit: decision })",
        tests: ['term.test.ts'],
      },
    ],
  },
  {
    variant: 'quadratic',
    file: 'rounds/take-part.ts',
    tests: ['term.test.ts'],
    mutants: [
      {
        id: 'quadratic-frees',
        rule: 'T3: after the halt nothing is kept',
        find: 'window.clear()',
        replace: '',
        tests: ['term.test.ts'],
      },
    ],
  },
  {
    variant: 'quadratic',
    file: 'rounds/vote-slots.ts',
    tests: ['ordinary-round.test.ts'],
    mutants: [
      {
        id: 'quadratic-conflict',
        rule: 'A second, different vote is its sender’s fault',
        find: "if (outcome === 'conflict') return this.#blame(from, this.#ballot.conflicts[stage] as string, number)",
        replace: '',
      },
      {
        id: 'quadratic-late-votes',
        rule: 'Votes of a stage of a round that was left blame nobody',
        find: 'if (number < this.#window.current) return false\n',
        replace: '',
      },
    ],
  },
  {
    variant: 'quadratic',
    file: 'quadratic/ballot.ts',
    tests: ['ordinary-round.test.ts'],
    mutants: [
      {
        id: 'quadratic-last-stage',
        rule: 'A vote of a stage that the round does not have is a fault',
        find: 'stage > rulesOf(rounds, round).lastStage',
        replace: 'stage < 0 * rulesOf(rounds, round).lastStage',
      },
    ],
  },
  {
    variant: 'quadratic',
    file: 'rounds/outcome.ts',
    tests: ['ordinary-round.test.ts'],
    mutants: [
      {
        id: 'quadratic-q7-decide',
        rule: 'Q7: n − f FIXVOTE(v) decide v, not n − f − 1',
        find: 'if (ones >= enough) return DECIDE[1]',
        replace: 'if (ones >= enough - 1) return DECIDE[1]',
      },
      {
        id: 'quadratic-q7-wait',
        rule: 'Q7: the round ends on n − f accepted last votes',
        find: 'if (zeros + ones + stars < enough) return undefined',
        replace: 'if (zeros + ones + stars < enough - 1) return undefined',
      },
      {
        id: 'quadratic-q7-adopt',
        rule: 'Q7: some accepted FIXVOTE(v): est := v',
        find: 'return ones > 0 ? ADOPT[1] : FLIP',
        replace: 'return FLIP',
      },
    ],
  },
]
