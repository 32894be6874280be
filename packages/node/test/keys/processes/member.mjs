/**
 * One member in a process of its own: `node member.mjs PLAN`, with PLAN as JSON { directory, index, ports, time, suite, lies }.
 *
 * The one that lies seals wrong rows for the first member; otherwise it follows the protocol.
 */
import { digestKey } from '@mc/crypto'
import { sealedBoxes } from '@mc/crypto/dkg'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { ristretto255 } from '@mc/crypto/threshold'
import { encodeBody, signOperation } from '@mc/ledger'
import { libp2pTransport } from '@mc/network'
import { Node, nodeSuite } from '@mc/node'
import { keyRules, keyRulesOf } from '@mc/node/keys'
import { composeSuite, keyNeeds, PRESETS } from '@mc/presets'
import { hex } from '@mc/protocol/wire'

const { directory, index, ports, time, suite, lies } = JSON.parse(process.argv[2])
const secretKeys = ports.map((_, at) => new Uint8Array(32).fill(at + 1))
const members = ports.map((port, at) => ({
  name: `member ${at}`,
  publicKey: crypto.ed25519.publicKey(secretKeys[at]),
  addresses: [`/ip4/127.0.0.1/tcp/${port}`],
}))
const partsOf = name => PRESETS.find(preset => preset.name === name).parts
const rules = keyRulesOf({ suite, graceMs: 10_000, needs: keyNeeds(partsOf(suite)) })
const configuration = { index: 0, firstEpoch: 0, suite: 'waterbear-qs-q', depth: 1, members }
const genesis = { name: 'keyed', time, configuration, rules }

const honest = sealedBoxes({ group: ristretto255, sha256: crypto.sha256 })
const lying = new Proxy(honest, {
  get: (target, name) => {
    const value = Reflect.get(target, name, target)
    if (typeof value !== 'function') return value
    if (name !== 'seal') return value.bind(target)
    return options =>
      target.seal({
        ...options,
        messages: options.messages.map((one, at) => (at === 0 ? one.map(byte => byte ^ 1) : one)),
      })
  },
})

const tell = message => process.connected && process.send(message)
const secretKey = secretKeys[index]
const own = keyRules({ directory, secretKey, genesis, crypto, ...(lies && { boxes: lying }) })
const node = await Node.start({
  directory,
  genesis,
  secretKey,
  crypto,
  suite: ({ configuration: { suite: name }, self: _, keys, ...parts }) =>
    nodeSuite(composeSuite(partsOf(name), { name, ...parts, ...(keys && { keys }) })),
  transport: libp2pTransport({ secretKey, listen: [`/ip4/127.0.0.1/tcp/${ports[index]}`] }),
  machine: own.machine,
  keys: own.keys,
})
const faults = []
node.events.on('fault', ({ rule, peer }) => faults.push(`${rule} ${peer}`))
node.events.on('failure', error => tell({ type: 'failure', message: error.message }))
own.attend(node)

const author = new Uint8Array(32).fill(99)
const operationOf = text =>
  signOperation({ realm: 'keyed', kind: 'comment', created: 1, body: encodeBody(text) }, author, crypto)

const answers = {
  submit: async ({ texts }) =>
    (await node.submit(texts.map(operationOf))).map(({ taken, refusal }) => taken || refusal.rule),
  missing: ({ texts }) => {
    const { machine, state } = node.ledger
    return texts.filter(text => !machine.isKnown(state, digestKey(machine.operationId(operationOf(text)))))
  },
  status: () => {
    const { keySet, suite: name, index: number } = node.ledger.configuration
    const { state, stateRoot, nextEpoch, suiteName } = node.status
    const used = process.cpuUsage()
    return {
      state,
      stateRoot,
      nextEpoch,
      suiteName,
      configuration: { suite: name, index: number, keySet: keySet && hex(keySet) },
      faults,
      cpuMs: (used.user + used.system) / 1_000,
    }
  },
}

process.on('message', async ({ id, type, ...question }) => {
  const answer = await Promise.resolve(answers[type](question)).catch(error => ({ error: error.message }))
  tell({ type: 'answer', id, answer })
})
process.on('disconnect', () => process.exit(0))
tell({ type: 'ready' })
