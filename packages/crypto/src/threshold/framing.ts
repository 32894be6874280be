import { utf8, Writer } from '@mc/protocol/wire'

/** Byte strings one after the other, each behind its length: no byte can wander from one to the next. */
export function framed(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const writer = new Writer()
  for (const part of parts) {
    const bytes = typeof part === 'string' ? utf8(part) : part
    writer.u32(bytes.length)
    writer.raw(bytes)
  }
  return writer.finish()
}

/** Byte strings one after the other, without lengths: for parts whose lengths everybody knows. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const writer = new Writer()
  for (const part of parts) writer.raw(part)
  return writer.finish()
}
