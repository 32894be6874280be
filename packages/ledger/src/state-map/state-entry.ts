import type { Writer } from '@mc/protocol/wire'

/**
 * Something that stands in a state map: the map asks it for bytes when it needs them, and keeps none itself.
 *
 * Its key never changes. Its value is replaced, never changed: what has once been its value can still be written later.
 */
export interface StateEntry<Value = unknown> {
  readonly value: Value
  /** Appends the bytes of the key. */
  writeKey(writer: Writer): void
  /** Appends the bytes of a value of this entry: the one of now, or one of before. */
  writeValue(writer: Writer, value: Value): void
}

/** An entry that is bytes already. */
export interface BytesEntry extends StateEntry<Uint8Array> {
  readonly key: Uint8Array
}

/** An entry of these bytes, which must not be changed afterwards. */
export const bytesEntry = (key: Uint8Array, value: Uint8Array): BytesEntry => ({
  key,
  value,
  writeKey: writer => writer.raw(key),
  writeValue: (writer, bytes) => writer.raw(bytes),
})
