/**
 * A verifiable oblivious pseudo-random function: one side knows the input, the other the key, and the answer proves the key.
 *
 * RFC 9497, suite ristretto255-SHA512, mode 1 (VOPRF), by @noble/curves. Total towards what the other side sent.
 */
import { ristretto255_oprf } from '@noble/curves/ed25519.js'
import type { Rng } from '../rng.js'
import { ELEMENT_BYTES, GROUP_ORDER } from './engine.js'
import { readLittleEndian } from './field.js'

const { voprf } = ristretto255_oprf

/** A key of the function: the secret stays with whoever evaluates, the public one is published. */
export interface OprfKey {
  readonly secretKey: Uint8Array
  readonly publicKey: Uint8Array
}

/** What the asking side keeps (`blind`) and sends (`blinded`). */
export interface OprfBlinding {
  readonly blind: Uint8Array
  readonly blinded: Uint8Array
}

/** What the evaluating side answers. */
export interface OprfEvaluation {
  readonly evaluated: Uint8Array
  readonly proof: Uint8Array
}

/** Length of an answer's proof: c ‖ s. */
export const OPRF_PROOF_BYTES = 64

/** Length of the function's output. */
export const OPRF_OUTPUT_BYTES = 64

/**
 * The key that a seed stands for.
 *
 * @throws RangeError unless `seed` is 32 bytes and `info` at most 65,535.
 */
export function deriveOprfKey(seed: Uint8Array, info: Uint8Array): OprfKey {
  if (seed.length !== 32) throw new RangeError(`oprf: need a seed of 32 bytes, got ${seed.length}`)
  if (info.length > 0xffff) throw new RangeError(`oprf: need at most 65535 bytes of info, got ${info.length}`)
  return voprf.deriveKeyPair(Uint8Array.from(seed), Uint8Array.from(info))
}

/**
 * Hides an input.
 *
 * @throws RangeError for more than 65,535 bytes.
 */
export function blindForOprf(input: Uint8Array, rng: Rng): OprfBlinding {
  requireInput(input)
  return voprf.blind(Uint8Array.from(input), bytesOf(rng))
}

/**
 * Answers for a hidden input. Undefined if that is no element.
 *
 * @throws RangeError if the secret is no scalar 1 … order − 1.
 */
export function evaluateOprf(
  { secretKey, publicKey }: OprfKey,
  blinded: Uint8Array,
  rng: Rng,
): OprfEvaluation | undefined {
  const secret = secretKey.length === ELEMENT_BYTES ? readLittleEndian(secretKey) : 0n
  if (secret === 0n || secret >= GROUP_ORDER) throw new RangeError('oprf: the secret key is no scalar')
  return attempt(() =>
    voprf.blindEvaluate(
      Uint8Array.from(secretKey),
      Uint8Array.from(publicKey),
      Uint8Array.from(blinded),
      bytesOf(rng),
    ),
  )
}

/** An answer with all that it takes to open it. */
export interface OprfAnswer extends OprfBlinding, OprfEvaluation {
  readonly input: Uint8Array
  readonly publicKey: Uint8Array
}

/**
 * The function's value: 64 bytes, the same for one input and key however it was hidden. Undefined if the answer is not by that key.
 *
 * @throws RangeError if the input is too long.
 */
export function finalizeOprf(answer: OprfAnswer): Uint8Array | undefined {
  requireInput(answer.input)
  const [input, blind, evaluated, blinded, publicKey, proof] = [
    answer.input,
    answer.blind,
    answer.evaluated,
    answer.blinded,
    answer.publicKey,
    answer.proof,
  ].map(one => Uint8Array.from(one)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ]
  return attempt(() => voprf.finalize(input, blind, evaluated, blinded, publicKey, proof))
}

const bytesOf =
  (rng: Rng) =>
  (length?: number): Uint8Array =>
    rng.bytes(length ?? 32)

function requireInput(input: Uint8Array): void {
  if (input.length > 0xffff)
    throw new RangeError(`oprf: need an input of at most 65535 bytes, got ${input.length}`)
}

/** The library throws for what the other side got wrong. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
