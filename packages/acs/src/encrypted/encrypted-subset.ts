/**
 * A common subset of proposals that nobody can read before they are agreed on.
 *
 * Each member proposes a ciphertext under a key that the committee shares; only when the subset is decided does anybody give a
 * share in opening what is in. So who schedules the messages cannot choose by content whose proposal it keeps out.
 *
 * Why it agrees: what a ciphertext opens to is a function of the ciphertext, whichever valid shares open it, and whether it is
 * sound is a function of it, too. Why it ends: n − f correct members give valid shares in every sound ciphertext that is in, and a
 * member whose share is not valid is left out of all combinations from then on.
 */
import { domainHash, type Rng, type Sha256, seededRng } from '@mc/crypto'
import type { ThresholdEncryption } from '@mc/crypto/threshold'
import {
  type Committee,
  type Effects,
  fPlus1,
  nMinusF,
  type PeerIndex,
  type Protocol,
  unreachable,
} from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import type { Acs, AcsParams, Subset } from '../acs.js'
import { labelOf } from './label.js'
import { type EncryptedSubsetMessage, encryptedSubsetCodec } from './messages.js'
import { Openings } from './openings.js'

/** One member's hold on the key that proposals are encrypted under. */
export interface EncryptionKey {
  /** The cryptosystem of a key set with as many members as the committee has: TDH2, or that of Baek and Zheng. */
  readonly scheme: ThresholdEncryption
  /** Our own share of the key. */
  readonly secretShare: Uint8Array
}

/** What an encrypted subset is made of. */
export interface EncryptedSubsetOptions<AcsMessage> {
  readonly acs: Acs<AcsMessage>
  readonly key: EncryptionKey
  readonly sha256: Sha256
}

/**
 * Any common subset, with proposals that are opened after they are agreed on.
 *
 * Guarantees what `Acs` promises and the subset inside gives, as far as the cryptosystem holds, and: before some correct member
 * has output the subset inside, nobody learns of a correct proposer's payload but its length. A payload that is in, but is no
 * sound ciphertext of its proposer for this instance, counts as empty.
 *
 * Needs a shared key: static, and not quantum-safe. A ciphertext that was read from the wire can be broken later.
 *
 * Costs: one step and n² messages with up to n shares each; a payload grows by `overheadBytes`. State: at most n lists of n shares
 * and n ciphertexts, until the output.
 * Faults reported: those of the subset inside; `acs/unsound-ciphertext`, `acs/conflicting-shares`, `acs/wrong-share-count`,
 * `acs/bad-decryption-share`.
 *
 * The randomness of a ciphertext is derived from our secret, the label and the payload: after a restart the same input gives the
 * same ciphertext, and no generator that fails can give a mask away.
 *
 * @throws RangeError if `secretShare` belongs to no member of the key set, or the subset inside carries nothing but overhead.
 * `create` throws a RangeError if it is not ours, or unless the key set has n members and a threshold of f + 1 to n − f.
 * @see Miller and others: The Honey Badger of BFT Protocols, CCS 2016, figure 1; Duan, Reiter, Zhang: BEAT, CCS 2018 (labels)
 */
export function encryptedSubset<AcsMessage>({
  acs,
  key,
  sha256,
}: EncryptedSubsetOptions<AcsMessage>): Acs<EncryptedSubsetMessage<AcsMessage>> {
  const { scheme } = key
  const holders = holdersOf(key)
  if (acs.payloadBytesMax < scheme.overheadBytes) {
    throw new RangeError(
      `encrypted: need a subset of ${scheme.overheadBytes} bytes, got ${acs.payloadBytesMax}`,
    )
  }
  return {
    role: 'acs',
    name: 'acs/encrypted',
    wireVersion: 1,
    parameters: { scheme: scheme.name, keySet: hex(scheme.keySet), keyOrigin: scheme.origin },
    parts: { acs },
    payloadBytesMax: acs.payloadBytesMax - scheme.overheadBytes,
    guaranteedSlots: size => acs.guaranteedSlots(size),
    codec: size => encryptedSubsetCodec(size, acs.codec(size), scheme.shareBytes),
    create: (params, effects) => {
      requireFit(params.committee, scheme, holders)
      return new EncryptedSubset(params, effects, { acs, key, sha256 })
    },
  }
}

/** The members whose secret share this is. @throws RangeError if there are none. */
export function holdersOf({ scheme, secretShare }: EncryptionKey): readonly number[] {
  const holders = scheme.holdersOf(secretShare)
  if (holders.length > 0) return holders
  throw new RangeError('encrypted: this secret share belongs to no member of the key set')
}

/** @throws RangeError unless the key set is one for this committee, with a threshold of f + 1 to n − f, and the share is ours. */
export function requireFit(
  committee: Committee,
  scheme: ThresholdEncryption,
  holders: readonly number[],
): void {
  const { members, threshold } = scheme
  if (members !== committee.n) {
    throw new RangeError(`encrypted: the key set has ${members} members, the committee ${committee.n}`)
  }
  if (!holders.includes(committee.self)) {
    throw new RangeError(`encrypted: the secret share is that of member ${holders}, we are ${committee.self}`)
  }
  // Below f + 1 the faulty can read alone, above n − f they can keep everybody from reading.
  if (threshold < fPlus1(committee) || threshold > nMinusF(committee)) {
    throw new RangeError(`encrypted: need a threshold of f + 1 to n − f, got ${threshold}`)
  }
}

class EncryptedSubset<AcsMessage> implements Protocol<Uint8Array, EncryptedSubsetMessage<AcsMessage>> {
  readonly #params: AcsParams
  readonly #effects: Effects<EncryptedSubsetMessage<AcsMessage>, Subset>
  readonly #options: EncryptedSubsetOptions<AcsMessage>
  readonly #acs: Protocol<Uint8Array, AcsMessage>
  readonly #openings: Openings
  /** Everybody who is in, once the subset inside is decided. */
  #members: readonly PeerIndex[] = []

  constructor(
    params: AcsParams,
    effects: Effects<EncryptedSubsetMessage<AcsMessage>, Subset>,
    options: EncryptedSubsetOptions<AcsMessage>,
  ) {
    this.#params = params
    this.#effects = effects
    this.#options = options
    this.#openings = new Openings({
      committee: params.committee,
      key: options.key,
      fault: fault => effects.fault(fault),
      broadcast: shares => effects.broadcast({ type: 'shares', shares }),
      onOpened: messages => this.#onOpened(messages),
      named: place => `the proposal of ${this.#members[place]}`,
    })
    this.#acs = options.acs.create(
      params,
      effects.scope<AcsMessage, Subset>({
        wrap: message => ({ type: 'acs', message }),
        onOutput: subset => this.#onSubset(subset),
      }),
    )
  }

  // E1: input m: propose Enc(m), labelled by the instance and by us
  handleInput(payload: Uint8Array): void {
    const { acs, key } = this.#options
    const most = acs.payloadBytesMax - key.scheme.overheadBytes
    if (payload.length > most)
      throw new RangeError(`encrypted: need at most ${most} bytes, got ${payload.length}`)
    const label = labelOf(this.#params.domain, this.#params.committee.self)
    this.#acs.handleInput(key.scheme.encrypt(payload, label, this.#rngFor(payload, label)))
  }

  handleMessage(from: PeerIndex, message: EncryptedSubsetMessage<AcsMessage>): void {
    switch (message.type) {
      case 'acs':
        this.#acs.handleMessage(from, message.message)
        break
      case 'shares':
        // E3: keep the first list of shares of every member, also before the subset is decided here
        this.#openings.add(from, message.shares)
        break
      default:
        unreachable(message)
    }
  }

  // E2: the subset is decided: only now broadcast our shares in all that is in and sound
  // E4: `threshold` shares in a ciphertext: open it
  #onSubset(subset: Subset): void {
    this.#members = [...subset.keys()]
    const { domain } = this.#params
    const sealed = [...subset].map(([proposer, ciphertext]) => ({
      ciphertext,
      label: labelOf(domain, proposer),
    }))
    for (const place of this.#openings.start(sealed)) {
      const detail = `${sealed[place]?.ciphertext.length} bytes`
      this.#effects.fault({
        rule: 'acs/unsound-ciphertext',
        peer: this.#members[place] as PeerIndex,
        detail,
      })
    }
  }

  // E5: all that is sound is open: output it; what is not sound is in, and empty
  #onOpened(messages: readonly (Uint8Array | undefined)[]): void {
    this.#effects.output(
      new Map(this.#members.map((member, place) => [member, messages[place] ?? NO_PAYLOAD])),
    )
  }

  #rngFor(payload: Uint8Array, label: Uint8Array): Rng {
    const { key, sha256 } = this.#options
    const seed = domainHash(sha256, 'mc/encrypted-subset/seed/v1', key.secretShare, sha256(label), payload)
    return seededRng(seed, sha256)
  }
}

const NO_PAYLOAD = new Uint8Array(0)
