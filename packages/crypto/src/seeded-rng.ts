/**
 * A reproducible source of randomness: one seed, any number of independent streams.
 */
import { utf8 } from '@mc/protocol/wire'
import { domainHash } from './domain-hash.js'
import { type Rng, streamRng } from './rng.js'
import { DIGEST_BYTES, type Sha256 } from './sha256.js'

/**
 * A deterministic `Rng`: block i of a stream is SHA-256(key ‖ u64be(i)).
 *
 * The key of the first stream is the domain-separated hash of the seed, that of a fork the hash of its parent's key
 * and the label: so a fork depends on the path of labels alone. Same seed, same path, same values on every platform.
 *
 * Whoever knows the seed knows all values, past and future: for simulation, tests and replay. In production the seed
 * itself comes from the system's generator, or one uses that directly.
 *
 * @param seed any bytes; a string stands for its UTF-8 encoding.
 */
export function seededRng(seed: string | Uint8Array, sha256: Sha256): Rng {
  return keyedRng(domainHash(sha256, 'mc/rng/seed/v1', typeof seed === 'string' ? utf8(seed) : seed), sha256)
}

function keyedRng(key: Uint8Array, sha256: Sha256): Rng {
  const counter = new Uint8Array(8)
  return streamRng({
    blockBytes: DIGEST_BYTES,
    fill: block => {
      block.set(sha256(key, counter))
      increment(counter)
    },
    fork: label => keyedRng(domainHash(sha256, 'mc/rng/fork/v1', key, utf8(label)), sha256),
  })
}

function increment(counter: Uint8Array): void {
  for (let at = counter.length - 1; at >= 0; at -= 1) {
    counter[at] = (counter[at] as number) + 1
    if (counter[at] !== 0) return
  }
}
