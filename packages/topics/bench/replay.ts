/**
 * How fast a history is replayed, and in how much memory: state roots included, proofs and signatures aside.
 *
 *   node scripts/replay.mjs
 *
 * First MEMBERS people open TOPICS topics, join them and comment: OPERATIONS operations of every day, in blocks of 2,000, each
 * made when its block comes. Then a snapshot of that state, and the state restored from it. Then one topic with MEMBERS
 * participants, from its first split to its decision.
 *
 * Prints CSV: processor time of this process, of all its threads; memory is the most that it had resident so far.
 */
import { equalBytes } from '@mc/crypto'
import { type Body, genesisDomainId, type JoinParams, meetingIdOf, topicIdOf } from '@mc/topics'
import { Organisation, sha256, these } from './organisation.js'

const numberFrom = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise)
const MEMBERS = numberFrom('MEMBERS', 10_000)
const TOPICS = numberFrom('TOPICS', 1_000)
const OPERATIONS = numberFrom('OPERATIONS', 100_000)

const PARAMS: JoinParams = { meet: 86_400, publicity: 86_400, capacity: 15 }

function row(name: string, count: number, seconds: number): void {
  const megabytes = Math.round(process.resourceUsage().maxRSS / 2 ** 10)
  console.log(`${name},${count},${seconds.toFixed(2)},${Math.round(count / seconds)},${megabytes}`)
}

/** What the blocks of some work cost. */
function measured(organisation: Organisation, name: string, count: number, work: () => void): void {
  const before = organisation.seconds
  work()
  row(name, count, organisation.seconds - before)
}

/** What some work costs. */
function timed<T>(name: string, count: number, work: () => T): T {
  const before = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(before)
  row(name, count, (user + system) / 1e6)
  return result
}

const create = (creator: Uint8Array): Body => ({
  type: 'createTopic',
  domain: genesisDomainId('general', sha256),
  kind: 'resolution',
  privacy: 'identified',
  title: 'A matter to decide',
  text: { type: 'inline', text: 'What it is about.' },
  creator,
  params: PARAMS,
  target: undefined,
  evidence: [],
})

/** Everybody joins topic after topic, and comments in between. */
function everyday(): void {
  const daily = new Organisation({ members: MEMBERS, minActivate: 1 })
  const topicOf = Array.from({ length: TOPICS }, (_, at) => topicIdOf(daily.ids[at] as Uint8Array, 0, sha256))
  measured(daily, 'open topics', TOPICS, () =>
    daily.blocks({ count: TOPICS, at: at => daily.by(at, create(daily.ids[at] as Uint8Array)) }),
  )
  const work = (at: number): Uint8Array => {
    const [member, turn] = [at % MEMBERS, Math.floor(at / MEMBERS)]
    const index = (at + turn * 7) % TOPICS
    const topic = topicOf[index] as Uint8Array
    return daily.by(
      member,
      turn % 2 === 0 && member !== index
        ? { type: 'join', topic, params: PARAMS }
        : { type: 'comment', topic, text: 'A word about it.' },
    )
  }
  measured(daily, 'join and comment', OPERATIONS, () => daily.blocks({ count: OPERATIONS, at: work }))
  handedOver(daily)
}

/** A snapshot, all its chunks, and the state that somebody makes of them. */
function handedOver({ machine, state }: Organisation): void {
  const { size } = state.map
  const root = machine.root(state)
  const { manifest, chunks } = timed('snapshot of entries', size, () => {
    const snapshot = machine.snapshot(state)
    const all = Array.from({ length: snapshot.chunkCount }, (_, at) => snapshot.chunk(at))
    return { manifest: snapshot.manifest, chunks: all }
  })
  const restored = timed('restore of entries', size, () =>
    machine.openSnapshot(manifest, root)?.restore(chunks),
  )
  if (restored === undefined || !equalBytes(machine.root(restored), root)) throw new Error('another state')
}

/** One topic in which everybody takes part, until it is decided. */
function together(): void {
  const big = new Organisation({ members: MEMBERS, minActivate: MEMBERS })
  const { tables } = big.state
  const id = topicIdOf(big.ids[0] as Uint8Array, 0, sha256)
  const topic = () => tables.topics.must(id)
  const seatOf = (member: Uint8Array) => tables.participants.get(Uint8Array.of(...id, ...member))?.meeting
  big.block([big.by(0, create(big.ids[0] as Uint8Array))])
  const joining = big.ids.slice(1).map((_, at) => big.by(at + 1, { type: 'join', topic: id, params: PARAMS }))
  measured(big, `${MEMBERS} join one topic`, joining.length, () => big.blocks(these(joining)))
  for (let round = 1; topic().state !== 'publicity'; round += 1) {
    measured(big, `round ${round}: split`, MEMBERS, () => {
      while (topic().state !== 'meeting') big.block([])
      big.block([])
      big.block([])
    })
    const seats = big.ids.map(seatOf)
    const { meetings = 0, number = 0 } = topic().round ?? {}
    if (round === 1) proposeInEach(big, id, seats, meetings)
    const votes = seats.flatMap((meeting, member) => {
      const candidate = meeting && tables.meetings.must(meeting).candidates[0]
      return meeting === undefined || candidate === undefined
        ? []
        : [big.by(member, { type: 'vote', meeting, approvals: [candidate] })]
    })
    measured(big, `round ${round}: vote in ${meetings} meetings`, votes.length, () =>
      big.blocks(these(votes)),
    )
    measured(big, `round ${round}: close`, meetings, () => {
      while (topic().state === 'meeting' && topic().round?.number === number) big.block([], 3_600)
    })
  }
  console.log(`# decided in round ${topic().round?.number} with ${topic().publicity?.supporters} supporters`)
}

/** The first of every meeting proposes something. */
function proposeInEach(
  big: Organisation,
  topic: Uint8Array,
  seats: readonly (Uint8Array | undefined)[],
  meetings: number,
): void {
  const first = new Map(seats.map((meeting, member) => [meeting?.join(), member] as const).reverse())
  const proposals = Array.from({ length: meetings }, (_, at) => meetingIdOf(topic, 1, at, sha256)).flatMap(
    meeting => {
      const member = first.get(meeting.join())
      const text = { type: 'inline', text: 'So.' } as const
      const nothing = { program: undefined, parent: undefined, candidacy: undefined }
      return member === undefined ? [] : [big.by(member, { type: 'propose', meeting, text, ...nothing })]
    },
  )
  big.blocks(these(proposals))
}

console.log('what,count,cpu s,per s,resident MB')
everyday()
together()
