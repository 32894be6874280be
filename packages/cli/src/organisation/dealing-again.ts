/** Deals the rounds of a topic again, from receipts, proven participants and the beacons of signed blocks. */
import { digestKey, equalBytes, keyDigest } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { hex } from '@mc/protocol/wire'
import {
  type DealtMeeting,
  dealtDigest,
  dealVoters,
  lateMeeting,
  meetingIdOf,
  type Participant,
  partition,
  ranked,
  type SplitReceipt,
  splitSeed,
  stateCodecs,
  type Topic,
} from '@mc/topics'
import { type LightReader, notVerified } from './light-reader.js'
import { beaconOf, receiptOf } from './split-receipts.js'
import { meetingsOf } from './verify-topic.js'

const { sha256 } = nodeCrypto

/** A round, dealt again. */
export interface DealtAgain {
  readonly receipt: SplitReceipt
  readonly meetings: readonly DealtMeeting[]
  readonly beacon: Uint8Array
  /** Late joiners of this round, placed again. */
  readonly late: number
}

/** Where everybody sat, by the keys of tag and meeting. */
type Seats = ReadonlyMap<string, string>

/** The rounds of a topic, one after the other. */
export class Dealing {
  readonly #reader: LightReader
  readonly #topic: Topic
  readonly #people: readonly Participant[]

  /** `people` are all participants, each proven. */
  constructor(reader: LightReader, topic: Topic, people: readonly Participant[]) {
    this.#reader = reader
    this.#topic = topic
    this.#people = people
  }

  /**
   * Deals again up to a round, and gives it; nothing if somebody who was dealt has left the topic since.
   *
   * @throws CommandError `light/not-verified` if it comes out otherwise than its receipt says.
   */
  async round(last: number): Promise<DealtAgain | undefined> {
    let seats: Seats = new Map()
    for (let number = 1; ; number += 1) {
      const receipt = await receiptOf(this.#reader, this.#topic, number)
      if (receipt === undefined)
        throw notVerified(`the state is proven to hold no receipt of round ${number}`)
      const beacon = await beaconOf(this.#reader, receipt.drawnAt)
      this.#requireSeed(receipt, beacon)
      const meetings = await this.#dealt(receipt, seats)
      if (meetings === undefined) return undefined
      const late = await this.#placedLate(receipt)
      if (number === last) return { receipt, meetings, beacon, late: late.size }
      seats = new Map([...this.#seatsOf(receipt, meetings), ...late])
    }
  }

  #requireSeed({ round, seed, drawnAt }: SplitReceipt, beacon: Uint8Array): void {
    if (equalBytes(seed, splitSeed(beacon, this.#topic.id, round, sha256))) return
    throw notVerified(`the seed of round ${round} is not that of the beacon of block ${drawnAt}`)
  }

  async #dealt(receipt: SplitReceipt, seats: Seats): Promise<readonly DealtMeeting[] | undefined> {
    const { round, capacity, seed } = receipt
    const tags = this.#people.filter(({ fromRound }) => fromRound <= round).map(({ tag }) => tag)
    const ways =
      round === 1
        ? [partition(tags, capacity, seed, sha256).map(voters => ({ voters, candidates: [] }))]
        : await this.#winners(receipt, ranked(tags, seed, sha256), seats)
    const found = ways.find(way => equalBytes(dealtDigest(way, sha256), receipt.dealt))
    if (found !== undefined) return found
    if (await this.#isSomebodyGone(receipt, tags.length)) return undefined
    throw notVerified(`round ${round} was dealt otherwise than its beacon says`)
  }

  // Whoever left is no longer in the state, but the seats that a round has given are counted there.
  async #isSomebodyGone({ round, meetings }: SplitReceipt, dealt: number): Promise<boolean> {
    const given = await meetingsOf(this.#reader, this.#topic.id, { number: round, meetings })
    const late = this.#people.filter(one => one.fromRound === round + 1 && one.placedAt !== undefined)
    return given.reduce((sum, { seats }) => sum + seats, 0) > dealt + late.length
  }

  /** The winners of the round before: with all voters, as the mission says, or with their authors only. */
  async #winners(
    { round, capacity, seed }: SplitReceipt,
    order: readonly Uint8Array[],
    seats: Seats,
  ): Promise<readonly (readonly DealtMeeting[])[]> {
    const before = await receiptOf(this.#reader, this.#topic, round - 1)
    const meetings = await meetingsOf(this.#reader, this.#topic.id, {
      number: round - 1,
      meetings: before?.meetings ?? 0,
    })
    const sources = new Map<string, string[]>()
    for (const { id, winner } of meetings) {
      if (winner === undefined) continue
      const key = digestKey(winner)
      sources.set(key, [...(sources.get(key) ?? []), digestKey(id)])
    }
    const groups = partition([...sources.keys()].map(keyDigest), capacity, seed, sha256)
    const voters = dealVoters(groups, sources, order, tag => seats.get(digestKey(tag)))
    const merged = groups.map((candidates, at) => ({ candidates, voters: voters[at] ?? [] }))
    return [merged, await this.#authors(groups)]
  }

  async #authors(groups: readonly (readonly Uint8Array[])[]): Promise<readonly DealtMeeting[]> {
    const dealt: DealtMeeting[] = []
    for (const candidates of groups) {
      const voters = new Map<string, Uint8Array>()
      for (const candidate of candidates) {
        const { author } = (await this.#reader.entry('proposals', hex(candidate), stateCodecs.proposal)) ?? {}
        if (author !== undefined) voters.set(digestKey(author), author)
      }
      dealt.push({ candidates, voters: [...voters.values()] })
    }
    return dealt
  }

  #seatsOf(
    { round }: SplitReceipt,
    meetings: readonly DealtMeeting[],
  ): readonly (readonly [string, string])[] {
    return meetings.flatMap(({ voters }, index) => {
      const meeting = digestKey(meetingIdOf(this.#topic.id, round, index, sha256))
      return voters.map(tag => [digestKey(tag), meeting] as const)
    })
  }

  async #placedLate({ round, meetings }: SplitReceipt): Promise<Seats> {
    const { id } = this.#topic
    const placed = new Map<string, string>()
    for (const { tag, fromRound, placedAt } of this.#people) {
      if (fromRound !== round + 1 || placedAt === undefined) continue
      const index = lateMeeting(await beaconOf(this.#reader, placedAt), id, tag, meetings, sha256)
      placed.set(digestKey(tag), digestKey(meetingIdOf(id, round, index, sha256)))
    }
    return placed
  }
}
