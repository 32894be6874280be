/**
 * Key generation without a dealer: members end up with one key that none of them knows, and each with its own share of it.
 */
import type { Rng, Sha256 } from '@mc/crypto'
import type { SealedBoxes } from '@mc/crypto/dkg'
import type { KeySet, PrimeGroup } from '@mc/crypto/threshold'
import type { Committee, Domain, PeerIndex, ProtocolDefinition } from '@mc/protocol'

/** What one key generation has to know. */
export interface KeyGenerationParams {
  readonly committee: Committee
  /** Network, configuration and what the key is for: two keys never share a domain. */
  readonly domain: Domain
  /** The public keys of the boxes of member 0 … n − 1, from the configuration. */
  readonly boxKeys: readonly Uint8Array[]
}

/** What key generations are made from; one object per member. */
export interface KeyGenerationOptions<Element> {
  /** Where the key lives: `ristretto255` for the coin of CKS and for encryption, `blsG1` for BLS. */
  readonly group: PrimeGroup<Element>
  readonly sha256: Sha256
  /** Seals what one member alone may read. */
  readonly boxes: SealedBoxes
  /** Opens the boxes that are sealed for us. It is all that is needed, beside the log, to get the share again. */
  readonly boxSecretKey: Uint8Array
  /** Unpredictable; what is drawn must survive a crash, like everything that leaves the machine. */
  readonly rng: Rng
}

/** The one input: take part. */
export type KeyGenerationInput = 'generate'

/** What a member has in the end: the public half, the same everywhere, and its own secret. */
export interface GeneratedKey {
  /** The name of the group that the key lives in. */
  readonly group: string
  /** With a threshold of f + 1 and `origin: 'generated'`: what coins and threshold encryption take. */
  readonly keys: KeySet
  /** Our share, as `cksCoin`, `blsCoin` and `thresholdEncryption` take it. */
  readonly secretShare: Uint8Array
  /** Whose secrets the key is the sum of, ascending; at least one of them is correct. */
  readonly dealers: readonly PeerIndex[]
}

/**
 * Generates one shared key. Each member gives input once, each outputs one key, once.
 *
 * Guarantees for n ≥ 3f + 1 over authenticated, reliable links, if all correct members give input:
 * - agreement: all correct members output the same key set and the same dealers;
 * - correctness: any f + 1 shares of correct members give one secret, whose public key is the key set's;
 * - secrecy: f members learn nothing about the secret but its public key;
 * - termination: all correct members output, with probability 1, whatever f members deal.
 *
 * Static adversaries only, and not safe against quantum computers, like everything that takes such a key.
 * `handleInput` throws a RangeError on a second input.
 */
export interface KeyGeneration<Message>
  extends ProtocolDefinition<KeyGenerationParams, KeyGenerationInput, Message, GeneratedKey> {
  readonly role: 'dkg'
}
