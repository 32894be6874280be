/** What is done to a network of four processes, and the figures that come out of it. */
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { LightClient } from '@mc/ledger'
import { believe, blockBytesFromJson, certificateFromJson } from '@mc/node/client'
import { changeTo, genesisOf, PROPOSAL_OPERATIONS } from './plan.mjs'
import { Load, ProcessNetwork, sleep, until } from './process-network.mjs'

const round = number => Math.round(number * 10) / 10

/** A network for one scenario; it is gone afterwards, whatever happens. */
async function withNetwork(run, { isRecorded = true, others = 0 } = {}) {
  const network = await ProcessNetwork.make({ isRecorded, others })
  try {
    const figures = await run(network)
    const witness = await network.witness()
    const failures = [...network.failures, ...network.members.flatMap(member => member?.failures ?? [])]
    return { ...figures, words: witness.size, contradictions: witness.contradictions, failures }
  } finally {
    await network.close()
  }
}

const say = text => process.stderr.write(`${text}\n`)

const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]

/** Kills random members at random moments, under load. */
export const kill = ({ kills = 6 }) =>
  withNetwork(async network => {
    await network.startAll()
    const load = new Load(network, { name: 'kill', everyMs: 20, count: 4 })
    const restarts = []
    for (let at = 0; at < kills; at += 1) {
      await sleep(Math.random() * 800)
      const victim = Math.floor(Math.random() * 4)
      await network.kill(victim)
      await sleep(Math.random() * 300)
      const member = await network.start(victim)
      const ms = await member.voting
      restarts.push(ms)
      say(`kill ${at + 1} of ${kills}: member ${victim} votes again after ${Math.round(ms)} ms`)
    }
    await load.stop()
    say(`${load.acknowledged.length} operations were acknowledged: looking for them at every member`)
    await network.haveAll(load.acknowledged)
    await until(() => network.sameState(), 'all have the same state')
    const sorted = restarts.sort((a, b) => a - b)
    return {
      kills,
      acknowledged: load.acknowledged.length,
      lost: 0,
      restartToVotingMs: {
        median: round(quantile(sorted, 0.5)),
        p99: round(quantile(sorted, 0.99)),
        max: round(sorted.at(-1)),
      },
    }
  })

const HONEST = [0, 1, 2]

/** Operations that each honest member keeps waiting: the next proposal is full before the last one is on the ledger. */
const SATURATING = 3 * PROPOSAL_OPERATIONS

/** What the honest members do in so many seconds, all together; operations of the hostile one do not count. */
async function throughput(network, seconds) {
  const all = () => Promise.all(HONEST.map(index => network.status(index)))
  const beganAt = performance.now()
  const before = await all()
  await sleep(seconds * 1_000)
  const after = await all()
  const per = (performance.now() - beganAt) / 1_000
  const sum = read => after.reduce((total, status, at) => total + read(status) - read(before[at]), 0) / per
  return {
    perSecond: sum(({ committed }) => committed),
    epochsPerSecond: sum(({ nextEpoch }) => nextEpoch) / HONEST.length,
    cpuShare: sum(({ cpuMs }) => cpuMs) / 1_000,
    messagesPerSecond: sum(({ sent }) => sent.messages) / HONEST.length,
  }
}

/**
 * One member floods the others at ten times the rate at which each of them speaks while all they can do is asked of them.
 *
 * What they did before and after it, in the same run, is what they are measured by; the machine may have changed meanwhile.
 */
export const flood = ({ seconds = 5 }) =>
  withNetwork(
    async network => {
      const hostile = network.startHostile(3)
      const said = () => new Promise(resolve => hostile.once('message', resolve))
      const tell = message => {
        const answer = said()
        hostile.send(message)
        return answer
      }
      await said()
      try {
        await network.startAll(HONEST)
        for (const index of HONEST) await network.ask(index, { type: 'saturate', operations: SATURATING })
        await sleep(seconds * 1_000)
        const before = await throughput(network, seconds)
        say(`before: ${Math.round(before.perSecond)} operations per second`)
        const rssBefore = (await network.status(0)).rss
        await tell({ type: 'flood', messagesPerSecond: 10 * before.messagesPerSecond })
        const during = await throughput(network, seconds)
        say(`during: ${Math.round(during.perSecond)}`)
        const { sent, cpuMs } = await tell({ type: 'rest' })
        const { rss } = await network.status(0)
        const after = await throughput(network, seconds)
        say(`after: ${Math.round(after.perSecond)}`)
        for (const index of HONEST) await network.ask(index, { type: 'saturate', operations: 0 })
        await until(async () => (await pendingOf(network)) === 0, 'nothing waits')
        await until(() => network.sameState(), 'all have the same state')
        const { faults } = await network.status(0)
        const named = faults.filter(({ peer }) => peer === 3)
        const each = figure => ({ before: figure(before), during: figure(during), after: figure(after) })
        return {
          throughput: each(({ perSecond }) => round(perSecond)),
          epochsPerSecond: each(({ epochsPerSecond }) => round(epochsPerSecond)),
          cpuPercent: each(({ cpuShare }) => round(100 * cpuShare)),
          ratio: Math.round((200 * during.perSecond) / (before.perSecond + after.perSecond)) / 100,
          hostileMessages: sent,
          hostileMessagesPerSecond: {
            meant: round(10 * before.messagesPerSecond),
            sent: round(sent / seconds),
          },
          hostileCpuPercent: round(cpuMs / seconds / 10),
          rssGrowthMiB: round((rss - rssBefore) / 2 ** 20),
          faults: Object.fromEntries(named.map(({ rule, count }) => [rule, count])),
          disconnections: named.reduce((sum, { disconnected }) => sum + disconnected, 0),
          accusedOthers: faults.filter(({ peer }) => peer !== 3).map(({ peer, rule }) => `${peer} ${rule}`),
        }
      } finally {
        hostile.kill('SIGKILL')
      }
    },
    { isRecorded: false },
  )

async function pendingOf(network) {
  const statuses = await Promise.all(HONEST.map(index => network.status(index)))
  return statuses.reduce((sum, { pending }) => sum + pending, 0)
}

/** One member is away for many epochs and comes back under load. */
export const away = ({ epochs = 60 }) =>
  withNetwork(async network => {
    await network.startAll()
    await network.kill(3)
    const missed = new Load(network, { name: 'missed', everyMs: 5, count: 1 })
    await until(async () => (await network.status(0)).nextEpoch >= epochs, `${epochs} epochs`, 300_000)
    await missed.stop()
    const load = new Load(network, { name: 'load', everyMs: 20, count: 2, members: [0, 1, 2] })
    const begin = performance.now()
    await network.start(3)
    const target = (await network.status(0)).nextEpoch
    await until(async () => (await network.status(3)).nextEpoch >= target, 'it has caught up')
    const ms = performance.now() - begin
    await load.stop()
    const all = [...missed.acknowledged, ...load.acknowledged]
    await network.haveAll(all)
    await until(() => network.sameState(), 'all have the same state')
    return { epochs: target, acknowledged: all.length, lost: 0, caughtUpMs: round(ms) }
  })

/** Two of four stop: nothing is agreed. One comes back: it goes on. */
export const halves = () =>
  withNetwork(async network => {
    await network.startAll()
    const before = new Load(network, { name: 'before', everyMs: 20, count: 2 })
    await sleep(500)
    await before.stop()
    await network.haveAll(before.acknowledged)
    await network.kill(2)
    await network.kill(3)
    const during = new Load(network, { name: 'during', everyMs: 50, count: 2 })
    await sleep(1_500)
    await during.stop()
    const missing = await network.missing(0, during.acknowledged)
    const committedByTwo = during.acknowledged.length - missing.length
    await network.start(2)
    await network.haveAll([...before.acknowledged, ...during.acknowledged])
    await until(() => network.sameState(), 'all have the same state')
    return { acknowledged: before.acknowledged.length + during.acknowledged.length, committedByTwo, lost: 0 }
  })

/** The members and the system, one after the other: a fifth joins, one leaves, the system changes, one is replaced. */
const CHANGES = [
  { members: [0, 1, 2, 3, 4] },
  { members: [0, 1, 3, 4] },
  { members: [0, 1, 3, 4], suite: 'waterbear-q' },
  { members: [0, 3, 4, 5], suite: 'waterbear-qs-q' },
]

/** Asks for a change, again where the one who was asked is killed before it has answered. */
async function askForChange(network, at, text) {
  for (let turn = 0; ; turn += 1) {
    const by = network.up[(at + turn) % network.up.length]
    const taken = await network.ask(by, { type: 'submit', texts: [text] }).catch(() => undefined)
    if (taken?.[0] === true) return
    await sleep(50)
  }
}

/** Changes the configuration under load, killing one node during each change. */
export const change = ({ rounds = CHANGES.length }) =>
  withNetwork(
    async network => {
      await network.startAll()
      const load = new Load(network, { name: 'load', everyMs: 20, count: 4 })
      for (let at = 0; at < Math.min(rounds, CHANGES.length); at += 1) {
        await sleep(500)
        await askForChange(network, at, changeTo(CHANGES[at]))
        await sleep(Math.random() * 150)
        const victim = Math.floor(Math.random() * network.ports.length)
        await network.kill(victim)
        await sleep(Math.random() * 300)
        await network.start(victim)
        const isThere = async () => {
          const statuses = await Promise.all(network.up.map(index => network.status(index)))
          return statuses.every(({ configuration }) => configuration.index === at + 1)
        }
        await until(isThere, `all nodes are in configuration ${at + 1}`)
        say(`configuration ${at + 1}: node ${victim} was killed meanwhile`)
      }
      await sleep(500)
      await load.stop()
      say(`${load.acknowledged.length} operations were acknowledged: looking for them at every node`)
      await network.haveAll(load.acknowledged)
      await until(() => network.sameState(), 'all have the same state')
      const states = await Promise.all(network.up.map(index => network.status(index)))
      return {
        acknowledged: load.acknowledged.length,
        lost: 0,
        states: states.map(({ state }) => state),
        verified: await verifyFromGenesis(network),
      }
    },
    { isRecorded: false, others: 2 },
  )

/** Whether who knows the genesis alone believes the last block, and in which configuration it ends. */
async function verifyFromGenesis(network) {
  const light = new LightClient({ genesis: genesisOf(network.ports, network.n), crypto })
  const shown = async epoch => {
    const { bytes, certificate } = await network.ask(5, { type: 'block', epoch })
    return { bytes: blockBytesFromJson(bytes), certificate: certificateFromJson(certificate) }
  }
  const source = {
    configuration: index => network.ask(5, { type: 'configuration', index }),
    blockBytes: async epoch => (await shown(epoch)).bytes,
    certificate: async epoch => (await shown(epoch)).certificate,
  }
  const { nextEpoch } = await network.status(5)
  const believed = await believe(light, source, () => shown(nextEpoch - 1))
  return believed.verified ? { configuration: light.latest.index } : { reason: believed.reason }
}
