/**
 * Nodes in memory that generate the keys of BEAT0 on their own log.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SealedBoxes } from '@mc/crypto/dkg'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { plainOperations } from '@mc/dkg'
import {
  type Applied,
  type Configuration,
  type Genesis,
  type Member,
  operationCodec,
  type RecordedMachine,
  signedOperations,
} from '@mc/ledger'
import { type MemoryNetwork, memoryNetwork } from '@mc/network'
import { type NamedFault, Node, nodeSuite, type SuiteMaker } from '@mc/node'
import { type KeyParameters, keyRules, keyRulesOf } from '@mc/node/keys'
import { composeSuite, keyNeeds, PRESETS } from '@mc/presets'
import { hex } from '@mc/protocol/wire'

const REALM = 'keyed'

/** The secret key of a member. Tests only: anybody can compute it. */
export const secretKeyOf = (index: number): Uint8Array => new Uint8Array(32).fill(index + 1)

function memberOf(index: number): Member {
  const publicKey = crypto.ed25519.publicKey(secretKeyOf(index))
  return { name: `member ${index}`, publicKey, addresses: [hex(publicKey)] }
}

const plain = plainOperations(signedOperations({ realm: REALM, crypto }), crypto.sha256)

/** Operations of the kind `members` elect: their `created` has a bit for each member. */
const electing: RecordedMachine<undefined> = {
  ...plain,
  apply(state, block): Applied<undefined> {
    const elections = block.operations
      .map(({ bytes }) => operationCodec.decode(bytes))
      .filter(({ kind }) => kind === 'members')
    const wanted = elections.at(-1)?.created
    const applied = plain.apply(state, block)
    if (wanted === undefined) return applied
    const members = [0, 1, 2, 3, 4, 5].filter(index => (wanted >> index) & 1).map(memberOf)
    return { ...applied, configuration: { ...block.configuration, members } }
  },
}

/** Every system of the catalogue, by the name that a configuration gives. */
export const anySuite: SuiteMaker = ({
  configuration,
  keys,
  rng,
  sha256,
  payloadBytesMax,
  depth,
  epochsKept,
}) => {
  const entry = PRESETS.find(({ name }) => name === configuration.suite)
  if (entry === undefined) throw new RangeError(`no suite ${configuration.suite}`)
  const { name, parts } = entry
  const options = { name, rng, sha256, payloadBytesMax, depth, epochsKept }
  return nodeSuite(composeSuite(parts, { ...options, ...(keys && { keys }) }))
}

export class KeyedNetwork {
  readonly genesis: Genesis
  readonly directory: string
  readonly network: MemoryNetwork = memoryNetwork()
  readonly nodes: (Node | undefined)[] = []
  readonly faults: NamedFault[] = []
  readonly failures: Error[] = []
  readonly #leaving: (() => Promise<void>)[] = []

  private constructor(directory: string, { suite, n = 4, ...more }: Setting) {
    this.directory = directory
    const members = Array.from({ length: n }, (_, index) => memberOf(index))
    const { parts } = PRESETS.find(({ name }) => name === suite) as (typeof PRESETS)[number]
    const rules = keyRulesOf({ suite, graceMs: 2_000, needs: keyNeeds(parts), ...more })
    const configuration = { index: 0, firstEpoch: 0, suite: 'waterbear-qs-q', depth: 1, members }
    this.genesis = { name: REALM, time: 0, configuration, rules }
  }

  static async make(setting: Setting): Promise<KeyedNetwork> {
    return new KeyedNetwork(await mkdtemp(join(tmpdir(), 'mc-keys-')), setting)
  }

  directoryOf(index: number): string {
    return join(this.directory, String(index))
  }

  /** Starts a node; those above the members of the genesis follow until a configuration contains them. */
  async start(index: number, boxes?: SealedBoxes): Promise<Node> {
    const { genesis } = this
    const directory = this.directoryOf(index)
    const secretKey = secretKeyOf(index)
    const machine = () => electing as RecordedMachine<unknown>
    const rules = keyRules({ directory, secretKey, genesis, crypto, machine, ...(boxes && { boxes }) })
    const node = await Node.start({
      directory,
      genesis,
      secretKey,
      crypto,
      suite: anySuite,
      transport: this.network.transport(hex(crypto.ed25519.publicKey(secretKey))),
      machine: rules.machine,
      ...(rules.keys && { keys: rules.keys }),
    })
    node.events.on('fault', fault => this.faults.push(fault))
    node.events.on('failure', error => this.failures.push(error))
    this.nodes[index] = node
    this.#leaving[index] = (rules.attend as NonNullable<typeof rules.attend>)(node)
    return node
  }

  async stop(index: number): Promise<void> {
    await this.#leaving[index]?.()
    await this.nodes[index]?.stop()
    this.nodes[index] = undefined
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((_, index) => this.stop(index)))
    await rm(this.directory, { recursive: true, force: true })
  }
}

interface Setting extends Partial<Omit<KeyParameters, 'suite'>> {
  readonly suite: string
  readonly n?: number
}

/** Resolves once a configuration like this is decided at a node, or in force. */
export function configured(
  node: Node,
  wanted: (configuration: Configuration) => boolean,
): Promise<Configuration> {
  return new Promise(resolve => {
    const check = (): void => {
      const found = [node.ledger.decided, node.ledger.configuration].find(
        one => one !== undefined && wanted(one),
      )
      if (found === undefined) return
      node.events.off('block', check)
      resolve(found)
    }
    node.events.on('block', check)
    check()
  })
}
