import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { encodeBody, type Genesis, signOperation } from '@mc/ledger'
import { memoryNetwork } from '@mc/network'
import { Node, nodeSuite } from '@mc/node'
import { waterbearQsQ } from '@mc/presets'
import { hex } from '@mc/protocol/wire'
import { afterEach, expect, test } from 'vitest'

const running: Node[] = []
let directory = ''

afterEach(async () => {
  await Promise.all(running.splice(0).map(node => node.stop()))
  await rm(directory, { recursive: true, force: true })
})

async function fourNodes(): Promise<Node[]> {
  directory = await mkdtemp(join(tmpdir(), 'mc-'))
  const secretKeys = [0, 1, 2, 3].map(() => crypto.rng.bytes(32))
  const members = secretKeys.map((secretKey, index) => {
    const publicKey = crypto.ed25519.publicKey(secretKey)
    return { name: `member ${index}`, publicKey, addresses: [hex(publicKey)] }
  })
  const configuration = { index: 0, firstEpoch: 0, suite: 'waterbear-qs-q', depth: 1, members }
  const genesis: Genesis = { name: 'test', time: 0, configuration }
  const network = memoryNetwork()
  return Promise.all(
    secretKeys.map(async (secretKey, index) => {
      const node = await Node.start({
        directory: join(directory, String(index)),
        genesis,
        secretKey,
        crypto,
        suite: parts => nodeSuite(waterbearQsQ(parts)),
        transport: network.transport(hex(crypto.ed25519.publicKey(secretKey))),
      })
      node.events.on('fault', fault => console.log(index, fault))
      node.events.on('failure', error => console.log(index, error))
      running.push(node)
      return node
    }),
  )
}

test('an operation that one member takes is on the ledger of all', async () => {
  const nodes = await fourNodes()
  const author = crypto.rng.bytes(32)
  const operations = Array.from({ length: 20 }, (_, created) =>
    signOperation({ realm: 'test', kind: 'comment', created, body: encodeBody({ text: 'hello' }) }, author, crypto),
  )
  const committed = Promise.all(
    nodes.map(
      node =>
        new Promise<void>(resolve => {
          node.events.on('block', ({ block }) => {
            if (block.operations === 20) resolve()
          })
        }),
    ),
  )
  const submissions = await nodes[0]!.submit(operations)
  expect(submissions.every(({ taken }) => taken)).toBe(true)
  await committed
  const [first, ...others] = nodes.map(node => node.status)
  console.log(first, nodes[0]!.sent)
  for (const other of others) expect(other.stateRoot).toBe(first?.stateRoot)
})
