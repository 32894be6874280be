import { FRAME_BYTES_LIMIT, PREFIX_BYTES } from './framing.js'

/** Every bound of a transport. All members of a network should use the same `frameBytesMax`. */
export interface TransportLimits {
  /** Longest frame sent or accepted, in bytes, compared before anything is allocated. Default 16 MiB. */
  readonly frameBytesMax: number
  /** Bytes waiting for one peer, after which it is detached. Default 64 MiB, at least one frame. */
  readonly bufferedBytesMax: number
  /** Bytes per second from one peer, with a burst of two seconds. Default 256 MiB; Infinity is allowed. */
  readonly inboundBytesPerSecond: number
  /** Milliseconds from the first byte of a frame to its last. Default 30 000. */
  readonly frameTimeoutMs: number
  /** Milliseconds between two pings on a connection. Default 5 000. */
  readonly heartbeatMs: number
  /** Milliseconds without a byte from the peer after which a connection is dead. Default 20 000. */
  readonly silenceMsMax: number
  /** Milliseconds for connecting and proving keys, in both directions. Default 5 000. */
  readonly handshakeTimeoutMs: number
  /** Inbound connections that have not proven a key yet. Default 64. */
  readonly pendingInboundMax: number
  /** New inbound connections per second and host (libp2p). Default 64. */
  readonly inboundConnectionsPerSecond: number
  /** Wait before the first new dial after a disconnection, in milliseconds. Default 50. */
  readonly retryFirstMs: number
  /** Longest wait between two dials, in milliseconds. Default 2 000. */
  readonly retryMsMax: number
  /** First ban after a fault or `disconnect`, in milliseconds; doubles. Default 1 000. */
  readonly banFirstMs: number
  /** Longest ban, in milliseconds. Default 60 000. */
  readonly banMsMax: number
  /** Strangers that may be connected at a time, once they have proven a key: they are guests. Default 0. */
  readonly guestsMax: number
  /** Longest frame accepted from a guest, in bytes. Default 512 KiB. */
  readonly guestFrameBytesMax: number
  /** Bytes per second from one guest, with a burst of two seconds. Default 512 KiB. */
  readonly guestBytesPerSecond: number
}

/** The bounds a transport has unless told otherwise. */
export const DEFAULT_LIMITS: TransportLimits = {
  frameBytesMax: 16 * 2 ** 20,
  bufferedBytesMax: 64 * 2 ** 20,
  inboundBytesPerSecond: 256 * 2 ** 20,
  frameTimeoutMs: 30_000,
  heartbeatMs: 5_000,
  silenceMsMax: 20_000,
  handshakeTimeoutMs: 5_000,
  pendingInboundMax: 64,
  inboundConnectionsPerSecond: 64,
  retryFirstMs: 50,
  retryMsMax: 2_000,
  banFirstMs: 1_000,
  banMsMax: 60_000,
  guestsMax: 0,
  guestFrameBytesMax: 512 * 1024,
  guestBytesPerSecond: 512 * 1024,
}

/** A member is tried at no more addresses than this. */
export const ADDRESSES_MAX = 8

/**
 * Fills in the defaults and checks what belongs together.
 *
 * @throws RangeError if a bound is not positive, a frame is longer than the format or than the buffer allows.
 */
export function transportLimits(chosen: Partial<TransportLimits>): TransportLimits {
  const limits: TransportLimits = { ...DEFAULT_LIMITS }
  for (const name of Object.keys(DEFAULT_LIMITS) as (keyof TransportLimits)[])
    Object.assign(limits, { [name]: checked(name, chosen[name] ?? DEFAULT_LIMITS[name]) })
  if (!Number.isInteger(limits.frameBytesMax) || limits.frameBytesMax > FRAME_BYTES_LIMIT)
    throw new RangeError(`frameBytesMax: need an integer up to ${FRAME_BYTES_LIMIT}`)
  if (limits.bufferedBytesMax < limits.frameBytesMax + PREFIX_BYTES)
    throw new RangeError('bufferedBytesMax: must hold one frame of frameBytesMax and its prefix')
  return limits
}

/** The limits of a guest: what it may send is small, and little waits for it. */
export const guestLimits = (limits: TransportLimits): TransportLimits => ({
  ...limits,
  frameBytesMax: Math.min(limits.frameBytesMax, limits.guestFrameBytesMax),
  inboundBytesPerSecond: Math.min(limits.inboundBytesPerSecond, limits.guestBytesPerSecond),
  bufferedBytesMax: Math.min(limits.bufferedBytesMax, 2 * limits.frameBytesMax),
})

function checked(name: keyof TransportLimits, value: number): number {
  if (name === 'guestsMax' && value === 0) return value
  if (!(value > 0)) throw new RangeError(`${name}: need a positive number, got ${value}`)
  return value
}
