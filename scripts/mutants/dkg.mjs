/** Mutants of the key generations: over a ledger, and the asynchronous one. */
export default [
  {
    variant: 'ledger',
    file: 'ledger/ledger-dkg.ts',
    tests: ['ledger-dkg.test.ts'],
    mutants: [
      {
        id: 'ledger-rows-verified',
        rule: '2: a row is good only if it is the one that it is committed to',
        find: 'if (allGood || verifyRows(this.#options, claims.slice(at, at + 1))) {',
        replace: 'if (allGood || claims.length > at) {',
      },
      {
        id: 'ledger-one-point',
        rule: '4: a member that acknowledges twice gives one point',
        find: 'dealing.wantsValues && !dealing.seen.acknowledgers.has(from)',
        replace: 'dealing.wantsValues',
      },
      {
        id: 'ledger-row-bound',
        rule: 'A row is bound to its dealer and commitment',
        find: "return boxContext(this.#session, 'row', dealer, commitment)",
        replace: "return boxContext(this.#session, 'row', 0 * dealer, commitment.subarray(0, 0))",
      },
    ],
  },
  {
    variant: 'ledger',
    file: 'ledger/transcript.ts',
    tests: ['ledger-dkg.test.ts'],
    mutants: [
      {
        id: 'ledger-complete',
        rule: '4: a dealing is complete on 2f + 1 acknowledgements, not on 2f',
        find: 'dealing.acknowledgers.size >= twoFPlus1(this.#options.committee)',
        replace: 'dealing.acknowledgers.size >= twoFPlus1(this.#options.committee) - 1',
      },
      {
        id: 'ledger-needed',
        rule: '5: n − f complete dealings make the key, not fewer',
        find: 'if (this.#complete.length < needed) return',
        replace: 'if (this.#complete.length < needed - 1) return',
      },
      {
        id: 'ledger-session',
        rule: 'Operations of another session are refused',
        find: 'if (!equalBytes(bytes.subarray(0, SESSION_BYTES), this.#options.session)) {',
        replace: 'if (bytes.length < 0) {',
      },
      {
        id: 'ledger-first-dealing',
        rule: '2: the first dealing of a dealer stands',
        find: 'if (earlier !== undefined) {',
        replace: 'if (earlier !== undefined && bytes.length < 0) {',
      },
      {
        id: 'ledger-closed',
        rule: '5: a dealing that comes late changes nothing',
        find: 'if (!isEnough || this.#keys !== undefined || this.#complete.includes(dealing)) continue',
        replace: 'if (!isEnough || this.#complete.includes(dealing)) continue',
      },
      {
        id: 'ledger-unknown-dealing',
        rule: '4: whoever acknowledges what the log does not hold is named',
        find: 'if (!dealings.every(dealing => dealing !== undefined)) {',
        replace: 'if (dealings.length < 0) {',
      },
    ],
  },
  {
    variant: 'ledger',
    file: 'ledger/dealing.ts',
    tests: ['ledger-dkg.test.ts'],
    mutants: [
      {
        id: 'ledger-values-verified',
        rule: '4: a point counts only if it is on our row',
        find: 'if (!verifyValues(setting, [claim])) return false\n',
        replace: '',
      },
    ],
  },
  {
    variant: 'network',
    file: 'network/generation.ts',
    tests: ['network/network-keys.test.ts'],
    mutants: [
      {
        id: 'network-generation',
        rule: 'A statement about the keys of another configuration is refused',
        find: 'if (!equalBytes(statement.generation, this.id)) {',
        replace: 'if (statement.generation.length === 0) {',
      },
      {
        id: 'network-first-box-key',
        rule: 'The first box key of a member stands',
        find: 'if (this.#boxKeys[from] !== undefined) return',
        replace: 'if (from < 0) return',
      },
      {
        id: 'network-box-key',
        rule: 'A box key is an element of the group',
        find: 'if (this.#setting.boxes.isPublicKey(boxKey)) return undefined',
        replace: 'if (boxKey.length > 0) return undefined',
      },
      {
        id: 'network-grace',
        rule: 'Who announces no box key is waited for once n − f have, and no longer than the grace',
        find: 'this.#opensAt = event.clock + this.#setting.graceMs',
        replace: 'this.#opensAt = event.clock + 0 * this.#setting.graceMs',
      },
      {
        id: 'network-second-dealing',
        rule: 'A second dealing is refused',
        find: 'return transcript.hasDealt(from)',
        replace: 'return transcript.hasDealt(from) && part.length === 0',
      },
      {
        id: 'network-acknowledged',
        rule: 'An acknowledgement that says nothing new of a dealing is refused',
        find: 'return dealings.some(({ acknowledgers }) => acknowledgers.has(from))',
        replace: 'return dealings.length === 0',
      },
    ],
  },
  {
    variant: 'network',
    file: 'network/network-keys.ts',
    tests: ['network/network-keys.test.ts'],
    mutants: [
      {
        id: 'network-one-decision',
        rule: 'While a configuration waits to take force, no other one is decided',
        find: 'const next = decided === undefined ? this.#next',
        replace: 'const next = decided === undefined || decided ? this.#next',
      },
      {
        id: 'network-local-first',
        rule: 'New members begin with local coins',
        find: 'return { ...members, ...place, suite: this.#keyless }',
        replace: 'return { ...members, ...place, suite: this.#setting.wanted }',
      },
      {
        id: 'network-members-only',
        rule: 'Only members say anything about keys',
        find: "if (from < 0) return refused('dkg/not-a-member'",
        replace: "if (from < -1) return refused('dkg/not-a-member'",
      },
      {
        id: 'network-forgets',
        rule: 'A generation is kept as long as its keys are in force, and no longer',
        find: 'one => one === last || isOf(one, inForce) || isOf(one, this.#latest),',
        replace: 'one => one === last || isOf(one, inForce) || one.committee.n > 0,',
      },
    ],
  },
  {
    variant: 'network',
    file: 'network/keyed-machine.ts',
    tests: ['network/network-keys.test.ts'],
    mutants: [
      {
        id: 'network-snapshot',
        rule: 'A snapshot is accepted only if what it tells leads to the root',
        find: 'return equalBytes(this.#keysRootOf(told.latest, roots), keysRoot)',
        replace: 'return keysRoot.length === 32',
      },
    ],
  },
  {
    variant: 'DYX',
    file: 'dyx/sharing.ts',
    tests: ['dyx.test.ts'],
    mutants: [
      {
        id: 'dyx-ok',
        rule: '3: READY on 2f + 1 OK, not on 2f',
        find: 'if (this.#oks.size >= twoFPlus1(this.#options.committee)) this',
        replace: 'if (this.#oks.size >= twoFPlus1(this.#options.committee) - 1) this',
      },
      {
        id: 'dyx-ready',
        rule: '4: READY on f + 1 READY, not on one',
        find: 'if (this.#readies.size >= fPlus1(this.#options.committee)) this',
        replace: 'if (this.#readies.size >= 1) this',
      },
      {
        id: 'dyx-complete',
        rule: '4: complete on 2f + 1 READY, not on f + 1',
        find: 'if (this.#readies.size < twoFPlus1(this.#options.committee)) return',
        replace: 'if (this.#readies.size < fPlus1(this.#options.committee)) return',
      },
      {
        id: 'dyx-possession',
        rule: '2: a dealing whose ephemeral key is not proven is none',
        find: 'if (!this.#isPossessed(dealing)) {',
        replace: 'if (dealing === undefined) {',
      },
      {
        id: 'dyx-good-share',
        rule: '2, 6: a share is good only if it is the one that is committed to',
        find: 'return verifyPoints(this.#options, this.#options.base, [{ commitment, member, value }])\n',
        replace: 'return commitment.length + member >= 0\n',
      },
      {
        id: 'dyx-implication',
        rule: '5: an implication that shows nothing makes nobody reveal',
        find: "if (shown.type === 'false-disclosure') return false\n",
        replace: '',
      },
      {
        id: 'dyx-implication-good',
        rule: '5: who opens a good box blames nobody',
        find: 'return this.#goodShare(dealing, from, message) === undefined',
        replace: 'return message !== undefined || dealing !== undefined',
      },
      {
        id: 'dyx-reveal-once',
        rule: '6: a share that one member reveals twice counts once',
        find: 'if (this.#share !== undefined || !this.#revealers.add(from)) return',
        replace: 'if (this.#share !== undefined) return',
      },
      {
        id: 'dyx-reveals',
        rule: '6: f + 1 good REVEALs give the share, not f',
        find: 'if (this.#points.length < fPlus1(committee)) return',
        replace: 'if (this.#points.length < committee.f) return',
      },
    ],
  },
  {
    variant: 'DYX',
    file: 'dyx/key-set.ts',
    tests: ['dyx.test.ts'],
    mutants: [
      {
        id: 'dyx-key-set-size',
        rule: '3: a key set names more than f dealers',
        find: 'hasLength && isCanonical && dealers.length >= fPlus1(committee)',
        replace: 'hasLength && isCanonical && dealers.length < committee.n + fPlus1(committee)',
      },
      {
        id: 'dyx-key-set-bits',
        rule: '3: a key set names members and nobody else',
        find: 'hasLength && isCanonical &&',
        replace: 'hasLength && (isCanonical || hasLength) &&',
      },
    ],
  },
  {
    variant: 'DYX',
    file: 'dyx/derivation.ts',
    tests: ['dyx.test.ts'],
    mutants: [
      {
        id: 'dyx-derivation-proof',
        rule: '7: a share in the exponent counts only if it is proven',
        find: 'if (bad.length === 0 && !verifyDleqs(group, claims as DleqClaim<Element>[])) {',
        replace: 'if (bad.length === 0 && claims.length === 0) {',
        tests: ['dyx.conformance.test.ts'],
      },
    ],
  },
]
