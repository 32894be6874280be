/**
 * Bounded, strict, canonical codecs for consensus messages.
 *
 * @packageDocumentation
 */
export { type Codec, codec, type Decoded } from './codec.js'
export { type Fields, list, mapped, optional, type Struct, struct, type Union, union } from './combinators.js'
export {
  bit,
  bool,
  bytes,
  digest,
  epochNumber,
  fixedBytes,
  lengthUpTo,
  nothing,
  peerIndex,
  roundNumber,
  text,
  u8,
  uint,
} from './primitives.js'
export { DecodeError, Reader } from './reader.js'
export { fromHex, fromUtf8, hex, utf8 } from './text.js'
export { Writer } from './writer.js'
