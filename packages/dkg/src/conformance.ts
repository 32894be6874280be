/**
 * The laws that every key generation must pass, ours or a stranger's: runnable in any test runner.
 *
 * @packageDocumentation
 */
import { sealedBoxes } from '@mc/crypto/dkg'
import { openKeySet, recoverSecret, type SecretShare } from '@mc/crypto/threshold'
import { fPlus1, type PeerIndex } from '@mc/protocol'
import {
  type Adversary,
  agreement,
  fifo,
  forSeeds,
  type Invariant,
  integrity,
  latecomer,
  lifo,
  mutator,
  noFaultsAgainstCorrect,
  type Run,
  randomOrder,
  replayer,
  type Schedule,
  sameValue,
  seededRandom,
  silent,
  simulate,
  starve,
  termination,
  twins,
  validity,
  withholder,
} from '@mc/sim'
import type {
  GeneratedKey,
  KeyGeneration,
  KeyGenerationInput,
  KeyGenerationOptions,
  KeyGenerationParams,
} from './key-generation.js'

/** Where the keys of a law suite live; a small group makes it fast, and proves nothing less. */
export type KeyGenerationSetting<Element> = Pick<KeyGenerationOptions<Element>, 'group' | 'sha256'>

/** Makes a definition for one member. */
export type MakeKeyGeneration<Element, Message> = (
  options: KeyGenerationOptions<Element>,
) => KeyGeneration<Message>

/** An adversary, and what its copies are made with in place of the honest options. */
export interface KeyGenerationAdversary<Element, Message> {
  readonly adversary: () => Adversary<KeyGenerationInput, Message>
  readonly corrupted?: (options: KeyGenerationOptions<Element>) => KeyGenerationOptions<Element>
}

/** The two functions of a test runner (those of vitest, node:test, jest or mocha will do), and how much to run. */
export interface KeyGenerationLaws<Element, Message> extends KeyGenerationSetting<Element> {
  readonly describe: (name: string, body: () => void) => void
  readonly test: (name: string, body: () => void) => void
  /** Runs per committee size and adversary; 3 by default. */
  readonly seeds?: number
  /** Committee sizes; 4 by default. */
  readonly sizes?: readonly number[]
  /** Adversaries that understand the protocol, beside the generic ones. */
  readonly adversaries?: Readonly<Record<string, KeyGenerationAdversary<Element, Message>>>
  /** Orders of delivery, in turn; all kinds by default. What cannot catch up with a member that was starved takes fair ones. */
  readonly schedules?: readonly (() => Schedule)[]
}

/** Declares the tests that a `KeyGeneration` must pass. */
export function describeKeyGeneration<Element, Message>(
  name: string,
  make: MakeKeyGeneration<Element, Message>,
  laws: KeyGenerationLaws<Element, Message>,
): void {
  const { describe, test, sizes = [4], seeds = 3 } = laws
  const all = { ...genericAdversaries<Element, Message>(), ...laws.adversaries }
  describe(`KeyGeneration: ${name}`, () => {
    for (const n of sizes) {
      for (const [kind, adversary] of Object.entries(all)) {
        test(`n = ${n}, ${kind}: one key, which any f + 1 correct shares give, at every correct member`, () => {
          forSeeds({ seeds }, seed => runKeyGeneration({ ...laws, make, seed, n, adversary }))
        })
      }
    }
    test('a second input is the caller’s mistake', () => {
      const { committees, optionsOf, boxKeys } = committeeOf(laws, { n: 4, seed: 'misuse' })
      const definition = make(optionsOf(0, seededRandom('misuse')))
      const effects = { send: ignore, broadcast: ignore, output: ignore, fault: ignore, scope: () => effects }
      const params = { committee: committees(0), domain: ['laws'], boxKeys }
      const member = definition.create(params, effects as never)
      member.handleInput('generate')
      requireRangeError(() => member.handleInput('generate'))
    })
  })
}

/** What one run under the laws is made of. */
export interface KeyGenerationScenario<Element, Message> extends KeyGenerationSetting<Element> {
  readonly make: MakeKeyGeneration<Element, Message>
  readonly seed: number
  readonly n: number
  readonly adversary: KeyGenerationAdversary<Element, Message>
  readonly schedules?: readonly (() => Schedule)[]
}

/** Runs one key generation under all laws; what was broken is in `violations`. */
export function runKeyGeneration<Element, Message>({
  make,
  seed,
  n,
  adversary,
  schedules = SCHEDULES,
  ...setting
}: KeyGenerationScenario<Element, Message>): Run<KeyGenerationInput, Message, GeneratedKey> {
  const { boxKeys, optionsOf, f } = committeeOf(setting, { n, seed: `laws ${seed}` })
  const byzantine = seededRandom(`byzantine ${seed}`)
    .shuffle(Array.from({ length: n }, (_, index) => index))
    .slice(0, f)
  return simulate<KeyGenerationParams, KeyGenerationInput, Message, GeneratedKey>({
    seed,
    n,
    protocol: ({ index, random }) => {
      const options = optionsOf(index, random)
      return make(byzantine.includes(index) ? (adversary.corrupted?.(options) ?? options) : options)
    },
    params: committee => ({ committee, domain: ['laws', seed], boxKeys }),
    inputs: () => 'generate',
    schedule: schedules[seed % schedules.length]?.() ?? randomOrder(),
    byzantine: Object.fromEntries(byzantine.map(index => [index, adversary.adversary()])),
    invariants: [
      agreement(sameKey),
      integrity(),
      termination(),
      noFaultsAgainstCorrect(),
      validity(key => isKey(setting, key, n)),
      sharesGiveTheKey(setting),
    ],
    deliveriesMax: DELIVERIES_MAX,
    encoded: true,
  })
}

/** Every protocol must stand these. */
export const genericAdversaries = <Element, Message>(): Readonly<
  Record<string, KeyGenerationAdversary<Element, Message>>
> => ({
  silent: { adversary: silent },
  'two dealings at once': { adversary: () => twins<KeyGenerationInput>() },
  'slightly wrong messages': { adversary: () => mutator<Message>() },
  replayer: { adversary: replayer },
  latecomer: { adversary: latecomer },
  'nothing for two members': { adversary: () => withholder([0, 1]) },
})

const DELIVERIES_MAX = 2_000_000

const SCHEDULES: readonly (() => Schedule)[] = [randomOrder, lifo, () => starve(0), fifo]

/** Keys and boxes of n members, and what each of them is made from. */
function committeeOf<Element>(
  { group, sha256 }: KeyGenerationSetting<Element>,
  { n, seed }: { readonly n: number; readonly seed: string },
) {
  const boxes = sealedBoxes({ group, sha256 })
  const keys = Array.from({ length: n }, (_, index) => boxes.generate(seededRandom(`${seed} box ${index}`)))
  const f = Math.floor((n - 1) / 3)
  const peers = keys.map((_, index) => index as PeerIndex)
  return {
    f,
    boxKeys: keys.map(({ publicKey }) => publicKey),
    committees: (self: number) => ({ n, f, self: self as PeerIndex, peers }),
    optionsOf: (index: number, rng: KeyGenerationOptions<Element>['rng']): KeyGenerationOptions<Element> => ({
      group,
      sha256,
      boxes,
      boxSecretKey: (keys[index] as { readonly secretKey: Uint8Array }).secretKey,
      rng,
    }),
  }
}

const sameKey = (left: GeneratedKey, right: GeneratedKey): boolean =>
  left.group === right.group && sameValue(left.keys, right.keys) && sameValue(left.dealers, right.dealers)

/** More than f dealers, a key set of the group with a threshold of f + 1, generated. */
function isKey<Element>({ group }: KeyGenerationSetting<Element>, key: GeneratedKey, n: number): boolean {
  const threshold = Math.floor((n - 1) / 3) + 1
  const { keys, dealers } = key
  return (
    keys.origin === 'generated' &&
    keys.threshold === threshold &&
    keys.verificationKeys.length === n &&
    dealers.length >= threshold &&
    key.group === group.name &&
    openKeySet(group, keys) !== undefined
  )
}

/** Every share fits its member's key, and any f + 1 shares of correct members give the secret behind the public key. */
const sharesGiveTheKey = <Element>({
  group,
}: KeyGenerationSetting<Element>): Invariant<unknown, unknown, GeneratedKey> => ({
  name: 'correctness',
  begin: state => ({
    end() {
      const threshold = fPlus1(state)
      const shares: SecretShare[] = []
      for (const member of state.correct) {
        const key = state.outputs[member]?.[0]
        const value = key && group.decodeScalar(key.secretShare)
        if (key === undefined || value === undefined) continue
        if (!isLogarithm(group, value, key.keys.verificationKeys[member])) return `share of member ${member}`
        shares.push({ member, value })
      }
      const publicKey = state.outputs[state.correct[0] as number]?.[0]?.keys.publicKey
      for (const chosen of [shares.slice(0, threshold), shares.slice(-threshold)]) {
        const secret = recoverSecret(chosen, group.order)
        if (chosen.length === threshold && !isLogarithm(group, secret, publicKey)) return 'f + 1 shares'
      }
      return undefined
    },
  }),
})

function isLogarithm<Element>(
  group: KeyGenerationSetting<Element>['group'],
  value: bigint,
  key: Uint8Array | undefined,
): boolean {
  const element = key && group.decode(key)
  return element !== undefined && group.equals(group.multiply(group.generator, value), element)
}

const ignore = (): void => undefined

function requireRangeError(body: () => void): void {
  try {
    body()
  } catch (error) {
    if (error instanceof RangeError) return
    throw error
  }
  throw new Error('law broken: a second input throws a RangeError')
}
