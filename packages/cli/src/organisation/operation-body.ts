/** What a signed operation asks for, from its bytes in hexadecimal. */
import { DecodeError, fromHex } from '@mc/protocol/wire'
import { type Body, signedOperationCodec, statementCodec } from '@mc/topics'

/** The body of an operation; nothing if these are not the bytes of one. Total. */
export function bodyOf(operation: string): Body | undefined {
  try {
    return statementCodec.decode(signedOperationCodec.decode(fromHex(operation)).statement).body
  } catch (error) {
    if (error instanceof DecodeError || error instanceof RangeError) return undefined
    throw error
  }
}
