/**
 * The same key generation with a log of its own: any atomic broadcast that needs no key.
 */
import type { AtomicBroadcast, AtomicBroadcastInput, AtomicBroadcastOutput } from '@mc/abc'
import { equalBytes } from '@mc/crypto'
import { type Effects, type Epoch, epoch, type PeerIndex, type Protocol, subdomain } from '@mc/protocol'
import { bytes, type Codec, DecodeError, list } from '@mc/protocol/wire'
import type {
  GeneratedKey,
  KeyGeneration,
  KeyGenerationInput,
  KeyGenerationParams,
} from '../key-generation.js'
import type { AuthoredOperation, LedgerDkg, LedgerDkgInput, LedgerDkgOutput } from './ledger-dkg.js'

/** What `orderedDkg` is made from. */
export interface OrderedDkgOptions<Message> {
  readonly atomicBroadcast: AtomicBroadcast<Message>
  readonly dkg: LedgerDkg
}

/**
 * Key generation over an atomic broadcast that runs for this purpose alone, from epoch 0 until the key is there.
 *
 * What a proposer proposes comes from that proposer: the broadcast authenticates it, so nothing is signed. The operations of a
 * batch are read by ascending proposer. Who is left out of a batch proposes again. All members end with the same batch.
 *
 * Guarantees what `KeyGeneration` promises, if the broadcast lets every correct proposer in sooner or later; common subsets that
 * may leave one out for ever promise that only of networks that do not plan for it.
 *
 * Faults reported: those of its parts, and `dkg/undecodable-proposal`. Asks for no blocks: who falls behind by more epochs than
 * the broadcast holds stays behind. `create` throws a RangeError if the largest operations do not fit into a proposal.
 */
export function orderedDkg<Message>(options: OrderedDkgOptions<Message>): KeyGeneration<Message> {
  const { atomicBroadcast, dkg } = options
  return {
    role: 'dkg',
    name: 'dkg/ordered',
    wireVersion: 1,
    parameters: {},
    parts: { abc: atomicBroadcast, dkg },
    codec: size => atomicBroadcast.codec(size),
    create: (params, effects) => new OrderedDkgMember(options, params, effects),
  }
}

class OrderedDkgMember<Message> implements Protocol<KeyGenerationInput, Message> {
  readonly #params: KeyGenerationParams
  readonly #effects: Effects<Message, GeneratedKey>
  readonly #abc: Protocol<AtomicBroadcastInput, Message>
  readonly #dkg: Protocol<LedgerDkgInput, never>
  readonly #codec: Codec<readonly Uint8Array[]>
  readonly #payloadBytesMax: number
  /** What the log does not hold yet, oldest first: our dealing and at most one acknowledgement per dealer. */
  #waiting: Uint8Array[] = []
  /** The first epoch that we have not proposed for. */
  #next: Epoch = epoch(0)
  /** Epochs below are open for proposals. */
  #openBelow: number
  #done = false

  constructor(
    { atomicBroadcast, dkg }: OrderedDkgOptions<Message>,
    params: KeyGenerationParams,
    effects: Effects<Message, GeneratedKey>,
  ) {
    const operationBytesMax = dkg.operationBytesMax(params)
    if (operationBytesMax + COUNT_BYTES_MAX > atomicBroadcast.payloadBytesMax) {
      throw new RangeError(`dkg: operations of ${operationBytesMax} bytes need larger proposals`)
    }
    this.#params = params
    this.#effects = effects
    this.#payloadBytesMax = atomicBroadcast.payloadBytesMax
    this.#openBelow = atomicBroadcast.depth
    this.#codec = list(bytes({ max: operationBytesMax }), { max: params.committee.n + 1 })
    this.#abc = atomicBroadcast.create(
      {
        committee: params.committee,
        domain: subdomain(params.domain, 'key generation'),
        firstEpoch: this.#next,
      },
      effects.scope<Message, AtomicBroadcastOutput>({
        wrap: message => message,
        onOutput: output => this.#onOrdered(output),
      }),
    )
    this.#dkg = dkg.create(
      params,
      effects.scope<never, LedgerDkgOutput>({
        wrap: message => message,
        onOutput: output => this.#onGenerated(output),
      }),
    )
  }

  handleInput(_generate: KeyGenerationInput): void {
    this.#dkg.handleInput({ type: 'generate' })
    const { peers, self } = this.#params.committee
    // Links are reliable here, and each was up before we were.
    for (const peer of peers) if (peer !== self) this.#abc.handleInput({ type: 'connected', peer })
  }

  handleMessage(from: PeerIndex, message: Message): void {
    this.#abc.handleMessage(from, message)
  }

  #onOrdered(output: AtomicBroadcastOutput): void {
    if (output.type === 'wanted') this.#propose(output.epoch)
    if (output.type === 'batch') this.#onBatch(output.proposals)
  }

  // what the machine submits is proposed in the next epoch, and again until a batch holds it
  #onGenerated(output: LedgerDkgOutput): void {
    if (output.type === 'submit') {
      this.#waiting.push(output.operation)
      this.#propose(this.#next)
      return
    }
    this.#done = true
    this.#waiting = []
    this.#effects.output(output.key)
  }

  #propose(number: Epoch): void {
    if (this.#done || number !== this.#next || number >= this.#openBelow) return
    this.#next = epoch(number + 1)
    this.#abc.handleInput({ type: 'propose', epoch: number, payload: this.#payload() })
  }

  /** As many of the operations that wait as fit into a proposal: at least one. */
  #payload(): Uint8Array {
    const chosen: Uint8Array[] = []
    let length = COUNT_BYTES_MAX
    for (const operation of this.#waiting) {
      length += operation.length + COUNT_BYTES_MAX
      if (chosen.length > 0 && length > this.#payloadBytesMax) break
      chosen.push(operation)
    }
    return this.#codec.encode(chosen)
  }

  #onBatch(proposals: ReadonlyMap<PeerIndex, Uint8Array>): void {
    const operations = [...proposals.keys()]
      .sort((a, b) => a - b)
      .flatMap(author => this.#operationsOf(author, proposals.get(author) as Uint8Array))
    const ours = operations.filter(({ author }) => author === this.#params.committee.self)
    this.#waiting = this.#waiting.filter(operation => !ours.some(({ bytes }) => equalBytes(bytes, operation)))
    this.#openBelow += 1
    this.#dkg.handleInput({ type: 'ordered', operations })
    if (this.#waiting.length > 0) this.#propose(this.#next)
  }

  #operationsOf(author: PeerIndex, payload: Uint8Array): readonly AuthoredOperation[] {
    // An empty payload is no proposal, which a broken broadcast stands for.
    if (payload.length === 0) return []
    try {
      return this.#codec.decode(payload).map(operation => ({ author, bytes: operation }))
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#effects.fault({ rule: 'dkg/undecodable-proposal', peer: author, detail: error.message })
      return []
    }
  }
}

/** The most bytes that stand before a list, and before each of its items. */
const COUNT_BYTES_MAX = 8
