import { fPlus1, nMinusF, SupportSet, twoFPlus1, VoteSet } from '@mc/protocol'
import { bit, roundNumber, u8, union } from '@mc/protocol/wire'
import { HaltGadget } from '@mc/raba'

const ROUNDS_AHEAD = 64 // votes further ahead are dropped: what a peer can make us keep is bounded
const BOTH = 2 // in a CONF: the sender saw both bits

const about = { role: 'raba', name: 'raba/mine', wireVersion: 1, parameters: {} }
const votesOf = n => ({ bval: new SupportSet(n), aux: new VoteSet(n), conf: new VoteSet(n) })

/** A biased round 0, then rounds of BVAL, AUX, CONF and a common coin. */
export const myRaba = ({ coin }) => ({
  ...about,
  parts: { coin },
  codec: size =>
    union({
      bval: { round: roundNumber(), bit },
      aux: { round: roundNumber(), bit },
      conf: { round: roundNumber(), value: u8({ max: BOTH }) },
      coin: { round: roundNumber(), message: coin.codec(size) },
      term: { bit },
    }),
  create: (params, effects) => new MyRaba(coin, params, effects),
})

class MyRaba {
  #rounds = []
  #round = 0
  #estimate = 0
  #proposed // undefined, a bit, or 'again'

  constructor(coin, { committee, domain }, effects) {
    Object.assign(this, { coin, committee, domain, effects, halt: new HaltGadget(committee, effects) })
  }

  handleInput({ type, bit }) {
    if (this.#proposed !== (type === 'propose' ? undefined : 0))
      throw new RangeError(`raba/mine: ${type} too late or too early`)
    if (type === 'propose') this.#estimate = bit
    this.#proposed = bit ?? 'again'
    // Whoever speaks for 1 accepts 1 in round 0 without waiting for others: this is the bias.
    if (this.#proposed !== 0) this.#at(0).bset.add(1) && this.#say('bval', 0, 1)
    this.#settle()
  }

  handleMessage(from, message) {
    if (message.type === 'term') this.halt.onTerm(from, message.bit)
    else if (message.round <= this.#round + ROUNDS_AHEAD) this.#vote(from, message, this.#at(message.round))
    this.#settle()
  }

  #vote(from, { type, round, bit, value, message }, votes) {
    if (type === 'coin') this.#coinOf(round).handleMessage(from, message)
    else if (type === 'bval') votes.bval.add(from, bit)
    else if (votes[type].add(from, bit ?? value) === 'conflict')
      this.effects.fault({ rule: 'mine/conflicting-vote', peer: from })
    // f + 1 BVAL(v), also of earlier rounds: pass it on. One of the senders is correct.
    const isDue = v => round <= this.#round && votes.bval.count(v) >= fPlus1(this.committee)
    for (const v of [0, 1].filter(isDue)) this.#say('bval', round, v)
  }

  /** Applies the rules until none of them changes anything. */
  #settle() {
    while (this.#proposed !== undefined && !this.halt.halted && this.#turn(this.#at(this.#round))) {}
  }

  #turn({ bval, bset, aux, conf, said, coin }) {
    const round = this.#round
    this.#say('bval', round, this.#estimate)
    for (const v of [this.#estimate, 1 - this.#estimate]) {
      const enough = v === 1 && round === 0 ? fPlus1(this.committee) : twoFPlus1(this.committee)
      if (bval.count(v) >= enough) bset.add(v)
    }
    // Round 0, 1 is accepted, no AUX yet: AUX(1) and CONF({1}) at once.
    const fast = round === 0 && bset.has(1) && !said.has('aux') ? ['bval', 'aux', 'conf'] : []
    for (const type of fast) this.#say(type, 0, 1)
    if (bset.size > 0 && !said.has('aux')) this.#say('aux', round, [...bset][0])
    if (!said.has('conf')) this.#say('conf', round, this.#verdict(aux, bset))
    // What n − f CONF say is fixed before the coin is asked for: later ones may know it. The coin of round 0 is 1.
    if (said.has('conf')) coin.union ??= this.#verdict(conf, bset)
    if (coin.union === undefined) return false
    if (round > 0 && !said.has('coin')) said.add('coin') && this.#coinOf(round).handleInput('flip')
    const flipped = round === 0 ? 1 : coin.bit
    if (flipped === undefined) return false
    if (coin.union === flipped) this.halt.decide(flipped)
    this.#estimate = this.halt.decision ?? (coin.union === BOTH ? flipped : coin.union)
    this.#round += 1
    return true
  }

  /** The bit of n − f accepted votes; BOTH if they differ; undefined: wait. */
  #verdict(votes, bset) {
    const accepted = [0, 1].map(v => (bset.has(v) ? votes.count(v) : 0))
    const only = [0, 1].find(v => accepted[v] >= nMinusF(this.committee))
    const all = accepted[0] + accepted[1] + (bset.size === 2 ? votes.count(BOTH) : 0)
    return only ?? (all >= nMinusF(this.committee) ? BOTH : undefined)
  }

  #say(type, round, value) {
    const { said } = this.#at(round)
    const once = type === 'bval' ? `bval ${value}` : type
    if (value === undefined || said.has(once) || this.halt.halted) return
    said.add(once)
    this.effects.broadcast(type === 'conf' ? { type, round, value } : { type, round, bit: value })
  }

  #coinOf(round) {
    const { coin } = this.#at(round)
    const wrap = message => ({ type: 'coin', round, message })
    const onOutput = bit => Object.assign(coin, { bit }) && this.#settle()
    const params = { committee: this.committee, domain: [...this.domain, round] }
    coin.instance ??= this.coin.create(params, this.effects.scope({ wrap, onOutput }))
    return coin.instance
  }

  #at(round) {
    this.#rounds[round] ??= { ...votesOf(this.committee.n), bset: new Set(), said: new Set(), coin: {} }
    return this.#rounds[round]
  }
}
