import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { encodeBody, type Genesis, operationId, signOperation } from '@mc/ledger'
import { memoryNetwork } from '@mc/network'
import { LedgerReader, Node, nodeSuite } from '@mc/node'
import { waterbearQsQ } from '@mc/presets'
import { hex } from '@mc/protocol/wire'
import { afterEach, expect, test } from 'vitest'

const nodes: Node[] = []
let directory = ''

afterEach(async () => {
  await Promise.all(nodes.splice(0).map(node => node.stop()))
  await rm(directory, { recursive: true, force: true })
})

async function fourNodes(): Promise<void> {
  directory = await mkdtemp(join(tmpdir(), 'mc-reader-'))
  const secretKeys = [0, 1, 2, 3].map(index => crypto.sha256(new Uint8Array([index])))
  const members = secretKeys.map((secretKey, index) => {
    const publicKey = crypto.ed25519.publicKey(secretKey)
    return { name: `member ${index}`, publicKey, addresses: [hex(publicKey)] }
  })
  const configuration = { index: 0, firstEpoch: 0, suite: 'waterbear-qs-q', depth: 1, members }
  const genesis: Genesis = { name: 'test', time: 0, configuration }
  const network = memoryNetwork()
  const started = secretKeys.map((secretKey, index) =>
    Node.start({
      directory: join(directory, String(index)),
      genesis,
      secretKey,
      crypto,
      suite: parts => nodeSuite(waterbearQsQ(parts)),
      transport: network.transport(hex(crypto.ed25519.publicKey(secretKey))),
    }),
  )
  nodes.push(...(await Promise.all(started)))
}

const committed = (operations: number): Promise<unknown> =>
  Promise.all(
    nodes.map(async node => {
      while (node.status.operations < operations)
        await new Promise(resolve => node.events.once('block', resolve))
    }),
  )

test('whatever came several times and in whichever proposals, every node reads the same list, each operation once', async () => {
  await fourNodes()
  const author = crypto.sha256(new Uint8Array([9]))
  const operations = Array.from({ length: 30 }, (_, created) =>
    signOperation({ realm: 'test', kind: 'comment', created, body: encodeBody({ created }) }, author, crypto),
  )
  for (const part of [operations.slice(0, 10), operations.slice(5, 20), operations.slice(12)]) {
    await Promise.all(nodes.map(node => node.submit(part)))
    await committed(operations.indexOf(part.at(-1) as Uint8Array) + 1)
  }
  const lists = await Promise.all(
    nodes.map(node => new LedgerReader(node).list({ from: 0, limit: 100, bytesMax: 1e6 })),
  )
  const [first] = lists
  expect(first?.items.map(({ position }) => position)).toEqual(operations.map((_, at) => at))
  expect(new Set(first?.items.map(({ id }) => hex(id))).size).toBe(30)
  for (const { items } of lists) expect(items).toEqual(first?.items)
  const reader = new LedgerReader(nodes[0] as Node)
  for (const bytes of operations) {
    const placed = await reader.operation(operationId(bytes, crypto.sha256))
    expect(hex(placed?.bytes as Uint8Array)).toBe(hex(bytes))
    const block = await reader.block(placed?.epoch as number)
    expect(block?.block.operations).toBeGreaterThan(placed?.position as number)
  }
  expect(await reader.operation(new Uint8Array(32))).toBeUndefined()
  expect(await reader.block(10_000)).toBeUndefined()
})
