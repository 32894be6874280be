/**
 * What we have said and may have to say again.
 *
 * A peer takes messages only up to the end of its window, which its announcement moves. What is meant for later epochs waits
 * here. What has left stays too, because a link may lose it: until its epoch is retired, it can be sent again. A message to
 * everybody is stored once, however many peers it is kept for.
 */
import type { Committee, Effects, Epoch, PeerIndex } from '@mc/protocol'
import { footprint } from './footprint.js'

/** What a sender queue is made of. */
export interface SenderQueueOptions<Message> {
  readonly committee: Committee
  readonly effects: Pick<Effects<Message, never>, 'send' | 'broadcast'>
  /** How many epochs a peer takes messages of, from the one it announced. */
  readonly epochsTaken: number
  /** The most that is kept for one peer, in bytes as estimated by `footprint`. */
  readonly bytesMax: number
}

/** One thing we said in an epoch. */
interface Kept<Message> {
  readonly to: PeerIndex | 'all'
  readonly message: Message
}

/** Everything we said in one epoch, in order, and what it weighs: to everybody, and to each peer alone. */
interface EpochLog<Message> {
  kept: Kept<Message>[]
  broadcastBytes: number
  readonly sentBytes: number[]
}

/** One peer, seen from its queue. */
interface Receiver {
  /** The first epoch that it does not take yet. */
  takesBelow: number
  /** Nothing is kept for it of the epochs below. */
  keptFrom: number
  /** What is kept for it. */
  bytes: number
}

/** Holds back, keeps and repeats the messages of all epochs that are not retired. */
export class SenderQueue<Message> {
  readonly #options: SenderQueueOptions<Message>
  readonly #others: readonly PeerIndex[]
  /** By peer. */
  readonly #receivers: readonly Receiver[]
  readonly #logs = new Map<Epoch, EpochLog<Message>>()

  constructor(options: SenderQueueOptions<Message>) {
    const { committee, epochsTaken } = options
    this.#options = options
    this.#others = committee.peers.filter(peer => peer !== committee.self)
    this.#receivers = committee.peers.map(() => ({ takesBelow: epochsTaken, keptFrom: 0, bytes: 0 }))
  }

  /** What is kept for a peer, in bytes as estimated by `footprint`. */
  bytesFor(peer: PeerIndex): number {
    return this.#receiver(peer).bytes
  }

  /** How many messages are kept in all; those to everybody count once. */
  get size(): number {
    let size = 0
    for (const log of this.#logs.values()) size += log.kept.length
    return size
  }

  /** Sends a message of `epoch` now, or when the peer takes it. */
  send(epoch: Epoch, to: PeerIndex, message: Message): void {
    const { committee, effects } = this.#options
    if (to !== committee.self) this.#keep(epoch, to, message)
    if (to === committee.self || this.#takes(to, epoch)) effects.send(to, message)
  }

  /** Sends a message of `epoch` to everybody: now to those that take it, later to the others. */
  broadcast(epoch: Epoch, message: Message): void {
    const { committee, effects } = this.#options
    this.#keep(epoch, 'all', message)
    if (this.#others.every(peer => this.#takes(peer, epoch))) {
      effects.broadcast(message)
      return
    }
    effects.send(committee.self, message)
    for (const peer of this.#others) if (this.#takes(peer, epoch)) effects.send(peer, message)
  }

  /** The peer announced an epoch: what waited for it and is now within its window leaves. */
  release(peer: PeerIndex, announced: Epoch): void {
    const receiver = this.#receiver(peer)
    const tookBelow = receiver.takesBelow
    receiver.takesBelow = Math.max(tookBelow, announced + this.#options.epochsTaken)
    this.#repeat(peer, epoch => epoch >= tookBelow)
  }

  /** Sends again, in order, what is kept for the peer, within its window, of the epochs that `needed` names. */
  resend(peer: PeerIndex, needed: (epoch: Epoch) => boolean): void {
    this.#repeat(peer, needed)
  }

  /** Forgets the epochs below `floor`. */
  retire(floor: Epoch): void {
    for (const [epoch, log] of this.#logs) {
      if (epoch >= floor) continue
      this.#logs.delete(epoch)
      for (const peer of this.#others) this.#unload(peer, epoch, log)
    }
  }

  #repeat(peer: PeerIndex, wanted: (epoch: Epoch) => boolean): void {
    for (const epoch of [...this.#logs.keys()].sort((a, b) => a - b)) {
      if (!this.#takes(peer, epoch) || !this.#keepsFor(peer, epoch) || !wanted(epoch)) continue
      for (const { to, message } of this.#log(epoch).kept) {
        if (to === 'all' || to === peer) this.#options.effects.send(peer, message)
      }
    }
  }

  #keep(epoch: Epoch, to: PeerIndex | 'all', message: Message): void {
    if (to === 'all' ? !this.#keptForAny(epoch) : !this.#keepsFor(to, epoch)) return
    const log = this.#log(epoch)
    const bytes = footprint(message)
    log.kept.push({ to, message })
    if (to === 'all') {
      log.broadcastBytes += bytes
      for (const peer of this.#others) if (this.#keepsFor(peer, epoch)) this.#load(peer, bytes)
    } else {
      log.sentBytes[to] = (log.sentBytes[to] as number) + bytes
      this.#load(to, bytes)
    }
  }

  // A peer whose queue is full loses all of it, as half an epoch is of no use. What else we say in these epochs still leaves
  // for it if it takes it, but is not repeated; what it misses of them, it must catch up with by blocks.
  #load(peer: PeerIndex, bytes: number): void {
    const receiver = this.#receiver(peer)
    receiver.bytes += bytes
    if (receiver.bytes <= this.#options.bytesMax) return
    receiver.bytes = 0
    receiver.keptFrom = Math.max(...this.#logs.keys()) + 1
    for (const log of this.#logs.values()) this.#forget(peer, log)
    for (const epoch of this.#logs.keys()) if (!this.#keptForAny(epoch)) this.#logs.delete(epoch)
  }

  #forget(peer: PeerIndex, log: EpochLog<Message>): void {
    if (log.sentBytes[peer] === 0) return
    log.kept = log.kept.filter(({ to }) => to !== peer)
    log.sentBytes[peer] = 0
  }

  #unload(peer: PeerIndex, epoch: Epoch, log: EpochLog<Message>): void {
    if (!this.#keepsFor(peer, epoch)) return
    this.#receiver(peer).bytes -= log.broadcastBytes + (log.sentBytes[peer] as number)
  }

  #keptForAny(epoch: Epoch): boolean {
    return this.#others.some(peer => this.#keepsFor(peer, epoch))
  }

  #keepsFor(peer: PeerIndex, epoch: Epoch): boolean {
    return epoch >= this.#receiver(peer).keptFrom
  }

  #takes(peer: PeerIndex, epoch: Epoch): boolean {
    return epoch < this.#receiver(peer).takesBelow
  }

  #receiver(peer: PeerIndex): Receiver {
    return this.#receivers[peer] as Receiver
  }

  #log(epoch: Epoch): EpochLog<Message> {
    const known = this.#logs.get(epoch)
    if (known !== undefined) return known
    const sentBytes = new Array<number>(this.#options.committee.n).fill(0)
    const log: EpochLog<Message> = { kept: [], broadcastBytes: 0, sentBytes }
    this.#logs.set(epoch, log)
    return log
  }
}
