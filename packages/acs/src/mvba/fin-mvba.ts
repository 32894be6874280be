/**
 * The validated agreement of FIN, without signatures: broadcast the values, elect a leader, agree whether its value is taken.
 *
 * A reconstruction. Between the broadcasts and the election stands a gather, so that before anybody asks for a leader n − f
 * values are fixed that count at everybody who votes. A leader among them is agreed on for certain.
 *
 * Why it ends, and soon: all correct members propose 1 for a leader in the core, so biased validity decides 1. A failed leader
 * is outside the core, and nobody is elected twice: at most f iterations fail. Each succeeds with probability ≥ (n − f)/n, for
 * the core is fixed before the leader is known; an election that the adversary foresees costs time, and nothing else. An
 * agreement always ends: whatever counts at one correct member counts at all, so either all (re)propose 1, or none does.
 */
import {
  type Bit,
  type Effects,
  invariant,
  type PeerIndex,
  PeerSet,
  type Protocol,
  subdomain,
  unreachable,
} from '@mc/protocol'
import type { Raba, RabaInput } from '@mc/raba'
import { BAD, type Delivery, type Rbc } from '@mc/rbc'
import { bindingGather, type Gather, type GatherMessage } from './binding-gather.js'
import type { Election, ElectionInput } from './election.js'
import { type FinMvbaMessage, finMvbaCodec } from './messages.js'
import type { Mvba, MvbaInput, MvbaParams } from './mvba.js'

/** What the validated agreement is made of. */
export interface FinMvbaOptions<RbcMessage, RabaMessage, ElectionMessage> {
  readonly rbc: Rbc<RbcMessage>
  readonly raba: Raba<RabaMessage>
  /** Must be common: agreement stands on everybody having the same leader. */
  readonly election: Election<ElectionMessage>
  /** Stands between the values and the elections; its core must be binding, or a scheduler can make every leader fail. */
  readonly gather?: Gather
}

/**
 * Validated agreement from n reliable broadcasts, a gather, and at most f + 1 elections and reproposable agreements.
 *
 * Guarantees what `Mvba` promises. Expected iterations: at most n / (n − f) < 3/2 if the election is unpredictable, and never
 * more than f + 1. Safety needs of the election only that it is common.
 *
 * After its output an instance goes on helping others; its parent drops it when nobody needs it any more.
 * Faults reported: `acs/invalid-value`, `acs/short-set`, `acs/conflicting-set`, `acs/iteration-over-f`, those of its parts, and
 * `acs/no-leader-agreed` if f + 1 leaders failed, that is if more than f members are faulty; the instance then stays silent.
 * State: at most n values, and none that is valid after the output.
 *
 * @see Duan, Wang, Zhang: FIN, CCS 2023; a reconstruction, mapped in PAPER.md
 */
export function finMvba<RbcMessage, RabaMessage, ElectionMessage>({
  rbc,
  raba,
  election,
  gather = bindingGather(),
}: FinMvbaOptions<RbcMessage, RabaMessage, ElectionMessage>): Mvba<
  FinMvbaMessage<RbcMessage, RabaMessage, ElectionMessage>
> {
  const parts = { rbc, gather, raba, election }
  return {
    role: 'mvba',
    name: 'mvba/fin',
    wireVersion: 1,
    parameters: {},
    parts,
    valueBytesMax: rbc.payloadBytesMax,
    codec: size =>
      finMvbaCodec(size, {
        rbc: rbc.codec(size),
        gather: gather.codec(size),
        election: election.codec(size),
        raba: raba.codec(size),
      }),
    create: (params, effects) => new FinMvba(params, effects, parts),
  }
}

type Parts<RbcMessage, RabaMessage, ElectionMessage> = Required<
  FinMvbaOptions<RbcMessage, RabaMessage, ElectionMessage>
>

/** One leader and the agreement on its value; both bits are of that agreement. */
interface Iteration<RabaMessage, ElectionMessage> {
  readonly election: Protocol<ElectionInput, ElectionMessage>
  readonly raba: Protocol<RabaInput, RabaMessage>
  leader: PeerIndex | undefined
  /** The last bit we proposed or reproposed. */
  proposed: Bit | undefined
  decision: Bit | undefined
}

class FinMvba<RbcMessage, RabaMessage, ElectionMessage>
  implements Protocol<MvbaInput, FinMvbaMessage<RbcMessage, RabaMessage, ElectionMessage>>
{
  readonly #params: MvbaParams
  readonly #effects: Effects<FinMvbaMessage<RbcMessage, RabaMessage, ElectionMessage>, Uint8Array>
  readonly #parts: Parts<RbcMessage, RabaMessage, ElectionMessage>
  /** By proposer. */
  readonly #broadcasts: readonly Protocol<Uint8Array, RbcMessage>[]
  readonly #gather: Protocol<PeerIndex, GatherMessage>
  readonly #iterations: readonly Iteration<RabaMessage, ElectionMessage>[]
  /** Delivered, but not valid here yet. */
  readonly #pending = new Map<PeerIndex, Uint8Array>()
  readonly #counted: PeerSet
  /** Those that are counted, until we output. */
  readonly #values = new Map<PeerIndex, Uint8Array>()
  readonly #elected: PeerSet
  #current = 0
  #outputGiven = false

  constructor(
    params: MvbaParams,
    effects: Effects<FinMvbaMessage<RbcMessage, RabaMessage, ElectionMessage>, Uint8Array>,
    parts: Parts<RbcMessage, RabaMessage, ElectionMessage>,
  ) {
    const { n, f, peers } = params.committee
    this.#params = params
    this.#effects = effects
    this.#parts = parts
    this.#counted = new PeerSet(n)
    this.#elected = new PeerSet(n)
    this.#broadcasts = peers.map(proposer => this.#broadcast(proposer))
    this.#gather = this.#gathering()
    this.#iterations = Array.from({ length: f + 1 }, (_, number) => this.#iteration(number))
  }

  handleInput(input: MvbaInput): void {
    switch (input.type) {
      case 'propose':
        this.#propose(input.value)
        break
      case 'revalidate':
        this.#revalidate()
        break
      default:
        unreachable(input)
    }
  }

  handleMessage(from: PeerIndex, message: FinMvbaMessage<RbcMessage, RabaMessage, ElectionMessage>): void {
    switch (message.type) {
      case 'rbc':
        this.#broadcasts[message.proposer]?.handleMessage(from, message.message)
        break
      case 'gather':
        this.#gather.handleMessage(from, message.message)
        break
      case 'election':
        this.#iterationOf(from, message.iteration)?.election.handleMessage(from, message.message)
        break
      case 'raba':
        this.#iterationOf(from, message.iteration)?.raba.handleMessage(from, message.message)
        break
      default:
        unreachable(message)
    }
  }

  // F1: broadcast our value reliably
  #propose(value: Uint8Array): void {
    if (this.#params.judge(value) !== 'valid')
      throw new RangeError('mvba: only a value that is valid here may be proposed')
    this.#broadcasts[this.#params.committee.self]?.handleInput(value)
  }

  // F1: a delivery counts only once Q(v_j) holds here. BAD never does.
  #onDelivered(proposer: PeerIndex, delivery: Delivery): void {
    if (delivery === BAD) return
    this.#pending.set(proposer, delivery)
    this.#revalidate()
  }

  #revalidate(): void {
    for (const [proposer, value] of this.#pending) {
      const verdict = this.#params.judge(value)
      if (verdict === 'pending') continue
      this.#pending.delete(proposer)
      if (verdict === 'valid') this.#count(proposer, value)
      else this.#effects.fault({ rule: 'acs/invalid-value', peer: proposer, detail: `${value.length} bytes` })
    }
  }

  #count(proposer: PeerIndex, value: Uint8Array): void {
    invariant(this.#counted.add(proposer), 'a broadcast delivers once')
    if (!this.#outputGiven) this.#values.set(proposer, value)
    this.#gather.handleInput(proposer)
    this.#reproposeOne(proposer)
    this.#tryConclude()
  }

  // F2: the gather has ended: release the election share of iteration 0
  #onGathered(): void {
    this.#elect()
  }

  // F3: k := leader_t. RABA_t: propose(1) if v_k is counted, else propose(0).
  // Deviation: whoever was elected before is passed over, for the next in the order of the committee.
  #onElected(number: number, elected: PeerIndex): void {
    const iteration = this.#iterations[number] as Iteration<RabaMessage, ElectionMessage>
    const { n } = this.#params.committee
    invariant(
      number === this.#current && iteration.leader === undefined,
      'an election answers once, when asked',
    )
    invariant(elected < n, 'a member is elected')
    let leader = elected
    while (!this.#elected.add(leader)) leader = ((leader + 1) % n) as PeerIndex
    iteration.leader = leader
    iteration.proposed = this.#counted.has(leader) ? 1 : 0
    iteration.raba.handleInput({ type: 'propose', bit: iteration.proposed })
    this.#tryConclude()
  }

  // F3: RABA_t: repropose(1) when v_k is counted later, even if RABA_t has decided or our output is out
  #reproposeOne(leader: PeerIndex): void {
    const iteration = this.#iterations.find(iteration => iteration.leader === leader)
    if (iteration?.proposed !== 0) return
    iteration.proposed = 1
    iteration.raba.handleInput({ type: 'repropose' })
  }

  #onDecided(iteration: Iteration<RabaMessage, ElectionMessage>, bit: Bit): void {
    invariant(iteration.decision === undefined, 'an agreement decides once')
    iteration.decision = bit
    this.#tryConclude()
  }

  // F4: RABA_t decides 1: wait for v_k to be counted, output it
  // F4: RABA_t decides 0: iteration t + 1, its share is released at once
  #tryConclude(): void {
    const { leader, decision } = this.#iterations[this.#current] ?? NOTHING
    // Others may have decided before we know the leader: we still elect and propose, for those who have not.
    if (this.#outputGiven || leader === undefined || decision === undefined) return
    if (decision === 1) {
      this.#tryOutput(leader)
      return
    }
    this.#current += 1
    this.#elect()
  }

  #tryOutput(leader: PeerIndex): void {
    const value = this.#values.get(leader)
    if (value === undefined) return
    this.#outputGiven = true
    this.#values.clear()
    this.#effects.output(value)
  }

  #elect(): void {
    const iteration = this.#iterations[this.#current]
    if (iteration !== undefined) iteration.election.handleInput('flip')
    // Of f + 1 leaders one is in the core, so this takes more than f faulty members.
    else this.#effects.fault({ rule: 'acs/no-leader-agreed', detail: `${this.#current} leaders failed` })
  }

  #broadcast(proposer: PeerIndex): Protocol<Uint8Array, RbcMessage> {
    return this.#parts.rbc.create(
      { committee: this.#params.committee, proposer },
      this.#effects.scope<RbcMessage, Delivery>({
        wrap: message => ({ type: 'rbc', proposer, message }),
        onOutput: delivery => this.#onDelivered(proposer, delivery),
      }),
    )
  }

  #gathering(): Protocol<PeerIndex, GatherMessage> {
    return this.#parts.gather.create(
      { committee: this.#params.committee },
      this.#effects.scope<GatherMessage, readonly PeerIndex[]>({
        wrap: message => ({ type: 'gather', message }),
        onOutput: () => this.#onGathered(),
      }),
    )
  }

  #iteration(number: number): Iteration<RabaMessage, ElectionMessage> {
    const { committee, domain } = this.#params
    const election = this.#parts.election.create(
      { committee, domain: subdomain(domain, 'election', number) },
      this.#effects.scope<ElectionMessage, PeerIndex>({
        wrap: message => ({ type: 'election', iteration: number, message }),
        onOutput: leader => this.#onElected(number, leader),
      }),
    )
    const raba = this.#parts.raba.create(
      { committee, domain: subdomain(domain, 'raba', number) },
      this.#effects.scope<RabaMessage, Bit>({
        wrap: message => ({ type: 'raba', iteration: number, message }),
        onOutput: bit => this.#onDecided(iteration, bit),
      }),
    )
    const iteration: Iteration<RabaMessage, ElectionMessage> = {
      election,
      raba,
      leader: undefined,
      proposed: undefined,
      decision: undefined,
    }
    return iteration
  }

  /** The codec knows only n: with a smaller f than n allows, fewer iterations exist than it accepts. */
  #iterationOf(from: PeerIndex, number: number): Iteration<RabaMessage, ElectionMessage> | undefined {
    const iteration = this.#iterations[number]
    if (iteration === undefined) {
      this.#effects.fault({ rule: 'acs/iteration-over-f', peer: from, detail: `iteration ${number}` })
    }
    return iteration
  }
}

/** The iteration after the last. */
const NOTHING = { leader: undefined, decision: undefined }
