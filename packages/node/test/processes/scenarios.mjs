/** What is done to a network of four processes, and the figures that come out of it. */
import { Load, ProcessNetwork, sleep, until } from './process-network.mjs'

const round = number => Math.round(number * 10) / 10

/** A network for one scenario; it is gone afterwards, whatever happens. */
async function withNetwork(run, { isRecorded = true } = {}) {
  const network = await ProcessNetwork.make({ isRecorded })
  try {
    const figures = await run(network)
    const witness = await network.witness()
    const failures = [...network.failures, ...network.members.flatMap(member => member?.failures ?? [])]
    return { ...figures, words: witness.size, contradictions: witness.contradictions, failures }
  } finally {
    await network.close()
  }
}

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
      restarts.push(await member.voting)
    }
    await load.stop()
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

/** Committed operations per second of members 0 to 2 during `seconds`. */
async function throughput(network, name, seconds) {
  const before = await network.status(0)
  const load = new Load(network, { name, everyMs: 10, count: 8, members: [0, 1, 2] })
  await sleep(seconds * 1_000)
  const after = await network.status(0)
  // What the hostile member got onto the ledger does not count.
  const acknowledged = [...load.acknowledged]
  const missing = await network.missing(0, acknowledged)
  await load.stop()
  await network.haveAll(load.acknowledged)
  return {
    perSecond: (acknowledged.length - missing.length) / seconds,
    epochsPerSecond: (after.nextEpoch - before.nextEpoch) / seconds,
    cpuShare: (after.cpuMs - before.cpuMs) / (seconds * 1_000),
    messagesPerSecond: (after.sent.messages - before.sent.messages) / seconds,
  }
}

/** One member floods the others at ten times the rate at which an honest one speaks. */
export const flood = ({ seconds = 5 }) =>
  withNetwork(
    async network => {
      const hostile = network.startHostile(3)
      const said = () => new Promise(resolve => hostile.once('message', resolve))
      await said()
      try {
        await network.startAll([0, 1, 2])
        await throughput(network, 'warm', 1)
        const without = await throughput(network, 'without', seconds)
        const rssBefore = (await network.status(0)).rss
        hostile.send({ type: 'flood', messagesPerSecond: 10 * without.messagesPerSecond })
        await said()
        const during = await throughput(network, 'with', seconds)
        hostile.send({ type: 'rest' })
        const { sent } = await said()
        const { rss, faults } = await network.status(0)
        const named = faults.filter(({ peer }) => peer === 3)
        return {
          throughput: { without: round(without.perSecond), with: round(during.perSecond) },
          epochsPerSecond: { without: round(without.epochsPerSecond), with: round(during.epochsPerSecond) },
          cpuPercent: { without: round(100 * without.cpuShare), with: round(100 * during.cpuShare) },
          ratio: Math.round((100 * during.perSecond) / without.perSecond) / 100,
          hostileMessages: sent,
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
