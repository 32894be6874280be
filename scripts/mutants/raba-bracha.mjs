/** Mutants of Bracha's agreement. */
export default [
  {
    variant: 'bracha',
    file: 'bracha/validity.ts',
    tests: ['bracha.test.ts'],
    mutants: [
      {
        id: 'bracha-estimate',
        rule: 'Step 1 of round r + 1, v: valid on f + 1 (D, v) or where a coin may have been flipped',
        find: 'return unsure >= nMinusF(committee)',
        replace: 'return unsure >= 0',
      },
      {
        id: 'bracha-estimate-threshold',
        rule: 'Step 1 of round r + 1, v: f + 1 (D, v), not one',
        find: 'if (before(3, marked(bit)) >= fPlus1(committee)) return true',
        replace: 'if (before(3, marked(bit)) >= 1) return true',
        explained:
          'With one to f valid (D, v) there is no valid (D, 1 − v), so the next line counts every valid step-3 vote of r; there are n − f of them once the member has left r, and before that nobody reads a vote of r + 1.',
      },
      {
        id: 'bracha-estimate-unsure',
        rule: 'Step 1 of round r + 1, v: a coin only where at most f of n − f votes are (D, ·)',
        find: "Math.min(before(3, 'D0'), f) + Math.min(before(3, 'D1'), f)",
        replace: "before(3, 'D0') + before(3, 'D1') + 0 * f",
      },
      {
        id: 'bracha-majority',
        rule: 'Step 2, v: some n − f valid step-1 votes have majority v',
        find: 'return total(count, 1) >= enough && count(1, bit) >= half',
        replace: 'return total(count, 1) >= enough',
      },
      {
        id: 'bracha-majority-total',
        rule: 'Step 2, v: n − f step-1 votes are valid',
        find: 'return total(count, 1) >= enough && count(1, bit) >= half',
        replace: 'return count(1, bit) >= half',
      },
      {
        id: 'bracha-marked',
        rule: 'Step 3, (D, v): more than n/2 valid step-2 votes are v',
        find: 'total(count, 2) >= nMinusF(committee) && isMoreThanHalf(count(2, bit), committee)',
        replace: 'total(count, 2) >= nMinusF(committee)',
      },
      {
        id: 'bracha-marked-total',
        rule: 'Step 3, (D, v): n − f step-2 votes are valid',
        find: 'total(count, 2) >= nMinusF(committee) && isMoreThanHalf(count(2, bit), committee)',
        replace: 'isMoreThanHalf(count(2, bit), committee)',
      },
      {
        id: 'bracha-plain',
        rule: 'Step 3, plain v: some n − f valid step-2 votes have no value with more than n/2',
        find: 'return Math.min(count(2, 0), half) + Math.min(count(2, 1), half) >= nMinusF(committee)',
        replace: 'return count(2, 0) + count(2, 1) >= nMinusF(committee) - 0 * half',
      },
      {
        id: 'bracha-more-than-half',
        rule: 'More than n/2, not n/2, so that two values cannot both have it',
        find: '2 * votes > n',
        replace: '2 * votes >= n',
      },
    ],
  },
  {
    variant: 'bracha',
    file: 'bracha/round.ts',
    tests: ['bracha.test.ts'],
    mutants: [
      {
        id: 'bracha-plain-own-value',
        rule: 'Step 3, plain v: v is the sender’s own valid step-2 vote',
        find: 'return this.#isValidAs(2, proposer, vote) && table.plain(this.count, committee)',
        replace: 'return table.plain(this.count, committee)',
      },
      {
        id: 'bracha-before-unknown',
        rule: 'Step 1 is not valid as long as nothing of the round before is known',
        find: 'before !== undefined && table.estimate(before, vote as Bit, committee)',
        replace: 'before === undefined || table.estimate(before, vote as Bit, committee)',
      },
    ],
  },
  {
    variant: 'bracha',
    file: 'bracha/bracha-agreement.ts',
    tests: ['bracha.test.ts'],
    mutants: [
      {
        id: 'bracha-step-threshold',
        rule: 'A step ends on n − f valid votes',
        find: 'if (total(count, step) < nMinusF(this.#committee)) return false',
        replace: 'if (total(count, step) < nMinusF(this.#committee) - 1) return false',
      },
      {
        id: 'bracha-tie',
        rule: 'Step 1: a tie gives 0',
        find: 'count(1, 1) > count(1, 0) ? 1 : 0',
        replace: 'count(1, 1) >= count(1, 0) ? 1 : 0',
      },
      {
        id: 'bracha-decide',
        rule: 'Step 3: n − f (D, v) decide v, not f + 1',
        find: 'const decision = sure >= nMinusF(this.#committee) ? bit : undefined',
        replace: 'const decision = sure >= fPlus1(this.#committee) ? bit : undefined',
      },
      {
        id: 'bracha-adopt',
        rule: 'Step 3: f + 1 (D, v) are adopted, not one',
        find: "const estimate = sure >= fPlus1(this.#committee) ? bit : 'coin'",
        replace: "const estimate = sure >= 1 ? bit : 'coin'",
      },
      {
        id: 'bracha-malformed',
        rule: 'A broadcast that holds no vote of its step is its proposer’s fault, and no vote',
        find: 'if (vote === undefined) {',
        replace: "if (vote === ('none' as unknown)) {",
      },
      {
        id: 'bracha-window',
        rule: 'Broadcasts of rounds beyond the window are not taken in',
        find: 'if (!this.#rounds.covers(round)) this.#rounds.noteMissed(from, round)\n    else this.#broadcasts',
        replace: 'this.#broadcasts',
      },
      {
        id: 'bracha-contradiction',
        rule: 'Assert: valid (D, 0) with valid (D, 1) stop the member',
        find: 'if (zeros > 0 && ones > 0) {',
        replace: 'if (zeros > this.#committee.n) {',
        explained:
          'Each of (D, 0) and (D, 1) is valid only with more than n/2 of the n step-2 votes for its value, and a member has one step-2 vote, so the two never meet: the assert would only tell of a bug in the table.',
      },
    ],
  },
  {
    variant: 'bracha',
    file: 'rounds/vote-broadcasts.ts',
    tests: ['bracha.test.ts'],
    mutants: [
      {
        id: 'bracha-one-byte',
        rule: 'A broadcast that carries more than a byte is refused',
        find: 'if (rbc.payloadBytesMax !== 1) {',
        replace: 'if (rbc.payloadBytesMax < 1) {',
      },
      {
        id: 'bracha-resend-to',
        rule: 'What was sent to one member is sent again to that member only',
        find: "if (to === 'all' || to === peer) this",
        replace: 'if (to !== undefined) this',
      },
    ],
  },
  {
    variant: 'bracha',
    file: 'rounds/progress.ts',
    tests: ['bracha.test.ts'],
    mutants: [
      {
        id: 'bracha-brake',
        rule: 'B: enter no round after the one that follows the own decision',
        find: 'brake && this.#ruleDecidedRound !== undefined && left > this.#ruleDecidedRound',
        replace: 'left < 0',
      },
      {
        id: 'bracha-common-coin',
        rule: 'A common coin is flipped in every round that is left, for the others',
        find: "(next === 'coin' || everybodyFlips)",
        replace: "next === 'coin'",
      },
    ],
  },
  {
    variant: 'bracha',
    file: 'rounds/participation.ts',
    tests: ['bracha.test.ts'],
    mutants: [
      {
        id: 'bracha-told-once',
        rule: 'A halted member answers a request with TERM once per peer',
        find: "if (this.#toldHalted.add(from)) this.#effects.send(from, { type: 'term', bit: decision })",
        replace: "this.#effects.send(from, { type: 'term', bit: decision })",
      },
    ],
  },
]
