/**
 * Atomic broadcast as a sequence of common subsets, one per epoch.
 *
 * Every member announces the lowest epoch that is not over for it. Peers send a member only what lies in the window above its
 * announcement and hold back the rest, so a receiver stores nothing out of order, and who exceeds the window is at fault.
 * An epoch that is over goes on helping those behind until n − f members are well past it. Who is further behind than that
 * catches up by blocks.
 */
import type { Acs, Subset } from '@mc/acs'
import {
  type Effects,
  type Epoch,
  epoch as epochOf,
  fPlus1,
  invariant,
  nMinusF,
  type PeerIndex,
  type Protocol,
  subdomain,
  unreachable,
} from '@mc/protocol'
import type {
  AtomicBroadcast,
  AtomicBroadcastInput,
  AtomicBroadcastOutput,
  AtomicBroadcastParams,
} from '../atomic-broadcast.js'
import { Announcements } from './announcements.js'
import { type EpochsMessage, epochsCodec } from './messages.js'
import { rerouted } from './rerouted.js'
import { SenderQueue } from './sender-queue.js'

/** What the sequence is made of. All members must share everything but `senderQueueBytesMax`. */
export interface EpochsOptions<AcsMessage> {
  readonly acs: Acs<AcsMessage>
  /** How many epochs above those that run at once a member takes messages of, without proposing in them. */
  readonly epochsAhead?: number
  /** How many epochs run at once. */
  readonly depth?: number
  /** How many epochs that n − f members have finished go on helping those behind. */
  readonly epochsKept?: number
  /** For how many more epochs its proposals may be asked for: so much longer an epoch that is over goes on helping. */
  readonly epochsLinked?: number
  /** The most that is kept for one peer to be sent later or again, in bytes; a peer beyond that must catch up by blocks. */
  readonly senderQueueBytesMax: number
}

/** The figures that bound what one member holds at a time. */
export interface EpochsBounds {
  /** Epochs that are not over and take messages: those that run at once and those ahead. */
  readonly epochsTaken: number
  /** Epochs that are over and still help. */
  readonly epochsHelped: number
}

/**
 * How many epochs a member holds at most: `epochsTaken` that are not over, `epochsHelped` that are.
 *
 * Derived: an epoch is dropped when it lies more than `epochsKept + epochsTaken` below ours. Ours got there because f + 1
 * correct members took part in the one before, so these stand more than `epochsKept` above the dropped one: whoever still
 * needs it hears their announcements and is `behind`.
 */
export const epochsBounds = ({
  epochsAhead,
  depth,
  epochsKept,
  epochsLinked = 0,
}: Required<Pick<EpochsOptions<unknown>, 'epochsAhead' | 'depth' | 'epochsKept'>> &
  Pick<EpochsOptions<unknown>, 'epochsLinked'>): EpochsBounds => ({
  epochsTaken: depth + epochsAhead,
  epochsHelped: epochsLinked + epochsKept + depth + epochsAhead,
})

/**
 * Atomic broadcast from any common subset: one instance per epoch, `depth` of them at once.
 *
 * Guarantees what `AtomicBroadcast` promises. Its duties to the node, beside the contract of the role:
 * - `connected` for every link that comes up or is up when the instance is created; a peer that has never announced is taken
 *   to be at epoch 0;
 * - after a restart, `firstEpoch` is the last `retired` epoch, or the first one of the configuration, and the log from there
 *   on is replayed; logged messages and proposals of earlier epochs are ignored, and the batches come out again.
 *
 * A proposal for an epoch that is over is ignored. `handleInput` throws a RangeError on one that is not for the next epoch,
 * whose epoch is not open yet, or that is over the cap, and on a `connected` that names ourselves or nobody.
 *
 * Costs: those of the common subset, and n² announcements per epoch. Holds `epochsTaken + epochsHelped` instances at most.
 * Faults reported: `abc/epoch-out-of-window`, and those of the common subset.
 *
 * @throws RangeError unless `depth` ≥ 1, the other numbers of epochs ≥ 0 and `senderQueueBytesMax` ≥ 0 are safe integers.
 * @see hbbft's sender queue for the announcements; retirement, `behind` and the bounds are derived, see PAPER.md
 */
export function epochs<AcsMessage>({
  acs,
  epochsAhead = 2,
  depth = 1,
  epochsKept = 1,
  epochsLinked = 0,
  senderQueueBytesMax,
}: EpochsOptions<AcsMessage>): AtomicBroadcast<EpochsMessage<AcsMessage>> {
  checkAtLeast(1, { depth })
  checkAtLeast(0, { epochsAhead, epochsKept, epochsLinked, senderQueueBytesMax })
  const options = { acs, epochsAhead, depth, epochsKept, epochsLinked, senderQueueBytesMax }
  return {
    role: 'abc',
    name: 'abc/epochs',
    wireVersion: 1,
    parameters: { epochsAhead, depth, epochsKept, ...(epochsLinked > 0 && { epochsLinked }) },
    parts: { acs },
    payloadBytesMax: acs.payloadBytesMax,
    depth,
    codec: size => epochsCodec(acs.codec(size)),
    create: (params, effects) => new Epochs(params, effects, options),
  }
}

function checkAtLeast(least: number, numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isSafeInteger(value) || value < least) {
      throw new RangeError(`abc: need ${name} ≥ ${least}, got ${value}`)
    }
  }
}

/** One epoch that we hold. */
interface Running<AcsMessage> {
  readonly epoch: Epoch
  readonly acs: Protocol<Uint8Array, AcsMessage>
  proposed: boolean
  /** A peer takes part in it. */
  joined: boolean
  wantedSent: boolean
  /** Agreed, and waiting for the epochs before it. */
  batch: Subset | undefined
}

class Epochs<AcsMessage> implements Protocol<AtomicBroadcastInput, EpochsMessage<AcsMessage>> {
  readonly #params: AtomicBroadcastParams
  readonly #effects: Effects<EpochsMessage<AcsMessage>, AtomicBroadcastOutput>
  readonly #options: Required<EpochsOptions<AcsMessage>>
  readonly #bounds: EpochsBounds
  readonly #announcements: Announcements
  readonly #queue: SenderQueue<EpochsMessage<AcsMessage>>
  readonly #running = new Map<Epoch, Running<AcsMessage>>()
  /** The epoch that we told a peer last because it spoke of one that is retired. */
  readonly #reminded: Epoch[] = []
  /** The lowest epoch that is not over for us. */
  #current: Epoch
  /** The lowest epoch that we still help in. */
  #floor: Epoch
  /** The next epoch to propose for. */
  #unproposed: Epoch
  #behind = 0

  constructor(
    params: AtomicBroadcastParams,
    effects: Effects<EpochsMessage<AcsMessage>, AtomicBroadcastOutput>,
    options: Required<EpochsOptions<AcsMessage>>,
  ) {
    const { committee, firstEpoch } = params
    this.#params = params
    this.#effects = effects
    this.#options = options
    this.#bounds = epochsBounds(options)
    this.#announcements = new Announcements(committee.n)
    this.#queue = new SenderQueue({
      committee,
      effects,
      epochsTaken: this.#bounds.epochsTaken,
      bytesMax: options.senderQueueBytesMax,
    })
    this.#current = firstEpoch
    this.#floor = firstEpoch
    this.#unproposed = firstEpoch
  }

  handleInput(input: AtomicBroadcastInput): void {
    switch (input.type) {
      case 'propose':
        this.#propose(input.epoch, input.payload)
        break
      case 'connected':
        this.#onConnected(input.peer)
        break
      case 'advance':
        this.#advance(input.epoch)
        break
      default:
        unreachable(input)
    }
  }

  handleMessage(from: PeerIndex, message: EpochsMessage<AcsMessage>): void {
    switch (message.type) {
      case 'announce':
        this.#onAnnounce(from, message.epoch)
        break
      case 'epoch':
        this.#onEpoch(from, message.epoch, message.message)
        break
      default:
        unreachable(message)
    }
  }

  // propose(e, m): only for the next epoch without a proposal of ours, and only once it runs, e < current + depth
  #propose(epoch: Epoch, payload: Uint8Array): void {
    // It may have ended without us meanwhile, and a log that is replayed from a later epoch on holds older proposals.
    if (epoch < this.#current) return
    this.#checkProposal(epoch, payload)
    this.#unproposed = epochOf(epoch + 1)
    const running = this.#hold(epoch)
    running.proposed = true
    running.acs.handleInput(payload)
  }

  #checkProposal(epoch: Epoch, { length }: Uint8Array): void {
    const max = this.#options.acs.payloadBytesMax
    if (epoch !== this.#unproposed) {
      throw new RangeError(`abc: the next proposal is for epoch ${this.#unproposed}, got epoch ${epoch}`)
    }
    if (!this.#isOpen(epoch)) {
      const { depth } = this.#options
      throw new RangeError(
        `abc: epoch ${epoch} is not open; ${depth} may run at once, from epoch ${this.#current}`,
      )
    }
    if (length > max) throw new RangeError(`abc: need at most ${max} bytes, got ${length}`)
  }

  // upon (e, m) from a peer: to the common subset of e if floor ≤ e < current + depth + epochsAhead
  #onEpoch(from: PeerIndex, epoch: Epoch, message: AcsMessage): void {
    if (epoch < this.#floor) {
      this.#remind(from, epoch)
    } else if (epoch >= this.#current + this.#bounds.epochsTaken) {
      // We never announced an epoch above our current one, so no correct member sends this.
      const detail = `a message of epoch ${epoch}, we are at ${this.#current}`
      this.#effects.fault({ rule: 'abc/epoch-out-of-window', peer: from, detail })
    } else {
      const running = this.#hold(epoch)
      running.joined ||= from !== this.#params.committee.self
      running.acs.handleMessage(from, message)
      this.#tryWant(running)
    }
  }

  // upon a message of a retired epoch from a peer that is still there: tell it once where we are
  #remind(from: PeerIndex, epoch: Epoch): void {
    if (epoch < this.#params.firstEpoch || this.#announcements.of(from) > epoch) return
    if (this.#reminded[from] === this.#current) return
    this.#reminded[from] = this.#current
    this.#effects.send(from, { type: 'announce', epoch: this.#current })
  }

  // an epoch runs, a peer takes part in it and we have not proposed: ask for a proposal, once
  #tryWant(running: Running<AcsMessage>): void {
    if (!running.joined || running.proposed || running.wantedSent || !this.#isOpen(running.epoch)) return
    running.wantedSent = true
    this.#effects.output({ type: 'wanted', epoch: running.epoch })
  }

  // the common subset of e ends: batches come out in the order of epochs, each once
  #onSubset(epoch: Epoch, subset: Subset): void {
    const running = this.#running.get(epoch)
    if (running === undefined || epoch < this.#current) return
    running.batch = subset
    if (epoch === this.#current) this.#moveTo(epoch)
  }

  // advance(e): every epoch below e is over. We go on helping in them, as what we said there may not reach those who need it.
  #advance(epoch: Epoch): void {
    if (epoch > this.#current) this.#moveTo(epoch)
  }

  /** Outputs every batch that is due from `epoch` on, and stands where there is none. */
  #moveTo(epoch: Epoch): void {
    this.#current = epoch
    for (;;) {
      const running = this.#running.get(this.#current)
      if (running?.batch === undefined) break
      this.#effects.output({ type: 'batch', epoch: this.#current, proposals: running.batch })
      running.batch = undefined
      this.#current = epochOf(this.#current + 1)
    }
    if (this.#unproposed < this.#current) this.#unproposed = this.#current
    this.#onMoved()
  }

  // upon finishing an epoch: announce the lowest one that is not over; others may be open now
  #onMoved(): void {
    this.#effects.broadcast({ type: 'announce', epoch: this.#current })
    for (const running of this.#running.values()) this.#tryWant(running)
    this.#tryRetire()
  }

  // upon announce(e) from a peer: it takes what we held back for it
  #onAnnounce(from: PeerIndex, epoch: Epoch): void {
    if (!this.#announcements.raise(from, epoch)) return
    if (from !== this.#params.committee.self) this.#queue.release(from, epoch)
    this.#tryRetire()
    this.#tryBehind()
  }

  // n − f members have announced more than e + epochsKept, or e lies epochsHelped below us: e is retired. With links later by
  // epochsLinked: until then an epoch that is not over may ask for a proposal of e.
  #tryRetire(): void {
    const { epochsKept, epochsLinked } = this.#options
    const finished = this.#announcements.reachedBy(nMinusF(this.#params.committee))
    const floor = Math.max(
      // Never what is not over for us: its messages may be on their way.
      Math.min(finished - epochsKept, this.#current) - epochsLinked,
      this.#current - this.#bounds.epochsHelped,
    )
    if (floor <= this.#floor) return
    this.#floor = epochOf(floor)
    for (const epoch of this.#running.keys()) if (epoch < floor) this.#running.delete(epoch)
    this.#queue.retire(this.#floor)
    this.#effects.output({ type: 'retired', epoch: this.#floor })
  }

  // f + 1 members have announced more than current + epochsKept: they may have retired what we need
  #tryBehind(): void {
    const reached = this.#announcements.reachedBy(fPlus1(this.#params.committee))
    if (reached <= this.#current + this.#options.epochsKept || reached <= this.#behind) return
    this.#behind = reached
    this.#effects.output({ type: 'behind', epoch: reached })
  }

  // upon a link coming up: say where we are, and everything again that the peer may have missed and somebody may need
  #onConnected(peer: PeerIndex): void {
    const { committee } = this.#params
    if (peer === committee.self || committee.peers[peer] !== peer) {
      throw new RangeError(`abc: need another member of 0..${committee.n - 1}, got ${peer}`)
    }
    this.#effects.send(peer, { type: 'announce', epoch: this.#current })
    const finished = this.#announcements.reachedBy(nMinusF(committee))
    const reached = Math.min(this.#announcements.of(peer), this.#current)
    // Where we, the peer and n − f members are done, f + 1 correct ones have said all that those behind need, and keep it.
    this.#queue.resend(peer, epoch => epoch >= Math.min(finished, reached) - this.#options.epochsLinked)
  }

  /** Whether an epoch is one of those that run at once. */
  #isOpen(epoch: Epoch): boolean {
    return epoch >= this.#current && epoch < this.#current + this.#options.depth
  }

  /** The instance of an epoch that we hold, made when it is first needed. */
  #hold(epoch: Epoch): Running<AcsMessage> {
    const known = this.#running.get(epoch)
    if (known !== undefined) return known
    const { epochsTaken, epochsHelped } = this.#bounds
    invariant(this.#running.size < epochsTaken + epochsHelped, 'no more epochs are held than the bounds say')
    const acs = this.#create(epoch)
    const running = { epoch, acs, proposed: false, joined: false, wantedSent: false, batch: undefined }
    this.#running.set(epoch, running)
    return running
  }

  #create(epoch: Epoch): Protocol<Uint8Array, AcsMessage> {
    const { committee, domain } = this.#params
    const wrap = (message: AcsMessage): EpochsMessage<AcsMessage> => ({ type: 'epoch', epoch, message })
    const effects = this.#effects.scope<AcsMessage, Subset>({
      wrap,
      onOutput: subset => this.#onSubset(epoch, subset),
    })
    const route = {
      send: (to: PeerIndex, message: AcsMessage) => this.#queue.send(epoch, to, wrap(message)),
      broadcast: (message: AcsMessage) => this.#queue.broadcast(epoch, wrap(message)),
    }
    return this.#options.acs.create({ committee, domain: subdomain(domain, epoch) }, rerouted(effects, route))
  }
}
