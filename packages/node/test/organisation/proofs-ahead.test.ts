import { proofWorker } from '@mc/identity'
import type { Proofs } from '@mc/node/organisation'
import { describe, expect, test } from 'vitest'
import { BareVillage, domainNamed, identityCrypto } from './bare-village.js'

/** Threads that work in this one, at once or not at all, and count. */
class HereProofs implements Proofs {
  readonly jobs: { readonly isUrgent: boolean }[] = []
  isWorking = true
  isStopped = false
  readonly #work = proofWorker(identityCrypto)

  async run(job: Uint8Array, order: { readonly isUrgent: boolean } = { isUrgent: false }) {
    this.jobs.push(order)
    return this.#work(job)
  }

  stop(): void {
    this.isStopped = true
  }
}

const EXPECTING = { meet: 86_400, publicity: 86_400, capacity: 50 }

/** A village in which a pseudonymous topic is open, and everybody's proof that it is one of the members. */
async function joining(people: number, proofs: HereProofs) {
  const village = await BareVillage.found({ people, proofs })
  const [ann] = village.people
  const ring = village.ring()
  const opened = ann!.openAsToken(
    { period: 0, slot: 0 },
    {
      domain: domainNamed('general'),
      kind: 'resolution',
      privacy: 'pseudonymous',
      title: 'A quiet street',
      text: { type: 'inline', text: 'at night' },
      params: EXPECTING,
      target: undefined,
      evidence: [],
    },
    { token: ring, topic: ring },
  )
  await village.machine.prepare?.(village.state, [opened.bytes], { isUrgent: false })
  village.block([opened.bytes])
  const joins = village.people.slice(1).map(one => one.join(opened.topic, EXPECTING, ring).bytes)
  return { village, topic: opened.topic, joins }
}

describe('proofs of an organisation', () => {
  test('of a block with 50 proofs none is computed where the block is applied', async () => {
    const proofs = new HereProofs()
    const { village, topic, joins } = await joining(51, proofs)
    // Opening took two proofs over one ring, and a signature.
    expect(proofs.jobs).toEqual([{ isUrgent: false }, { isUrgent: false }])
    await village.machine.prepare?.(village.state, joins, { isUrgent: true })
    expect(joins.length).toBe(50)
    expect(proofs.jobs.slice(2)).toEqual([{ isUrgent: true }, { isUrgent: true }])
    const { computed } = village.counts
    village.block(joins)
    expect(village.counts['computed']).toBe(computed)
    expect(village.counts['known']).toBeGreaterThanOrEqual(100)
    expect(village.inner.tables.topics.must(topic).participants).toBe(51)
  })

  test('whatever was verified beforehand, the state is the same', async () => {
    const { village, joins } = await joining(5, new HereProofs())
    const spoil = (bytes: Uint8Array, at: number): Uint8Array =>
      bytes.map((byte, index) => (index === bytes.length - at ? byte ^ 1 : byte))
    const all = [joins[0]!, spoil(joins[1]!, 100), spoil(joins[2]!, 10), joins[3]!]
    await village.machine.prepare?.(village.state, all, { isUrgent: true })
    const rules = village.attempt(all).receipts.map(one => (one.accepted ? 'accepted' : one.refusal.rule))
    expect([...rules].sort()).toEqual([
      'accepted',
      'accepted',
      'topics/wrong-proof',
      'topics/wrong-signature',
    ])
    const elsewhere = await village.elsewhere({ proofs: new HereProofs() })
    expect(elsewhere.counts['known']).toBe(0)
    expect(elsewhere.root).toBe(village.root)
  })

  test('threads that have given up are not asked, and those of a node that stops are ended', async () => {
    const proofs = new HereProofs()
    const { village, joins } = await joining(3, proofs)
    proofs.isWorking = false
    expect(village.machine.prepare?.(village.state, joins, { isUrgent: true })).toBe(undefined)
    village.stop()
    expect(proofs.isStopped).toBe(true)
  })
})
