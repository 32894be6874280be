/**
 * One member in a process of its own: `node member.mjs PLAN`, with PLAN as JSON { directory, index, ports, n, record }.
 *
 * The genesis has the first `n` as members; operations of `changeTo` change who they are, and which system they run.
 *
 * With `record`, every word of the agreement that comes in is appended to that file before anything is done with it.
 */
import { openSync, writeSync } from 'node:fs'
import { digestKey } from '@mc/crypto'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { configurationToJson } from '@mc/ledger'
import { libp2pTransport } from '@mc/network'
import {
  certificateToJson,
  DEFAULT_REPLICA_LIMITS,
  messageCodecOf,
  messagesOf,
  Node,
  nodeSuite,
  recordsMachine,
} from '@mc/node'
import { waterbearQ, waterbearQsQ } from '@mc/presets'
import { utterancesOf } from '../utterances.mjs'
import {
  changeIn,
  genesisOf,
  listenOf,
  memberOf,
  OPERATION_BYTES,
  PROPOSAL_OPERATIONS,
  secretKeyOf,
} from './plan.mjs'

const { directory, index, ports, n = ports.length, record } = JSON.parse(process.argv[2])
const genesis = genesisOf(ports, n)
const tell = message => process.connected && process.send(message)

/** A transport that writes down what peers say. */
function recording(transport) {
  const file = openSync(record, 'a')
  const messages = messageCodecOf(DEFAULT_REPLICA_LIMITS)
  const suite = waterbearQsQ({
    rng: crypto.rng,
    sha256: crypto.sha256,
    payloadBytesMax: DEFAULT_REPLICA_LIMITS.proposalBytesMax,
  })
  const agreement = suite.atomicBroadcast.codec({ n: ports.length })
  const indices = new Map(
    genesis.configuration.members.map(({ publicKey }, at) => [Buffer.from(publicKey).toString('hex'), at]),
  )
  const note = (from, frame) => {
    let lines = ''
    for (const bytes of messagesOf(frame)) {
      const message = messages.decode(bytes)
      if (message.type !== 'consensus') continue
      for (const { key, value } of utterancesOf(agreement.decode(message.bytes), index)) {
        lines += `${indices.get(from)}: ${key} ${value}\n`
      }
    }
    if (lines !== '') writeSync(file, lines)
  }
  return new Proxy(transport, {
    get: (target, name) => {
      const value = target[name]
      if (name !== 'start') return typeof value === 'function' ? value.bind(target) : value
      return handlers =>
        target.start({
          ...handlers,
          onFrame: (from, priority, frame) => {
            note(from, frame)
            handlers.onFrame(from, priority, frame)
          },
          onConnected: peer => handlers.onConnected(peer),
          onDisconnected: peer => handlers.onDisconnected(peer),
          onFault: fault => handlers.onFault(fault),
        })
    },
  })
}

/** Records, and changes of the configuration on demand. */
function changing(parts) {
  const inner = recordsMachine(parts)
  const apply = (state, block) => {
    const change = block.operations.map(({ bytes }) => changeIn(bytes)).findLast(one => one !== undefined)
    const applied = inner.machine.apply(state, block)
    if (change === undefined) return applied
    const { suite = block.configuration.suite } = change
    const members = change.members.map(at => memberOf(ports, at))
    return { ...applied, configuration: { ...block.configuration, suite, members } }
  }
  return { ...inner, machine: { ...inner.machine, apply } }
}

const SUITES = { 'waterbear-qs-q': waterbearQsQ, 'waterbear-q': waterbearQ }

const transport = libp2pTransport({
  secretKey: secretKeyOf(index),
  listen: listenOf(ports[index]),
  guestsMax: 8,
})
const node = await Node.start({
  directory,
  genesis,
  secretKey: secretKeyOf(index),
  crypto,
  suite: parts => nodeSuite(SUITES[parts.configuration.suite](parts)),
  machine: changing,
  transport: record === undefined ? transport : recording(transport),
  operations: { kind: 'opaque', bytesMax: OPERATION_BYTES },
  limits: { proposalOperationsMax: PROPOSAL_OPERATIONS },
})

const faults = new Map()
node.events.on('fault', ({ rule, peer, disconnected }) => {
  const entry = faults.get(`${peer} ${rule}`) ?? { peer, rule, count: 0, disconnected: 0 }
  entry.count += 1
  entry.disconnected += Number(disconnected)
  faults.set(`${peer} ${rule}`, entry)
})
node.events.on('failure', error => tell({ type: 'failure', message: error.message }))

const watch = setInterval(() => {
  // Who is no member has arrived, too.
  if (!['voting', 'following'].includes(node.status.state)) return
  clearInterval(watch)
  tell({ type: 'voting' })
}, 5)

const idOf = text => node.ledger.machine.operationId(Buffer.from(text))
const isKnown = text => node.ledger.machine.isKnown(node.ledger.state, digestKey(idOf(text)))

// Keeps so many operations of its own waiting, as fast as the members decide; counts those that came on the ledger.
let window = 0
let made = 0
let committed = 0
const waiting = new Set()

function topUp() {
  const texts = []
  for (; waiting.size < window; made += 1) {
    const text = Buffer.from(`${index} saturates ${made}`.padEnd(OPERATION_BYTES, '.'))
    texts.push(text)
    waiting.add(digestKey(node.ledger.machine.operationId(text)))
  }
  if (texts.length > 0) node.submit(texts).catch(() => {})
}

node.events.on('block', ({ receipts }) => {
  if (waiting.size === 0) return
  for (const { id, accepted } of receipts) if (waiting.delete(digestKey(id)) && accepted) committed += 1
  topUp()
})

const answers = {
  saturate: ({ operations }) => {
    window = operations
    topUp()
  },
  submit: async ({ texts }) => {
    const submissions = await node.submit(texts.map(text => Buffer.from(text)))
    return submissions.map(({ taken }) => taken)
  },
  status: () => ({
    ...node.status,
    sent: node.sent,
    committed,
    rss: process.memoryUsage().rss,
    cpuMs: process.cpuUsage().user / 1_000 + process.cpuUsage().system / 1_000,
    faults: [...faults.values()],
  }),
  configuration: async ({ index: at }) => configurationToJson(await node.configuration(at)),
  block: async ({ epoch }) => {
    const bytes = await node.store.block(epoch)
    const certificate = (await node.certificate(epoch)) ?? { epoch, seals: [] }
    return { bytes: Buffer.from(bytes ?? []).toString('hex'), certificate: certificateToJson(certificate) }
  },
  missing: ({ texts }) => texts.filter(text => !isKnown(text)),
}

process.on('message', async ({ id, type, ...question }) => {
  const answer = await Promise.resolve(answers[type](question)).catch(error => ({ error: error.message }))
  tell({ type: 'answer', id, answer })
})
process.on('disconnect', () => process.exit(0))
tell({ type: 'ready' })
