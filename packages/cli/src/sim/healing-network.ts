/**
 * A network that is bad until it heals: a chosen order of delivery, and links that break and lose what is on its way.
 *
 * A link fails as real ones do: what is in flight is lost, what is sent meanwhile too, and both ends hear `connected` when it
 * is up again. Inputs are local and never lost.
 */
import type { AtomicBroadcastInput } from '@mc/abc'
import type { PeerIndex } from '@mc/protocol'
import {
  type Queue,
  type Random,
  randomOrder,
  type Schedule,
  type ScheduleSetting,
  type SimEvent,
} from '@mc/sim'
import type { LinkPlan, Scenario } from './scenario.js'

/** Gives a member an input. */
export type Give = (input: AtomicBroadcastInput, index: PeerIndex) => void

/** The state of the network that the rest of a run can see and change. */
export class HealingNetwork {
  readonly schedule: Schedule
  readonly #links: Links
  #healed = false

  constructor({ n, schedule, links }: Scenario) {
    this.#links = new Links(n, links)
    this.schedule = {
      name: links === undefined ? schedule.name : `${schedule.name}+loss`,
      create: setting => new HealingQueue(setting, schedule, this.#links, () => this.#healed),
    }
  }

  /** How members are told that a link is up again. */
  set give(give: Give) {
    this.#links.give = give
  }

  /** From now on everything is delivered, in random order, and nothing is lost. */
  heal(): void {
    this.#healed = true
  }

  get healed(): boolean {
    return this.#healed
  }

  /** A member was down: what was on its way to or from it is lost, where links lose at all. */
  reset(index: PeerIndex): void {
    this.#links.reset(index)
  }
}

class HealingQueue<Event extends SimEvent> implements Queue<Event> {
  readonly #setting: ScheduleSetting
  readonly #links: Links
  readonly #isHealed: () => boolean
  readonly #troubled: Queue<Event>
  readonly #calm: Queue<Event>
  #isCalm = false
  #nowMs = 0

  constructor(setting: ScheduleSetting, schedule: Schedule, links: Links, isHealed: () => boolean) {
    this.#setting = setting
    this.#links = links
    this.#isHealed = isHealed
    links.random = setting.random.fork('links')
    this.#troubled = schedule.create<Event>(setting)
    this.#calm = randomOrder().create<Event>({ ...setting, random: setting.random.fork('calm') })
  }

  get size(): number {
    return this.#troubled.size + this.#calm.size
  }

  add(event: Event, nowMs: number): void {
    this.#nowMs = nowMs
    this.#links.saw(event.id)
    const queue = this.#isCalm ? this.#calm : this.#troubled
    queue.add(event, nowMs)
  }

  next(): Event | undefined {
    if (!this.#isHealed()) this.#links.disturb()
    else if (!this.#isCalm) this.#becomeCalm()
    for (;;) {
      const event = (this.#isCalm ? this.#calm : this.#troubled).next()
      // Nothing else is pending: a link that stayed down would not delay but lose.
      if (event === undefined && !this.#links.mendAll()) return undefined
      if (event === undefined) continue
      if (!this.#links.isLost(event)) return event
      this.#setting.count('lost')
    }
  }

  #becomeCalm(): void {
    this.#isCalm = true
    this.#links.mendAll()
    for (let event = this.#troubled.next(); event !== undefined; event = this.#troubled.next()) {
      this.#calm.add(event, this.#nowMs)
    }
  }
}

/** Which links are down, and what has been lost on each. */
class Links {
  random: Random | undefined
  give: Give = () => {}
  readonly #n: number
  readonly #plan: LinkPlan | undefined
  /** By link that is down: for how many events more. */
  readonly #down = new Map<number, number>()
  /** By link: every message up to this one is lost if it has not arrived. */
  readonly #lostUpTo: Float64Array
  #youngest = -1
  #happened = 0

  constructor(n: number, plan: LinkPlan | undefined) {
    this.#n = n
    this.#plan = plan
    this.#lostUpTo = new Float64Array(n * n).fill(-1)
  }

  saw(id: number): void {
    if (id > this.#youngest) this.#youngest = id
  }

  isLost({ type, id, from, to }: SimEvent): boolean {
    if (this.#plan === undefined || type === 'input') return false
    const link = this.#link(from, to)
    return id <= (this.#lostUpTo[link] as number) || this.#down.has(link)
  }

  /** One more event is about to happen: a link may break, and some are up again. */
  disturb(): void {
    if (this.#plan === undefined || this.random === undefined) return
    this.#happened += 1
    for (const [link, until] of this.#down) if (until <= this.#happened) this.#mend(link)
    if (!this.random.chance(this.#plan.probability)) return
    const [from, to] = [this.random.below(this.#n), this.random.below(this.#n)]
    if (from === to) return
    this.#down.set(this.#link(from, to), this.#happened + this.random.below(this.#plan.eventsMax + 1))
  }

  /** Whether any was down. */
  mendAll(): boolean {
    const links = [...this.#down.keys()]
    for (const link of links) this.#mend(link)
    return links.length > 0
  }

  reset(index: PeerIndex): void {
    for (let other = 0; other < this.#n; other += 1) {
      if (other !== index) this.#lostUpTo[this.#link(index, other)] = this.#youngest
    }
  }

  #mend(link: number): void {
    this.#down.delete(link)
    this.#lostUpTo[link] = this.#youngest
    const [low, high] = [Math.floor(link / this.#n) as PeerIndex, (link % this.#n) as PeerIndex]
    this.give({ type: 'connected', peer: high }, low)
    this.give({ type: 'connected', peer: low }, high)
  }

  #link(a: number, b: number): number {
    return Math.min(a, b) * this.#n + Math.max(a, b)
  }
}
