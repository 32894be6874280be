import { proofWorker } from '@mc/identity'
import type { Proofs } from '@mc/node/organisation'
import type { Author } from '@mc/topics'
import { afterEach, expect, test } from 'vitest'
import { domainNamed, identityCrypto } from './bare-village.js'
import { Hamlet } from './hamlet.js'

/** Threads that a block has to wait for until a test lets them go on; of what is handed in beforehand they do nothing. */
class SlowProofs implements Proofs {
  isWorking = true
  #go: () => void = () => {}
  readonly #gate = new Promise<void>(resolve => {
    this.#go = resolve
  })
  urgent = 0
  readonly #work = proofWorker(identityCrypto)

  async run(job: Uint8Array, { isUrgent } = { isUrgent: false }) {
    if (!isUrgent) return undefined
    this.urgent += 1
    await this.#gate
    return this.#work(job)
  }

  go(): void {
    this.#go()
  }

  stop(): void {}
}

let hamlet: Hamlet | undefined

afterEach(async () => {
  await hamlet?.stop()
  hamlet = undefined
})

test('while the proofs of a block are verified the node goes on: it hears, takes and says what there is', async () => {
  const network = await Hamlet.found()
  hamlet = network
  const proofs = new SlowProofs()
  await network.start(0, { proofs })
  for (const at of [1, 2, 3]) await network.start(at)
  const [ann, ...others] = network.people as [Author, ...Author[]]
  const ring = network.ring()
  const expecting = { meet: 60, publicity: 60, capacity: 50 }
  const opened = ann.openAsToken(
    { period: 0, slot: 0 },
    {
      domain: domainNamed('general'),
      kind: 'resolution',
      privacy: 'pseudonymous',
      title: 'A quiet street',
      text: { type: 'inline', text: 'at night' },
      params: expecting,
      target: undefined,
      evidence: [],
    },
    { token: ring, topic: ring },
  )
  const joins = others.map(one => one.join(opened.topic, expecting, ring).bytes)
  await network.node(1).submit([opened.bytes])
  const countOf = (at: number): number =>
    network.stateOf(at).tables.topics.get(opened.topic)?.participants ?? 0
  await network.until(() => [1, 2, 3].every(at => countOf(at) === 1), 'the others have it')
  await network.until(() => proofs.urgent > 0, 'node 0 has begun to verify')
  const { nextEpoch } = network.node().ledger
  const { frames } = network.node().sent
  for (const [at, bytes] of joins.entries()) {
    await network.node(2).submit([bytes])
    await network.until(() => [1, 2, 3].every(index => countOf(index) === at + 2), `join ${at}`)
    // A turn of its loop is over when what it was handed is on its disk.
    const [taken] = await network
      .node()
      .submit([network.as(ann, { type: 'comment', topic: opened.topic, text: `${at}` }).bytes])
    expect(taken?.taken).toBe(false)
  }
  expect([network.node().ledger.nextEpoch, countOf(0)]).toEqual([nextEpoch, 0])
  expect(network.node().sent.frames).toBeGreaterThan(frames)
  expect(network.node().status).toMatchObject({ state: 'voting', failure: undefined })
  proofs.go()
  await network.until(() => countOf(0) === joins.length + 1, 'node 0 has all of it')
  await network.agree()
})
