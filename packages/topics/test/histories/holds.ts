/** Plays a history and holds every law against it. */
import type { TopicState } from '@mc/topics'
import type { Village } from '../village.js'
import { Choices } from './choices.js'
import { type Played, play, playOut, villageOf } from './history.js'
import {
  frozenAreHeardNot,
  nothingIsStuck,
  onlyForward,
  peopleAreCounted,
  roundsAreBounded,
  seatsHold,
  Tellings,
  winnersStood,
} from './laws.js'

/** What histories came to see: laws about what never happens would hold for nothing. */
export class Seen {
  readonly states: Set<TopicState> = new Set()
  readonly kinds: Set<string> = new Set()
  frozenTried = 0
  rounds = 0
  blocks = 0
  accepted = 0

  note({ applied }: Played): void {
    this.blocks += 1
    this.accepted += applied.receipts.filter(one => one.accepted).length
    for (const { type, detail } of applied.events ?? []) {
      if (type === 'round-opened') this.rounds = Math.max(this.rounds, detail['round'] as number)
      if (detail['to'] !== undefined) this.states.add(detail['to'] as TopicState)
    }
  }
}

/** Plays the history of these bytes, then replays it in another order, and from block `cut` on from a snapshot. */
export function holds(bytes: Uint8Array, cut: number, seen: Seen): void {
  const tellings = new Tellings()
  const fresh = villageOf(new Choices(bytes))
  let before = { ...fresh.state.here }
  const onBlock = (here: Village, played: Played): void => {
    const { events = [] } = played.applied
    seatsHold(here)
    roundsAreBounded(here, events)
    winnersStood(here, events)
    nothingIsStuck(here)
    peopleAreCounted(here)
    onlyForward(before, here.state.here)
    seen.frozenTried += frozenAreHeardNot(here, played)
    seen.note(played)
    before = { ...here.state.here }
    tellings.add(played)
  }
  const village = play(bytes, onBlock)
  playOut(village, onBlock)
  for (const { kind, privacy } of village.state.tables.topics.values()) seen.kinds.add(kind).add(privacy)
  tellings.sameElsewhere(village, fresh, cut % village.history.length)
}
