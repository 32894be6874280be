/**
 * What the network of a seed does: fair orders, unfair ones, and those that read what is said.
 */
import {
  contentAware,
  delay,
  fifo,
  lifo,
  partition,
  type Random,
  randomOrder,
  type Schedule,
  type SimEvent,
  starve,
  virtualTime,
} from '@mc/sim'
import { type SubsetPart, subsetPart } from './subset-part.js'

/** Draws a network that is fair, or, if it may be, unfair until it heals. */
export function drawSchedule(n: number, random: Random, mayBeUnfair: boolean): Schedule {
  const fair = [randomOrder, () => drawLatency(random), fifo]
  const unfair = [
    lifo,
    () => starve(random.below(n), { direction: random.pick(['to', 'from', 'both']) }),
    () => delay(random.below(n), random.pick([50, 500, 5_000])),
    () => preferring('zeros-first', ({ value }) => (value === 0 ? 1 : 0)),
    () => preferring('ones-first', ({ value }) => (value === 1 ? 1 : 0)),
    () => preferring('broadcasts-last', ({ part }) => (part === 'rbc' ? 0 : 1)),
    () => preferring('newest-epoch-first', ({ epoch }) => epoch),
    () => preferring('lowest-proposer-last', ({ proposer }) => proposer),
  ]
  return random.pick(mayBeUnfair ? [...fair, ...unfair] : fair)()
}

/** Draws a cut between two groups, that heals for good or opens again and again. */
export function drawPartition(n: number, random: Random): Schedule {
  const order = random.shuffle(Array.from({ length: n }, (_, index) => index))
  const at = 1 + random.below(n - 1)
  const groups = [order.slice(0, at), order.slice(at)]
  const healAfter = random.pick([50, 200, 1_000]) * n
  const againAfter = 2 * healAfter + random.below(healAfter)
  return partition(groups, random.bit() === 1 ? { healAfter, againAfter } : { healAfter })
}

function drawLatency(random: Random): Schedule {
  const min = random.pick([0, 1, 20])
  return virtualTime({ latencyMs: [min, min + random.pick([0, 10, 300])] })
}

/** The most wanted of what is said about proposals comes first; everything else does not have to wait. */
function preferring(name: string, wanted: (said: SubsetPart) => number): Schedule {
  const prefer = (event: SimEvent<unknown, unknown>): number => {
    const said = event.type === 'message' ? subsetPart(event.message) : undefined
    return said === undefined ? Number.MAX_SAFE_INTEGER : wanted(said)
  }
  return { ...contentAware(prefer), name }
}
