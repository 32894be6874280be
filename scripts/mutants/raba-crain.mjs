/** Mutants of Crain's agreement. */
export default [
  {
    variant: 'crain',
    file: 'crain/rules.ts',
    tests: ['crain/crain.test.ts'],
    mutants: [
      {
        id: 'crain-e6-threshold',
        rule: 'E6: x := v on n − f CONF({v}), not on f + 1',
        find: 'round.verdict(CONF, nMinusF(committee))',
        replace: 'round.verdict(CONF, committee.f + 1)',
      },
      {
        id: 'crain-e6-conf',
        rule: 'E6: x comes of the CONF, not of the AUX',
        find: 'round.verdict(CONF, nMinusF(committee))',
        replace: 'round.verdict(AUX, nMinusF(committee))',
      },
      {
        id: 'crain-binding',
        rule: 'CONF stands between the stages, and makes the round binding',
        find: '  lastOfStageOne: CONF,\n',
        replace: '  lastOfStageOne: AUX,\n',
        tests: ['crain/crain-attack.test.ts'],
      },
    ],
  },
  {
    variant: 'crain',
    file: 'crain/round.ts',
    tests: ['crain/crain.test.ts'],
    mutants: [
      {
        id: 'crain-accept-aux2',
        rule: 'AUX2(w) is accepted on w ∈ bset2',
        find: 'return this.bset2.has(value)',
        replace: 'return true',
      },
      {
        id: 'crain-accept-star',
        rule: 'CONF({0, 1}) is accepted on bset = {0, 1}',
        find: 'this.bset.has(0) && this.bset.has(1)',
        replace: 'this.bset.has(0) || this.bset.has(1)',
      },
      {
        id: 'crain-accept-bit',
        rule: 'AUX(v) and CONF({v}) are accepted on v ∈ bset',
        find: ': this.bset.has(value)\n',
        replace: ': true\n',
      },
      {
        id: 'crain-vote-once',
        rule: 'The first AUX, CONF and AUX2 of a peer count, later ones do not',
        find: "if (!isRelayed(kind) && saysAny(record, kind)) return 'conflict'\n",
        replace: '',
      },
      {
        id: 'crain-relayed-once',
        rule: 'A vote counts once per peer and value',
        find: "if (says(record, kind, value)) return 'duplicate'\n",
        replace: '',
      },
    ],
  },
  {
    variant: 'crain',
    file: 'crain/crain-agreement.ts',
    tests: ['crain/crain.test.ts'],
    mutants: [
      {
        id: 'crain-e2-threshold',
        rule: 'E2, E7: f + 1 EST(v) or EST2(w) are relayed, not one',
        find: 'if (round.count(kind, value) >= fPlus1(this.#committee)) this.#say',
        replace: 'if (round.count(kind, value) >= 1) this.#say',
      },
      {
        id: 'crain-e7-stage-two',
        rule: 'E7: EST2 are relayed as EST are',
        find: 'for (const kind of [EST, EST2] as const) {',
        replace: 'for (const kind of [EST] as const) {',
      },
      {
        id: 'crain-e3-threshold',
        rule: 'E3, E8: 2f + 1 put a value into bset or bset2, not f + 1',
        find: 'const enough = twoFPlus1(this.#committee)',
        replace: 'const enough = twoFPlus1(this.#committee) - this.#committee.f',
      },
      {
        id: 'crain-own-first',
        rule: 'E3, E8: of several values in one pass the own one is first',
        find: 'if (own !== undefined && round.count(kind, own) >= enough) won.add(own)\n',
        replace: '',
      },
      {
        id: 'crain-e5-threshold',
        rule: 'E5: CONF on n − f accepted AUX, not on 2f + 1',
        find: 'round.verdict(AUX, nMinusF(this.#committee))',
        replace: 'round.verdict(AUX, twoFPlus1(this.#committee))',
      },
      {
        id: 'crain-e6-own-conf',
        rule: 'E6: EST2 only after the own CONF',
        find: 'if (this.#carried !== undefined || !saysAny(own, rules.lastOfStageOne)) return\n',
        replace: 'if (this.#carried !== undefined) return\n',
      },
      {
        id: 'crain-e6-fixed',
        rule: 'E6: x is taken once',
        find: 'if (this.#carried !== undefined || !saysAny(own, rules.lastOfStageOne)) return\n',
        replace: 'if (!saysAny(own, rules.lastOfStageOne)) return\n',
      },
      {
        id: 'crain-e9-own-est2',
        rule: 'E9: AUX2 only after the own EST2',
        find: 'if (this.#carried !== undefined && round.bset2.first !== undefined) {',
        replace: 'if (round.bset2.first !== undefined) {',
      },
      {
        id: 'crain-e10-own-aux2',
        rule: 'E10: the round ends only after the own AUX2',
        find: 'if (!progress.voting || !saysAny(this.#own.of(current), AUX2)) return false',
        replace: 'if (!progress.voting) return false',
      },
      {
        id: 'crain-e10-no-coin',
        rule: 'E10: who decides asks for no coin',
        find: 'progress.leave(outcome, outcome.decision === undefined)',
        replace: 'progress.leave(outcome, true)',
      },
      {
        id: 'crain-contradiction',
        rule: 'Assert: both bits in bset2 stop the member',
        find: 'if (round.bset2.has(0) && round.bset2.has(1)) {',
        replace: 'if (current < 0) {',
      },
      {
        id: 'crain-forget',
        rule: 'An earlier round is kept until all that correct members say was relayed',
        find: "says(own, EST, 1) && says(own, EST2, '*')",
        replace: 'says(own, EST, 1)',
        tests: ['crain/crain-window.test.ts'],
      },
    ],
  },
  {
    variant: 'crain',
    file: 'crain/vote-slots.ts',
    tests: ['crain/crain.test.ts'],
    mutants: [
      {
        id: 'crain-no-conf',
        rule: 'The two stages alone have no CONF: one is a fault',
        find: 'if (kind === CONF && this.#rules.lastOfStageOne === AUX) {',
        replace: 'if (kind === CONF && number < 0) {',
      },
      {
        id: 'crain-late-votes',
        rule: 'Votes that are not relayed, of a round that was left, blame nobody',
        find: 'if (number < this.#window.current && !isRelayed(kind)) return false\n',
        replace: '',
      },
      {
        id: 'crain-past-rounds',
        rule: 'EST and EST2 of rounds that were left count',
        find: 'if (number < this.#window.current && !isRelayed(kind)) return false\n',
        replace: 'if (number < this.#window.current) return false\n',
      },
      {
        id: 'crain-conflict',
        rule: 'A second, different AUX, CONF or AUX2 is its sender’s fault',
        find: "if (outcome === 'conflict') return this.#blame(from, CONFLICTS[kind] as string, number)\n",
        replace: '',
      },
      {
        id: 'crain-est2-conflict',
        rule: 'EST2 of both bits is its sender’s fault',
        find: "if (value === '*' || !round.hasSaid(from, EST2, opposite(value))) return\n",
        replace: "if (value !== '*' || !round.hasSaid(from, EST2, opposite(0))) return\n",
      },
    ],
  },
  {
    variant: 'crain',
    file: 'rounds/outcome.ts',
    tests: ['crain/crain.test.ts'],
    mutants: [
      {
        id: 'crain-e10-adopt',
        rule: 'E10: v and *: est := v',
        find: 'return ones > 0 ? ADOPT[1] : FLIP',
        replace: 'return FLIP',
      },
    ],
  },
]
