import { committee, drive, epoch } from '@mc/protocol'
import type { AtomicBroadcast } from '../atomic-broadcast.js'

/** Checks that a broadcast refuses what its caller must not do, and works all the same afterwards. */
export function refusesMisuse<Message>(broadcast: AtomicBroadcast<Message>): void {
  const seen = committee({ n: 4, self: 0 })
  const node = drive(broadcast, { committee: seen, domain: ['misuse'], firstEpoch: epoch(0) })
  const propose = (at: number, length: number) => () =>
    node.input({ type: 'propose', epoch: epoch(at), payload: new Uint8Array(length) })
  throwsRangeError('a proposal that skips an epoch', propose(1, 1))
  throwsRangeError('a payload over the cap', propose(0, broadcast.payloadBytesMax + 1))
  for (let at = 0; at < broadcast.depth; at += 1) propose(at, 1)()
  throwsRangeError('a second proposal', propose(0, 1))
  throwsRangeError('a proposal for an epoch that is not open', propose(broadcast.depth, 1))
}

function throwsRangeError(what: string, misuse: () => void): void {
  try {
    misuse()
  } catch (error) {
    if (error instanceof RangeError) return
    throw error
  }
  throw new Error(`${what} was accepted`)
}
