import { EventEmitter, once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { sealedBoxes, signerBoxSecretKey } from '@mc/crypto/dkg'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { ristretto255 } from '@mc/crypto/threshold'
import { NetworkKeys, type NetworkKeysSetting, readKeyStatement } from '@mc/dkg'
import { type Configuration, operationCodec } from '@mc/ledger'
import type { NamedFault, NodeEvents, Submission } from '@mc/node'
import { KEY_GROUPS, KeyFiles, KeyKeeper, type KeyNode } from '@mc/node/keys'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { secretKeyOf } from './keyed-network.js'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mc-keeper-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const { sha256 } = crypto
const setting: NetworkKeysSetting = {
  sha256,
  boxes: sealedBoxes({ group: ristretto255, sha256 }),
  groups: KEY_GROUPS,
  needs: [{ purpose: 'coin', group: ristretto255.name }],
  graceMs: 1_000,
  network: new Uint8Array(32),
  wanted: 'pace',
}

const configuration: Configuration = {
  index: 0,
  firstEpoch: 0,
  suite: 'waterbear-qs-q',
  depth: 1,
  members: [0, 1, 2, 3].map(index => ({
    name: `member ${index}`,
    publicKey: crypto.ed25519.publicKey(secretKeyOf(index)),
    addresses: [],
  })),
}

/** A node whose mempool answers as the test says. */
class FakeNode implements KeyNode {
  readonly events = new EventEmitter<NodeEvents>()
  readonly submitted = new EventEmitter()
  pending: readonly Uint8Array[] = []
  answer: (bytes: Uint8Array) => Submission = () => ({ taken: true, id: new Uint8Array(32) })

  get pendingOwn(): readonly Uint8Array[] {
    this.submitted.emit('asked')
    return this.pending
  }

  async submit(operations: readonly Uint8Array[]): Promise<readonly Submission[]> {
    const submissions = operations.map(bytes => this.answer(bytes))
    this.submitted.emit('operations', operations)
    return submissions
  }

  /** What the keeper submits next, once something made it look. */
  async next(cause: () => unknown): Promise<readonly Uint8Array[]> {
    const coming = once(this.submitted, 'operations')
    cause()
    const [operations] = (await coming) as [readonly Uint8Array[]]
    return operations
  }

  block(): void {
    this.events.emit('block', undefined as never)
  }
}

const keeperOf = (keys: NetworkKeys, self = 0): KeyKeeper =>
  new KeyKeeper({
    realm: 'keyed',
    secretKey: secretKeyOf(self),
    crypto,
    setting,
    files: new KeyFiles(join(directory, String(self))),
    keys: () => keys,
  })

const statementOf = (operation: Uint8Array | undefined) =>
  readKeyStatement(operationCodec.decode(operation as Uint8Array))

test('what a full mempool has no room for is handed in again, the same', async () => {
  const node = new FakeNode()
  const refusal = { rule: 'node/mempool-full', detail: '' } as const
  node.answer = () => ({ taken: false, id: new Uint8Array(32), refusal })
  const keeper = keeperOf(new NetworkKeys(configuration, setting))
  let leave: () => Promise<void> = async () => {}
  const [first] = await node.next(() => {
    leave = keeper.attend(node)
  })
  node.answer = () => ({ taken: true, id: new Uint8Array(32) })
  const [again] = await node.next(() => node.block())
  expect(again).toEqual(first)
  await leave()
})

test('the secret is on disk before its public half is handed in, and another life announces the same key', async () => {
  const keys = new NetworkKeys(configuration, setting)
  const node = new FakeNode()
  const announced: unknown[] = []
  for (let life = 0; life < 2; life += 1) {
    let leave: () => Promise<void> = async () => {}
    const [operation] = await node.next(() => {
      leave = keeperOf(keys).attend(node)
    })
    const statement = statementOf(operation)
    const secret = await new KeyFiles(join(directory, '0')).read(
      keys.running as NonNullable<typeof keys.running>,
    )
    expect(statement).toMatchObject({ type: 'box', boxKey: setting.boxes.publicKeyOf(secret as Uint8Array) })
    announced.push(statement)
    await leave()
  }
  expect(announced[0]).toEqual(announced[1])
})

/** Keys whose generation is open: members 0 to 2 have announced, 3 has not. */
function opened(boxKeyOf: (member: number) => Uint8Array): NetworkKeys {
  const keys = new NetworkKeys(configuration, setting)
  const generation = keys.running
  if (generation === undefined) throw new Error('it is running')
  for (const member of [0, 1, 2]) {
    generation.take(member as never, { type: 'box', generation: generation.id, boxKey: boxKeyOf(member) }, 0)
  }
  generation.tick(1_000)
  return keys
}

test('who has lost the secret of what it announced says so, and says nothing else', async () => {
  const keys = opened(member => setting.boxes.publicKeyOf(signerBoxSecretKey(secretKeyOf(member + 10))))
  const node = new FakeNode()
  const told = once(node.events, 'fault') as Promise<[NamedFault]>
  const leave = keeperOf(keys).attend(node)
  const [{ rule }] = await told
  expect(rule).toBe('node/keys-lost')
  const said: unknown[] = []
  node.submitted.on('operations', operations => said.push(operations))
  const again = once(node.events, 'fault')
  node.block()
  await again
  await setImmediate()
  expect(said).toEqual([])
  await leave()
})

test('while something of ours is on its way from before a restart, nothing is added to it', async () => {
  const keys = opened(member => setting.boxes.publicKeyOf(signerBoxSecretKey(secretKeyOf(member + 10))))
  const node = new FakeNode()
  let leave: () => Promise<void> = async () => {}
  const spoken = await node.next(() => {
    leave = keeperOf(keys, 3).attend(node)
  })
  expect(spoken.map(statementOf)).toMatchObject([{ type: 'part', need: 0 }])
  await leave()
  node.pending = spoken
  const said: unknown[] = []
  node.submitted.on('operations', operations => said.push(operations))
  const asked = once(node.submitted, 'asked')
  leave = keeperOf(keys, 3).attend(node)
  await asked
  await setImmediate()
  expect(said).toEqual([])
  // It has come: what is missing is said.
  node.pending = []
  expect(await node.next(() => node.block())).toHaveLength(1)
  await leave()
})
