/** Mutants of the agreements over a common coin: Cobalt, MMR, PACE over Cobalt. */
export default [
  {
    variant: 'cobalt',
    file: 'cobalt/rules.ts',
    tests: ['cobalt.test.ts'],
    mutants: [
      {
        id: 'cobalt-5-threshold',
        rule: '5: CONF on n − f accepted AUX, not on 2f + 1',
        find: 'round.verdict(AUX, nMinusF(committee))',
        replace: 'round.verdict(AUX, 2 * committee.f + 1)',
      },
      {
        id: 'cobalt-union',
        rule: '6: U := {v} on n − f CONF({v}), not on f + 1',
        find: 'round.verdict(CONF, nMinusF(committee))',
        replace: 'round.verdict(CONF, fPlus1(committee))',
      },
      {
        id: 'cobalt-contradiction',
        rule: 'Assert: f + 1 CONF({0}) with f + 1 CONF({1}) stop the member',
        find: 'round.accepted(CONF, 0) >= fPlus1(committee) && round.accepted(CONF, 1) >= fPlus1(committee)',
        replace: 'round.accepted(CONF, 0) > committee.n',
      },
    ],
  },
  {
    variant: 'cobalt',
    file: 'cobalt/stages.ts',
    tests: ['cobalt.test.ts'],
    mutants: [
      {
        id: 'mmr-no-conf',
        rule: 'MMR has no CONF: one is a fault',
        find: 'stage > lastStage',
        replace: 'stage < 0 * lastStage',
        tests: ['mmr.test.ts'],
      },
      {
        id: 'cobalt-accept-aux',
        rule: 'AUX(v) is accepted on v ∈ bset',
        find: '  vote: (round, bit) => round.inBset(bit),',
        replace: '  vote: () => true,',
      },
      {
        id: 'cobalt-accept-conf',
        rule: 'CONF({v}) is accepted on v ∈ bset',
        find: '  mainvote: (round, bit) => round.inBset(bit),',
        replace: '  mainvote: () => true,',
      },
      {
        id: 'cobalt-accept-star',
        rule: 'CONF({0, 1}) is accepted on bset = {0, 1}',
        find: 'star: round => round.inBset(0) && round.inBset(1),',
        replace: 'star: () => true,',
      },
    ],
  },
  {
    variant: 'cobalt',
    file: 'cobalt/cobalt-agreement.ts',
    tests: ['cobalt.test.ts'],
    mutants: [
      {
        id: 'cobalt-3-lowered',
        rule: '3: 2f + 1 BVAL(v) put v into bset, not f + 1',
        find: 'return lowered ? fPlus1(this.#committee) : twoFPlus1(this.#committee)',
        replace: 'return lowered ? fPlus1(this.#committee) : fPlus1(this.#committee)',
      },
      {
        id: 'cobalt-6-own-conf',
        rule: '6: the coin is asked for only after the own CONF',
        find: 'this.#union !== undefined || !hasVoted(own, rules.lastStage)',
        replace: 'this.#union !== undefined',
      },
      {
        id: 'cobalt-6-fixed',
        rule: '6: U is fixed when the share leaves',
        find: 'this.#union !== undefined || !hasVoted(own, rules.lastStage)',
        replace: '!hasVoted(own, rules.lastStage)',
      },
      {
        id: 'cobalt-7-decide',
        rule: '7: U = {v} decides v only if the coin is v',
        find: 'const decision = union === coin ? coin : undefined',
        replace: "const decision = union === '*' ? undefined : union",
      },
      {
        id: 'cobalt-7-estimate',
        rule: '7: U = {v}: est := v, whatever the coin says',
        find: "estimate: union === '*' ? coin : union",
        replace: 'estimate: coin',
      },
      {
        id: 'pace-p2-one',
        rule: 'P2: f + 1 BVAL_0(1) put 1 into bset_0',
        find: 'const lowered = bit === 1 && this.#isBiased(this.#window.current)',
        replace: 'const lowered = bit === 1 && this.#window.current < 0',
        tests: ['pace.test.ts'],
      },
      {
        id: 'pace-p2-zero',
        rule: 'P2: value 0 needs 2f + 1 BVAL_0(0)',
        find: 'const lowered = bit === 1 && this.#isBiased(this.#window.current)',
        replace: 'const lowered = this.#isBiased(this.#window.current)',
        tests: ['pace.test.ts'],
      },
      {
        id: 'pace-p2-round',
        rule: 'P2 holds in round 0 only',
        find: 'const lowered = bit === 1 && this.#isBiased(this.#window.current)',
        replace: 'const lowered = bit === 1',
        tests: ['pace.test.ts'],
      },
      {
        id: 'pace-fast-unsent',
        rule: 'P1, P2: the fast path only as long as AUX_0 is unsent',
        find: '!round.inBset(1) || hasVoted(this.#own.of(current), AUX)',
        replace: '!round.inBset(1) || hasVoted(this.#own.of(current), CONF)',
        tests: ['pace.test.ts'],
      },
      {
        id: 'pace-p3',
        rule: 'P3: a reproposal sends BVAL_0(1), in any round',
        find: 'this.#bvals.say(0 as Round, 1)',
        replace: '',
        tests: ['pace.test.ts'],
      },
      {
        id: 'pace-p4',
        rule: 'P4: the coin of round 0 is the constant 1, and no share is sent',
        find: 'if (biased) return this.#meetCoin(union, 1)\n',
        replace: '',
        tests: ['pace.test.ts'],
      },
      {
        id: 'pace-p4-messages',
        rule: 'P4: a coin message of round 0 is a fault',
        find: 'if (this.#isBiased(envelope.round)) this',
        replace: 'if (envelope.round < 0) this',
        tests: ['pace.test.ts'],
      },
    ],
  },
  {
    variant: 'cobalt',
    file: 'cobalt/setup.ts',
    tests: ['cobalt.test.ts'],
    mutants: [
      {
        id: 'cobalt-common-coin',
        rule: 'A coin that is not common is refused',
        find: 'if (coin.common !== true) {',
        replace: 'if (coin.common === undefined) {',
      },
    ],
  },
  {
    variant: 'MMR',
    file: 'mmr/mmr-rules.ts',
    tests: ['mmr.test.ts'],
    mutants: [
      {
        id: 'mmr-union',
        rule: 'U is the set of n − f accepted AUX, not of f + 1',
        find: 'round.verdict(AUX, nMinusF(committee))',
        replace: 'round.verdict(AUX, nMinusF(committee) - committee.f)',
      },
    ],
  },
  {
    variant: 'cobalt',
    file: 'rounds/prevotes.ts',
    tests: ['cobalt.test.ts'],
    mutants: [
      {
        id: 'cobalt-2-threshold',
        rule: '2: f + 1 BVAL(v) are relayed, not one',
        find: 'if (round.prevotes(1) >= this.#fPlus1) this.say(number, 1)',
        replace: 'if (round.prevotes(1) >= 1) this.say(number, 1)',
      },
    ],
  },
  {
    variant: 'cobalt',
    file: 'rounds/settling.ts',
    tests: ['cobalt-window.test.ts'],
    mutants: [
      {
        id: 'cobalt-2-past-rounds',
        rule: '2: BVALs of rounds that were left are relayed, too',
        find: 'else this.#amplify(round, this.#window.at(round))',
        replace: '',
      },
    ],
  },
  {
    variant: 'cobalt',
    file: 'rounds/progress.ts',
    tests: ['cobalt.test.ts'],
    mutants: [
      {
        id: 'cobalt-estimate-decided',
        rule: 'The estimate of a decided member is its decision',
        find: 'const next = participation.decision ?? estimate',
        replace: 'const next = estimate',
      },
    ],
  },
  {
    variant: 'cobalt',
    file: 'rounds/participation.ts',
    tests: ['cobalt.test.ts'],
    mutants: [
      {
        id: 'cobalt-told-once',
        rule: 'A halted member answers a request with TERM once per peer',
        find: "if (this.#toldHalted.add(from)) this.#effects.send(from, { type: 'term', bit: decision })",
        replace: "this.#effects.send(from, { type: 'term', bit: decision })",
      },
      {
        id: 'cobalt-window-of-coins',
        rule: 'Messages of a coin beyond the window are not passed on',
        find: 'if (rounds.covers(envelope.round)) this.#roundCoins()',
        replace: 'if (envelope.round >= 0) this.#roundCoins()',
      },
    ],
  },
  {
    variant: 'cobalt',
    file: 'rounds/vote-slots.ts',
    tests: ['cobalt.test.ts'],
    mutants: [
      {
        id: 'cobalt-conflict',
        rule: 'A second, different AUX or CONF is its sender’s fault',
        find: "if (outcome === 'conflict') return this.#blame(from, this.#ballot.conflicts[stage] as string, number)",
        replace: '',
      },
      {
        id: 'cobalt-late-votes',
        rule: 'Votes of a stage of a round that was left blame nobody',
        find: 'if (number < this.#window.current) return false\n',
        replace: '',
      },
    ],
  },
  {
    variant: 'crusader',
    file: 'crusader/crusader-rules.ts',
    tests: ['crusader.test.ts'],
    mutants: [
      {
        id: 'crusader-early',
        rule: 'C5: CONF({0, 1}) as soon as bset = {0, 1}',
        find: "return both ? '*' : undefined",
        replace: 'return both ? undefined : undefined',
      },
      {
        id: 'crusader-both',
        rule: 'C5: CONF({0, 1}) only on bset = {0, 1}',
        find: 'round.inBset(0) && round.inBset(1)',
        replace: 'round.inBset(0) || round.inBset(1)',
      },
      {
        id: 'crusader-unanimous-first',
        rule: 'C5: n − f AUX(v) give CONF({v}), also where bset = {0, 1}',
        find: 'if (values !== undefined) return values\n',
        replace: '',
      },
    ],
  },
]
