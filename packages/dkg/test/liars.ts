/**
 * Dealers that deal wrongly: honest members whose boxes lie.
 */
import type { SealedBoxes, SealOptions } from '@mc/crypto/dkg'
import type { KeyGenerationOptions } from '@mc/dkg'
import type { KeyGenerationAdversary } from '@mc/dkg/conformance'
import { mutator } from '@mc/sim'

type Seal = SealedBoxes['seal']

/** Boxes whose `seal` is another one. */
export const lyingBoxes = (
  boxes: SealedBoxes,
  lie: (seal: Seal, options: SealOptions) => ReturnType<Seal>,
): SealedBoxes => ({
  name: boxes.name,
  publicKeyBytes: boxes.publicKeyBytes,
  overheadBytes: boxes.overheadBytes,
  disclosureBytes: boxes.disclosureBytes,
  possessionBytes: boxes.possessionBytes,
  isPossessed: possession => boxes.isPossessed(possession),
  generate: rng => boxes.generate(rng),
  isPublicKey: bytes => boxes.isPublicKey(bytes),
  publicKeyOf: secret => boxes.publicKeyOf(secret),
  open: (box, secret) => boxes.open(box, secret),
  disclose: (box, secret) => boxes.disclose(box, secret),
  openDisclosed: disclosure => boxes.openDisclosed(disclosure),
  seal: options => lie(one => boxes.seal(one), options),
})

const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte))

/** Lies to members below `victims`. */
export const lies = {
  /** A wrong value, well sealed. */
  wrongValue:
    (victims: number) =>
    (seal: Seal, options: SealOptions): ReturnType<Seal> =>
      seal({
        ...options,
        messages: options.messages.map((one, at) => (at < victims ? one.map(byte => byte ^ 1) : one)),
      }),
  /** A box that does not open. */
  wrongBox:
    (victims: number) =>
    (seal: Seal, options: SealOptions): ReturnType<Seal> => {
      const sealed = seal(options)
      return { ...sealed, boxes: sealed.boxes.map((box, at) => (at < victims ? flipped(box) : box)) }
    },
  /** The value of the next member: another point of the right polynomial. */
  wrongPoint:
    (victims: number) =>
    (seal: Seal, options: SealOptions): ReturnType<Seal> => {
      const { messages } = options
      const moved = messages.map((one, at) =>
        at < victims ? (messages[(at + 1) % messages.length] as Uint8Array) : one,
      )
      return seal({ ...options, messages: moved })
    },
  /** An ephemeral key that is none. */
  wrongKey:
    () =>
    (seal: Seal, options: SealOptions): ReturnType<Seal> => {
      const sealed = seal(options)
      return { ...sealed, ephemeral: sealed.ephemeral.map(() => 0xff) }
    },
} as const

/** Follows the protocol but for what it seals. */
export const lyingDealer = <Element, Message>(
  lie: (seal: Seal, options: SealOptions) => ReturnType<Seal>,
): KeyGenerationAdversary<Element, Message> => ({
  adversary: () => ({ ...mutator<Message>({ probability: 0 }), name: 'lying-dealer' }),
  corrupted: (options: KeyGenerationOptions<Element>) => ({
    ...options,
    boxes: lyingBoxes(options.boxes, lie),
  }),
})

/** All of them, with as many victims as leave enough good shares, and with everybody. */
export const lyingDealers = <Element, Message>(): Readonly<
  Record<string, KeyGenerationAdversary<Element, Message>>
> => ({
  'a wrong share for one': lyingDealer(lies.wrongValue(1)),
  'wrong shares for two': lyingDealer(lies.wrongValue(2)),
  'a broken box for one': lyingDealer(lies.wrongBox(1)),
  'another member’s share for one': lyingDealer(lies.wrongPoint(1)),
  'wrong shares for all': lyingDealer(lies.wrongValue(Number.POSITIVE_INFINITY)),
  'a key that is none': lyingDealer(lies.wrongKey()),
})
