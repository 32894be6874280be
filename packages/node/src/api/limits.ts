/** Every bound of an API. */
export interface ApiLimits {
  /** Longest body of a request, in bytes. Default 1 MiB. */
  readonly bodyBytesMax: number
  /** Operations in one request. Default 1,024. */
  readonly operationsMax: number
  /** Items in one answer. Default 1,000. */
  readonly pageMax: number
  /** Bytes of operations in one answer, after which the page ends. Default 2 MiB. */
  readonly pageBytesMax: number
  /** Requests in a second, all callers together. Default 1,000. */
  readonly requestsPerSecond: number
  /** Requests at once after a quiet time. Default 2,000. */
  readonly requestsBurst: number
  /** Open connections. Default 256. */
  readonly connectionsMax: number
  /** Listeners to events. Default 64. */
  readonly listenersMax: number
  /** Bytes that wait for one listener, after which it is cut off. Default 4 MiB. */
  readonly listenerBytesMax: number
  /** Milliseconds between two signs of life to listeners. Default 5,000. */
  readonly heartbeatMs: number
  /** Milliseconds for the head of a request. Default 5,000. */
  readonly headersTimeoutMs: number
  /** Milliseconds for a whole request. Default 30,000. */
  readonly requestTimeoutMs: number
}

/** The bounds that an API has unless told otherwise. */
export const DEFAULT_API_LIMITS: ApiLimits = {
  bodyBytesMax: 1024 * 1024,
  operationsMax: 1_024,
  pageMax: 1_000,
  pageBytesMax: 2 * 1024 * 1024,
  requestsPerSecond: 1_000,
  requestsBurst: 2_000,
  connectionsMax: 256,
  listenersMax: 64,
  listenerBytesMax: 4 * 1024 * 1024,
  heartbeatMs: 5_000,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 30_000,
}
