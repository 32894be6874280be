/**
 * A ledger of four members in one process: a signed operation ends in a certified block, and a light client checks it.
 */
import { type AtomicBroadcastInput, type AtomicBroadcastOutput, orderBatch, proposalCodec } from '@mc/abc'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import {
  encodeBody,
  Ledger,
  LightClient,
  OPERATION_BYTES_MAX,
  proveRecord,
  type RecordsState,
  records,
  signedOperations,
  signOperation,
} from '@mc/ledger'
import { type WaterbearQsQMessage, waterbearQsQ } from '@mc/presets'
import { committee, type Driven, drive, epoch, peer, type Step } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import { genesis, type Villager, villagers } from './village.js'

type Batch = Extract<AtomicBroadcastOutput, { readonly type: 'batch' }>

const operations = signedOperations({ realm: genesis.name, crypto })
const proposals = proposalCodec({ operationBytesMax: OPERATION_BYTES_MAX, operationsMax: 16 })

/** What happened, and everything that a light client is given. */
export interface Story {
  readonly lines: readonly string[]
  readonly ledgers: readonly Ledger<RecordsState>[]
}

/** A person signs an operation, four members agree on it, and a light client believes nothing but the genesis. */
export function tellLedger(title: string): Story {
  const lines = [`A person signs "${title}" and gives it to ${villagers[0]?.name}.`]
  const body = encodeBody({ title })
  const unsigned = { realm: genesis.name, kind: 'topic.open', created: genesis.time, body }
  const operation = signOperation(unsigned, new Uint8Array(32).fill(7), crypto)
  const nodes = villagers.map((villager, self) => new VillageNode(villager, self))
  const events: (() => void)[] = []
  for (const node of nodes) node.start(nodes, events, line => lines.push(line))
  nodes.forEach((node, self) => {
    node.propose(self === 0 ? [operation] : [])
  })
  // The network: what an event causes comes after everything that was caused before it.
  for (const event of events) event()
  lines.push(...verdict(nodes[3] as VillageNode, operations.id(operation)))
  return { lines, ledgers: nodes.map(({ ledger }) => ledger) }
}

/** One member: its atomic broadcast, and its copy of the ledger. */
class VillageNode {
  readonly ledger: Ledger<RecordsState>
  /** The bytes of the first block. */
  block: Uint8Array = new Uint8Array()
  readonly #villager: Villager
  readonly #self: number
  readonly #broadcast: Driven<AtomicBroadcastInput, WaterbearQsQMessage, AtomicBroadcastOutput>
  #others: readonly VillageNode[] = []
  #events: (() => void)[] = []
  #tell: (line: string) => void = () => {}

  constructor(villager: Villager, self: number) {
    this.#villager = villager
    this.#self = self
    this.ledger = new Ledger({ genesis, crypto, machine: records({ sha256: crypto.sha256, operations }) })
    this.#broadcast = drive(waterbearQsQ({ rng: villager.rng, sha256: crypto.sha256 }).atomicBroadcast, {
      committee: committee({ n: villagers.length, self }),
      domain: [genesis.name],
      firstEpoch: epoch(0),
    })
  }

  start(nodes: readonly VillageNode[], events: (() => void)[], tell: (line: string) => void): void {
    this.#others = nodes.filter(node => node !== this)
    this.#events = events
    this.#tell = tell
  }

  propose(own: readonly Uint8Array[]): void {
    const header = this.ledger.header(genesis.time, this.#villager.secret)
    const payload = proposals.encode({ header, operations: own })
    this.#carryOut(this.#broadcast.input({ type: 'propose', epoch: epoch(0), payload }))
  }

  #receive(from: number, message: WaterbearQsQMessage): void {
    this.#carryOut(this.#broadcast.message(peer(from), message))
  }

  #carryOut({ messages, outputs }: Step<WaterbearQsQMessage, AtomicBroadcastOutput>): void {
    for (const { to, message } of messages) {
      for (const other of this.#others) {
        if (to === 'all' || to === other.#self) this.#events.push(() => other.#receive(this.#self, message))
      }
    }
    for (const output of outputs) if (output.type === 'batch') this.#apply(output)
  }

  /** The batch becomes a block, and our signature on it goes to all others. */
  #apply(batch: Batch): void {
    const ordered = orderBatch({
      ...batch,
      codec: proposals,
      idOf: bytes => hex(operations.id(bytes)),
      isCommitted: () => false, // There was no epoch before.
    })
    const { cid, bytes } = this.ledger.apply({
      epoch: batch.epoch,
      payloads: [...batch.proposals].map(([proposer, payload]) => ({ proposer, bytes: payload })),
      headers: ordered.headers,
      operations: ordered.operations.map(one => ({ ...one, id: operations.id(one.bytes) })),
    })
    this.block = bytes
    this.#tell(`${this.#villager.name} has ${batch.proposals.size} proposals in block ${cid}.`)
    const sealed = this.ledger.sealTip(this.#villager.secret)
    if (sealed === undefined) return
    for (const { ledger } of this.#others) {
      this.#events.push(() => ledger.addSeal(sealed.epoch, sealed.seal))
    }
  }
}

/** What a client that knows only the genesis makes of what one member hands it. */
function verdict({ ledger, block }: VillageNode, id: Uint8Array): string[] {
  const certificate = ledger.certificate(0)
  const proof = proveRecord(ledger.state, id)
  if (certificate === undefined || proof === undefined) return ['There is no certified block yet.']
  const client = new LightClient({ genesis, crypto })
  const result = client.verifyBlock(block, certificate)
  if (!result.verified) return [`The light client does not believe it: ${result.reason}.`]
  const isIn = client.verifyInclusion(result.block, id, proof)
  return [
    `The light client checks ${certificate.seals.length} seals: the block is certified.`,
    `The light client checks the proof: the operation is ${isIn ? 'in' : 'not in'}.`,
  ]
}
