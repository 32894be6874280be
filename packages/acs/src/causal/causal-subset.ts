/**
 * A common subset of operations that nobody can read before their order is fixed: input causality.
 *
 * Clients encrypt, members agree on ciphertexts, and only when a subset is decided does anybody give a share in opening what is in.
 * The order within a subset is a function of the subset, so whoever reads an operation can put none of its own before it.
 */
import type { Sealed } from '@mc/crypto/threshold'
import { type Effects, type PeerIndex, type Protocol, unreachable } from '@mc/protocol'
import { type Codec, DecodeError, fixedBytes, hex, list, union } from '@mc/protocol/wire'
import type { Acs, AcsParams, Subset } from '../acs.js'
import { type EncryptionKey, holdersOf, requireFit } from '../encrypted/encrypted-subset.js'
import type { EncryptedSubsetMessage } from '../encrypted/messages.js'
import { Openings } from '../encrypted/openings.js'
import { sealedIn } from './sealed-operation.js'

/** A payload as this layer sees it: operations, and whatever stands before them. The proposals of @mc/abc are such. */
export interface OperationList {
  readonly header: Uint8Array
  readonly operations: readonly Uint8Array[]
}

/** What a causal subset is made of. */
export interface CausalSubsetOptions<AcsMessage> {
  readonly acs: Acs<AcsMessage>
  /** The network's key, which clients encrypt under. */
  readonly key: EncryptionKey
  /** How operations stand in a payload. */
  readonly codec: Codec<OperationList>
  /** The most operations of a payload; one with more counts as empty. */
  readonly operationsMax: number
}

/**
 * Any common subset, with operations that are opened after they are agreed on.
 *
 * Guarantees what `Acs` promises and the subset inside gives, as far as the cryptosystem holds, and: before some correct member has
 * output the subset inside, nobody learns of a sealed operation but its length and author. What is output has the plaintexts in the
 * places of the ciphertexts. An operation that nobody sealed stays as it is; one whose ciphertext is not sound under its author is
 * left out, the same at all members. Integrity: a payload comes out with its sealed operations opened.
 *
 * Causal order holds across epochs if they run one at a time: with more, an operation may be read while an earlier epoch is open.
 *
 * Needs a shared key: static, and not quantum-safe. Costs: one step and n² messages, with a share for each sealed operation of a
 * batch. State: at most n lists of n · `operationsMax` shares, and the batch, until the output.
 * Faults reported: those of the subset inside; `acs/conflicting-shares`, `acs/wrong-share-count`, `acs/bad-decryption-share`.
 *
 * @throws RangeError if `secretShare` belongs to no member of the key set, or unless `operationsMax` is a positive safe integer.
 * `create` throws a RangeError if it is not ours, or unless the key set has n members and a threshold of f + 1 to n − f.
 * @see Duan, Reiter, Zhang: BEAT, CCS 2018 (BEAT2); Cachin, Kursawe, Petzold, Shoup: Secure and Efficient Asynchronous Broadcast
 * Protocols, CRYPTO 2001 (secure causal broadcast)
 */
export function causalSubset<AcsMessage>({
  acs,
  key,
  codec,
  operationsMax,
}: CausalSubsetOptions<AcsMessage>): Acs<EncryptedSubsetMessage<AcsMessage>> {
  const { scheme } = key
  const holders = holdersOf(key)
  if (!Number.isSafeInteger(operationsMax) || operationsMax < 1) {
    throw new RangeError(`causal: need operationsMax ≥ 1, got ${operationsMax}`)
  }
  return {
    role: 'acs',
    name: 'acs/causal',
    wireVersion: 1,
    parameters: {
      scheme: scheme.name,
      keySet: hex(scheme.keySet),
      keyOrigin: scheme.origin,
      operationsMax,
    },
    parts: { acs },
    payloadBytesMax: acs.payloadBytesMax,
    guaranteedSlots: size => acs.guaranteedSlots(size),
    codec: size =>
      union({
        acs: { message: acs.codec(size) },
        shares: { shares: list(fixedBytes(scheme.shareBytes), { max: size.n * operationsMax }) },
      }),
    create: (params, effects) => {
      requireFit(params.committee, scheme, holders)
      return new CausalSubset(params, effects, { acs, key, codec, operationsMax })
    },
  }
}

/** A payload that is in: as it came, or taken apart, its sealed operations by their place among all. */
interface Entry {
  readonly proposer: PeerIndex
  readonly payload: Uint8Array
  readonly taken: OperationList | undefined
}

class CausalSubset<AcsMessage> implements Protocol<Uint8Array, EncryptedSubsetMessage<AcsMessage>> {
  readonly #effects: Effects<EncryptedSubsetMessage<AcsMessage>, Subset>
  readonly #options: CausalSubsetOptions<AcsMessage>
  readonly #acs: Protocol<Uint8Array, AcsMessage>
  readonly #openings: Openings
  #entries: readonly Entry[] = []
  /** Sealed operations of the batch by their bytes, each once, and their place in what is opened. */
  readonly #places = new Map<string, number>()

  constructor(
    params: AcsParams,
    effects: Effects<EncryptedSubsetMessage<AcsMessage>, Subset>,
    options: CausalSubsetOptions<AcsMessage>,
  ) {
    this.#effects = effects
    this.#options = options
    this.#openings = new Openings({
      committee: params.committee,
      key: options.key,
      fault: fault => effects.fault(fault),
      broadcast: shares => effects.broadcast({ type: 'shares', shares }),
      onOpened: messages => this.#onOpened(messages),
      named: place => `operation ${place}`,
    })
    this.#acs = options.acs.create(
      params,
      effects.scope<AcsMessage, Subset>({
        wrap: message => ({ type: 'acs', message }),
        onOutput: subset => this.#onSubset(subset),
      }),
    )
  }

  // C1: input: propose it as it is; its clients have encrypted what is to be hidden
  handleInput(payload: Uint8Array): void {
    this.#acs.handleInput(payload)
  }

  handleMessage(from: PeerIndex, message: EncryptedSubsetMessage<AcsMessage>): void {
    switch (message.type) {
      case 'acs':
        this.#acs.handleMessage(from, message.message)
        break
      case 'shares':
        // C3: keep the first list of shares of every member, also before the subset is decided here
        this.#openings.add(from, message.shares)
        break
      default:
        unreachable(message)
    }
  }

  // C2: the subset is decided, and with it the order: only now broadcast our shares in all sealed operations that are in and sound,
  // each once, by proposer and place
  #onSubset(subset: Subset): void {
    const all: Sealed[] = []
    this.#entries = [...subset].map(([proposer, payload]): Entry => {
      const taken = this.#takenApart(payload)
      if (taken !== undefined && taken.operations.length > this.#options.operationsMax) {
        return { proposer, payload: NO_PAYLOAD, taken: undefined }
      }
      for (const operation of taken?.operations ?? []) {
        const sealed = sealedIn(operation, this.#options.key.scheme)
        const name = hex(operation)
        if (sealed === undefined || this.#places.has(name)) continue
        this.#places.set(name, all.length)
        all.push(sealed)
      }
      return { proposer, payload, taken }
    })
    this.#openings.start(all)
  }

  // C4: all that is sound is open: output the payloads with plaintexts in place of ciphertexts, and without what is not sound
  #onOpened(messages: readonly (Uint8Array | undefined)[]): void {
    const subset = this.#entries.map(({ proposer, payload, taken }): [PeerIndex, Uint8Array] => [
      proposer,
      taken === undefined ? payload : this.#options.codec.encode(this.#opened(taken, messages)),
    ])
    this.#entries = []
    this.#places.clear()
    this.#effects.output(new Map(subset))
  }

  #opened(
    { header, operations }: OperationList,
    messages: readonly (Uint8Array | undefined)[],
  ): OperationList {
    const opened = operations.flatMap(operation => {
      const place = this.#places.get(hex(operation))
      const plain = place === undefined ? operation : messages[place]
      return plain === undefined ? [] : [plain]
    })
    return { header, operations: opened }
  }

  /** The operations in a payload; undefined if it is no list of operations, and stays as it is. */
  #takenApart(payload: Uint8Array): OperationList | undefined {
    try {
      return this.#options.codec.decode(payload)
    } catch (error) {
      if (error instanceof DecodeError) return undefined
      throw error
    }
  }
}

const NO_PAYLOAD = new Uint8Array(0)
