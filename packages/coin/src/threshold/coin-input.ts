import type { Domain } from '@mc/protocol'
import { utf8, Writer } from '@mc/protocol/wire'

/** What a value is drawn for. A bit and an election of the same instance and round share nothing. */
export type CoinPurpose = 'coin' | 'election'

/**
 * The input whose value is drawn: H("coin" ‖ domain), with the hash inside the threshold function.
 *
 * Every part stands behind its kind and its length, so that different domains never give the same bytes: 1 is not "1", and
 * ("a", "b") is not ("ab").
 */
export function coinInput(purpose: CoinPurpose, domain: Domain): Uint8Array {
  const writer = new Writer()
  for (const part of [`mc/${purpose}/v1`, ...domain]) {
    const bytes = utf8(String(part))
    writer.u8(typeof part === 'number' ? 0 : 1)
    writer.varint(bytes.length)
    writer.raw(bytes)
  }
  return writer.finish()
}
