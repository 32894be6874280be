import { nodeCrypto as crypto } from '@mc/crypto/node'
import { encodeBlock, payloadCid } from '@mc/ledger'
import { epoch } from '@mc/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BlockAnswers } from '../src/blocks-answer.js'
import type { BlocksAnswer } from '../src/replica/peer-messages.js'
import type { BlockStore } from '../src/store/block-store.js'

const PAYLOAD_BYTES = 512 * 1024
const payload = new Uint8Array(PAYLOAD_BYTES)
const cid = payloadCid(payload, crypto.sha256)
const zero = new Uint8Array(32)

const blockOf = (number: number): Uint8Array =>
  encodeBlock({
    version: 1,
    network: zero,
    epoch: number,
    previous: null,
    configuration: zero,
    nextConfiguration: zero,
    payloads: [{ proposer: 0, cid }],
    time: 0,
    clock: 0,
    memberTimes: [],
    operations: 0,
    stateRoot: zero,
    beacon: zero,
    beaconChains: [],
    seals: [],
  })

/** A store of a hundred blocks, each with one large payload. */
const store = {
  block: async (number: number) => (number < 100 ? blockOf(number) : undefined),
  payload: async () => payload,
  certificate: async (number: number) => ({
    epoch: number,
    seals: [0, 1].map(member => ({ member, signature: new Uint8Array(64) })),
  }),
} as unknown as BlockStore

let answers: BlockAnswers
const sent: { readonly to: string; readonly from: number; readonly blocks: number }[] = []

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  sent.length = 0
  answers = new BlockAnswers({
    store,
    enqueue: read => void read(),
    send: (to, { from, items }: BlocksAnswer) => sent.push({ to, from, blocks: items.length }),
  })
})

afterEach(() => {
  answers.stop()
  vi.useRealTimers()
})

/** Asks for blocks from an epoch on, and waits so long. */
async function ask(member: number, from: number, ms: number): Promise<void> {
  answers.answer(`member ${member}`, epoch(from))
  await vi.advanceTimersByTimeAsync(ms)
}

test('who catches up is answered at 32 KiB per ms', async () => {
  await ask(1, 0, 120)
  await ask(1, 7, 120)
  await ask(1, 14, 120)
  expect(sent.map(({ from, blocks }) => [from, blocks])).toEqual([
    [0, 7],
    [7, 7],
    [14, 7],
  ])
})

test('who asks again for what it was given waits as long as a thirty-second of that rate takes', async () => {
  await ask(1, 0, 120)
  await ask(1, 0, 120)
  await ask(1, 0, 3_000)
  expect(sent.length).toBe(2)
  await vi.advanceTimersByTimeAsync(600)
  expect(sent.length).toBe(3)
})

test('nobody waits for what another one asks', async () => {
  await ask(1, 0, 120)
  await ask(1, 0, 120)
  await ask(1, 0, 1)
  await ask(2, 0, 1)
  expect(sent.map(({ to }) => to)).toEqual(['member 1', 'member 1', 'member 2'])
})

test('a question that waits is replaced by the next one of the same peer', async () => {
  await ask(1, 0, 0)
  await ask(1, 20, 0)
  await ask(1, 40, 300)
  expect(sent.map(({ from }) => from)).toEqual([0, 40])
})

test('a guest is answered at an eighth of the rate of a member', async () => {
  answers.answer('a guest', epoch(0), { isGuest: true })
  await vi.advanceTimersByTimeAsync(1)
  answers.answer('a guest', epoch(7), { isGuest: true })
  await vi.advanceTimersByTimeAsync(7 * 128 - 10)
  expect(sent.length).toBe(1)
  await vi.advanceTimersByTimeAsync(20)
  expect(sent.length).toBe(2)
})
