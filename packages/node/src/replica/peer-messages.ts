/**
 * What nodes say to each other, and how a turn's messages for one peer share a frame.
 */
import type { Epoch, PeerIndex } from '@mc/protocol'
import {
  bytes,
  type Codec,
  DecodeError,
  digest,
  epochNumber,
  fixedBytes,
  list,
  optional,
  peerIndex,
  Reader,
  struct,
  text,
  uint,
  union,
  Writer,
} from '@mc/protocol/wire'

/** Most blocks in one answer to a request. */
export const BLOCKS_PER_ANSWER_MAX = 64

/** Most bytes of blocks and payloads in one answer, unless a single block is larger. */
export const ANSWER_BYTES_MAX: number = 4 * 1024 * 1024

/** Most operations forwarded in one message. */
export const FORWARDED_MAX = 256

/** Longest content that is handed on by its name, and the longest name. */
export const CONTENT_BYTES_MAX = 65_536
export const CONTENT_ID_BYTES_MAX = 64

/** Longest name of the rules that members share. */
export const RULES_NAME_BYTES_MAX = 256

/** One message between two nodes. */
export type PeerMessage =
  | Hello
  /** A message of the atomic broadcast of one configuration: it counts there and nowhere else. */
  | { readonly type: 'consensus'; readonly configuration: number; readonly bytes: Uint8Array }
  /** Our signature of a block. */
  | { readonly type: 'seal'; readonly epoch: Epoch; readonly signature: Uint8Array }
  /** Our operations that wait too long: propose them too. */
  | { readonly type: 'forward'; readonly operations: readonly Uint8Array[] }
  /** Which blocks we miss. */
  | { readonly type: 'blocks-request'; readonly from: Epoch }
  | BlocksAnswer
  | ContentRequest
  | ContentMessage

/** Which content we miss, by its name. */
export interface ContentRequest {
  readonly type: 'content-request'
  readonly id: Uint8Array
}

/** Content that was asked for. */
export interface ContentMessage {
  readonly type: 'content'
  readonly id: Uint8Array
  readonly bytes: Uint8Array
}

/**
 * First on every link, and first in every configuration: who we think we are together, where we stand, and below which epoch we
 * have heard you in this configuration. Who takes no part in the agreement names no suite.
 */
export interface Hello {
  readonly type: 'hello'
  readonly network: Uint8Array
  /** Index and digest of the configuration that agrees on our next block. */
  readonly configuration: number
  readonly digest: Uint8Array
  readonly suite: string
  /** Name and version of the state machine: whoever runs another one comes to other states. */
  readonly rules: string
  readonly nextEpoch: Epoch
  readonly heardBelow: Epoch
}

/** Blocks from an epoch on, ascending, and the certificate of the last one; none if we have no further one. */
export interface BlocksAnswer {
  readonly type: 'blocks'
  readonly from: Epoch
  readonly items: readonly { readonly block: Uint8Array; readonly payloads: readonly Uint8Array[] }[]
  readonly certificate:
    | {
        readonly epoch: Epoch
        readonly seals: readonly { readonly member: PeerIndex; readonly signature: Uint8Array }[]
      }
    | undefined
}

const id = bytes({ max: CONTENT_ID_BYTES_MAX })

const seals = list(struct({ member: peerIndex(255), signature: fixedBytes(64) }), { max: 255 })

/** The wire format of messages between nodes; no part of a message may exceed `messageBytesMax`. */
export function peerMessageCodec(messageBytesMax: number): Codec<PeerMessage> {
  const content = bytes({ max: messageBytesMax })
  const item = struct({ block: content, payloads: list(content, { max: 255 }) })
  return union({
    hello: {
      network: digest,
      configuration: uint(),
      digest,
      suite: text({ bytesMax: 64 }),
      rules: text({ bytesMax: RULES_NAME_BYTES_MAX }),
      nextEpoch: epochNumber,
      heardBelow: epochNumber,
    },
    consensus: { configuration: uint(), bytes: content },
    seal: { epoch: epochNumber, signature: fixedBytes(64) },
    forward: { operations: list(content, { max: FORWARDED_MAX }) },
    'blocks-request': { from: epochNumber },
    blocks: {
      from: epochNumber,
      items: list(item, { max: BLOCKS_PER_ANSWER_MAX }),
      certificate: optional(struct({ epoch: epochNumber, seals })),
    },
    'content-request': { id },
    content: { id, bytes: bytes({ max: CONTENT_BYTES_MAX }) },
  })
}

/** Collects the messages of one turn for one peer; they are copied once, into the frame. */
export class FrameBuilder {
  #messages: Uint8Array[] = []
  #length = 0

  /** Bytes that the frame will have. */
  get length(): number {
    return this.#length
  }

  /** Appends an encoded message behind its length. */
  add(message: Uint8Array): void {
    this.#messages.push(message)
    this.#length += varintBytes(message.length) + message.length
  }

  /** The messages so far. */
  get messages(): readonly Uint8Array[] {
    return this.#messages
  }

  /** The frame so far; the builder is empty afterwards. */
  take(): Uint8Array {
    const frame = this.bytes()
    this.clear()
    return frame
  }

  /** The frame so far. */
  bytes(): Uint8Array {
    const writer = new Writer(this.#length + VARINT_BYTES_MAX)
    for (const message of this.#messages) {
      writer.varint(message.length)
      writer.raw(message)
    }
    return writer.take()
  }

  /** Forgets the messages. */
  clear(): void {
    this.#messages = []
    this.#length = 0
  }
}

/** A writer keeps room for the longest varint when it writes one. */
const VARINT_BYTES_MAX = 8

function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes += 1
  return bytes
}

/**
 * The encoded messages of a frame, as views into it.
 *
 * @throws DecodeError if a length does not fit what is left.
 */
export function* messagesOf(frame: Uint8Array): Generator<Uint8Array, void, undefined> {
  const reader = new Reader(frame)
  while (reader.remaining > 0) {
    const length = reader.varint()
    if (length > reader.remaining)
      throw new DecodeError(`message of ${length} bytes, ${reader.remaining} left`)
    yield reader.raw(length)
  }
}
