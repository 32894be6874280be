/**
 * Answers to peers that miss blocks: as many as fit, ending with one whose certificate convinces, at a bounded rate.
 */
import { equalBytes } from '@mc/crypto'
import { decodeBlock } from '@mc/ledger'
import type { MemberKey } from '@mc/network'
import type { Epoch } from '@mc/protocol'
import type { ReceivedBlock } from './replica/chain.js'
import { ANSWER_BYTES_MAX, BLOCKS_PER_ANSWER_MAX, type BlocksAnswer } from './replica/peer-messages.js'
import type { BlockStore } from './store/block-store.js'

/** Bytes of blocks that one member is given per ms, and one guest. */
const BYTES_PER_MS = 32 * 1024
const GUEST_BYTES_PER_MS = 4 * 1024

/** The same for blocks that it was given before; and ms that each answer costs at least. */
const BYTES_AGAIN_PER_MS = 1_024
const MS_PER_ANSWER = 2

/** Peers whose pace is remembered: more than there can be members, as guests come and go. */
const PEERS_MAX = 1_024

/** What answering may do. */
export interface BlockAnswersOptions {
  readonly store: BlockStore
  /** Runs behind all writes to the store so far. */
  readonly enqueue: (read: () => Promise<void>) => void
  readonly send: (to: MemberKey, answer: BlocksAnswer) => void
}

/** A peer's question, which waits or is being answered. */
interface Question {
  readonly isGuest: boolean
  epoch: Epoch
  timer: NodeJS.Timeout | undefined
}

/**
 * One answer at a time for each peer, paced by the bytes of the last one: asking is cheap, answering is not.
 *
 * Who catches up asks for each block once. Who asks again for what it was given has lost it, or wants to keep us busy.
 */
export class BlockAnswers {
  readonly #options: BlockAnswersOptions
  readonly #questions = new Map<MemberKey, Question>()
  readonly #readyAt = new Map<MemberKey, number>()
  /** Blocks below were given to the peer by this process. */
  readonly #givenBelow = new Map<MemberKey, number>()

  constructor(options: BlockAnswersOptions) {
    this.#options = options
  }

  /** Answers now or a little later; a further question of the same peer replaces one that still waits. */
  answer(peer: MemberKey, epoch: Epoch, { isGuest = false }: { readonly isGuest?: boolean } = {}): void {
    const waiting = this.#questions.get(peer)
    if (waiting !== undefined) {
      waiting.epoch = epoch
      return
    }
    const delayMs = (this.#readyAt.get(peer) ?? 0) - performance.now()
    const question: Question = { isGuest, epoch, timer: undefined }
    this.#questions.set(peer, question)
    if (delayMs <= 0) this.#enqueue(peer, question)
    else question.timer = setTimeout(() => this.#enqueue(peer, question), delayMs)
  }

  /** Answers nothing any more. */
  stop(): void {
    for (const { timer } of this.#questions.values()) clearTimeout(timer)
  }

  #enqueue(peer: MemberKey, question: Question): void {
    const { enqueue, send, store } = this.#options
    enqueue(async () => {
      this.#questions.delete(peer)
      const answer = await blocksAnswer(store, question.epoch)
      this.#waits(peer, this.#costMs(peer, answer, question.isGuest ? GUEST_BYTES_PER_MS : BYTES_PER_MS))
      send(peer, answer)
    })
  }

  #waits(peer: MemberKey, costMs: number): void {
    this.#readyAt.delete(peer)
    this.#readyAt.set(peer, performance.now() + costMs)
    // Whose last answer is longest ago comes first.
    const [oldest] = this.#readyAt.keys()
    if (this.#readyAt.size <= PEERS_MAX || oldest === undefined) return
    this.#readyAt.delete(oldest)
    this.#givenBelow.delete(oldest)
  }

  /** How long the peer waits for its next answer. */
  #costMs(peer: MemberKey, { from, items }: BlocksAnswer, rate: number): number {
    const givenBelow = this.#givenBelow.get(peer) ?? 0
    this.#givenBelow.set(peer, Math.max(givenBelow, from + items.length))
    const bytesPerMs = (at: number): number => (from + at < givenBelow ? BYTES_AGAIN_PER_MS : rate)
    return items.reduce((sum, item, at) => sum + bytesOf(item) / bytesPerMs(at), MS_PER_ANSWER)
  }
}

/**
 * The blocks from an epoch on, as an answer to a peer; without items if none of them is certified yet.
 *
 * All of them are of one configuration: who asks may know the members of the first one only.
 */
export async function blocksAnswer(store: BlockStore, from: Epoch): Promise<BlocksAnswer> {
  const items: ReceivedBlock[] = []
  let answer: BlocksAnswer = { type: 'blocks', from, items: [], certificate: undefined }
  let configuration: Uint8Array | undefined
  let bytes = 0
  for (let epoch: number = from; items.length < BLOCKS_PER_ANSWER_MAX; epoch += 1) {
    const item = await storedBlock(store, epoch)
    if (item === undefined) break
    const block = decodeBlock(item.block)
    configuration ??= block.configuration
    if (!equalBytes(configuration, block.configuration)) break
    bytes += bytesOf(item)
    // A single block fits a frame, however large it is; several must not fill more than one together.
    if (items.length > 0 && bytes > ANSWER_BYTES_MAX) break
    items.push(item)
    // Only certificates that convince are stored.
    const certificate = (await store.certificate(epoch)) as BlocksAnswer['certificate']
    if (certificate !== undefined) answer = { type: 'blocks', from, items: [...items], certificate }
  }
  return answer
}

/** A block of the store with its payloads, if it is there. */
export async function storedBlock(store: BlockStore, epoch: number): Promise<ReceivedBlock | undefined> {
  const block = await store.block(epoch)
  if (block === undefined) return undefined
  const payloads = await Promise.all(decodeBlock(block).payloads.map(({ cid }) => store.payload(String(cid))))
  return payloads.every(payload => payload !== undefined) ? { block, payloads } : undefined
}

const bytesOf = ({ block, payloads }: ReceivedBlock): number =>
  payloads.reduce((sum, { length }) => sum + length, block.length)
