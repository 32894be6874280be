import {
  Backoff,
  DEFAULT_LIMITS,
  libp2pTransport,
  memberKey,
  memberKeyOf,
  peerIdOf,
  TokenBucket,
  tcpTransport,
  transportLimits,
} from '@mc/network'
import { expect, test } from 'vitest'
import { formatHostPort, parseHostPort } from '../src/tcp/host-port.js'

const SEED = new Uint8Array(32).fill(1)

test('waiting times double up to their maximum, each shortened by at most a half', () => {
  const longest = new Backoff(50, 300, () => 0)
  expect([1, 2, 3, 4, 5].map(() => longest.next())).toEqual([50, 100, 200, 300, 300])
  longest.reset()
  expect(longest.next()).toBe(50)
  const shortest = new Backoff(50, 300, () => 1)
  expect([1, 2, 3, 4].map(() => shortest.next())).toEqual([25, 50, 100, 150])
})

test('a bucket gives what refilled and never more than its burst', () => {
  const bucket = new TokenBucket(100, 200, 0)
  expect(bucket.take(200, 0)).toBe(true)
  expect(bucket.take(1, 0)).toBe(false)
  expect(bucket.take(50, 500)).toBe(true)
  expect(bucket.take(1, 500)).toBe(false)
  expect(bucket.take(201, 1e9)).toBe(false)
  expect(bucket.take(200, 1e9)).toBe(true)
})

test('a bucket without limit always gives; one without a rate is a mistake', () => {
  const bucket = new TokenBucket(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0)
  expect(bucket.take(1e12, 0) && bucket.take(1e12, 0)).toBe(true)
  for (const rate of [0, -1, Number.NaN]) expect(() => new TokenBucket(rate, 1, 0)).toThrow(RangeError)
})

// RFC 8032, section 7.1, test 1: seed and public key.
test('the key of a member is the Ed25519 public key of its seed', () => {
  const seed = Uint8Array.from(
    Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex'),
  )
  expect(memberKeyOf(seed)).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
  expect(() => memberKeyOf(new Uint8Array(31))).toThrow(RangeError)
})

test('a member key is 64 characters of lower-case hex and nothing else', () => {
  const key = memberKeyOf(SEED)
  expect(memberKey(key)).toBe(key)
  for (const text of ['', key.slice(1), `${key}0`, key.toUpperCase(), key.replace(/^./, 'g')])
    expect(() => memberKey(text)).toThrow(RangeError)
})

test('the peer id of a member is the identity multihash of its libp2p public key', () => {
  expect(peerIdOf(memberKeyOf(SEED))).toMatch(/^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/)
  expect(() => peerIdOf('00')).toThrow(RangeError)
})

test('host:port is read and written, IPv6 in brackets, everything else refused', () => {
  for (const text of ['127.0.0.1:4000', 'example.org:0', '[::1]:65535'])
    expect(formatHostPort(parseHostPort(text))).toBe(text)
  for (const text of ['', 'host', ':1', '::1:80', 'host:', 'host:65536', 'host:-1', '[::1]', 'a:b:1'])
    expect(() => parseHostPort(text)).toThrow(RangeError)
})

test('bounds that contradict each other are the mistake of the caller', () => {
  expect(transportLimits({})).toEqual(DEFAULT_LIMITS)
  expect(() => transportLimits({ frameBytesMax: 0 })).toThrow(RangeError)
  expect(() => transportLimits({ frameBytesMax: 2 ** 31 })).toThrow(RangeError)
  expect(() => transportLimits({ frameBytesMax: 100, bufferedBytesMax: 100 })).toThrow(RangeError)
  expect(() => transportLimits({ heartbeatMs: Number.NaN })).toThrow(RangeError)
  expect(() => tcpTransport({ secretKey: SEED, listen: ['nowhere'] })).toThrow(RangeError)
  expect(() => libp2pTransport({ secretKey: SEED.subarray(1), listen: [] })).toThrow(RangeError)
})
