import { type EpochsMessage, epochs } from '@mc/abc'
import {
  type BkrSubsetMessage,
  bkrSubset,
  type EncryptedSubsetMessage,
  encryptedSubset,
  type RabaSubsetMessage,
  rabaSubset,
} from '@mc/acs'
import { blsCoin, type CoinShareMessage, cksCoin, electionCoin, localCoin } from '@mc/coin'
import { blsG1, pairingEncryption, portableBls, thresholdBls } from '@mc/crypto/bls'
import { nodeBls } from '@mc/crypto/bls/node'
import { sealedBoxes } from '@mc/crypto/dkg'
import { type PrimeGroup, ristretto255, thresholdEncryption, thresholdPrf } from '@mc/crypto/threshold'
import {
  dyxAdkg,
  type GeneratedKey,
  type KeyGeneration,
  type KeyGenerationOptions,
  ledgerDkg,
  orderedDkg,
} from '@mc/dkg'
import { type Committee, committee, type Domain, drive, epoch, type PeerIndex, peer } from '@mc/protocol'
import { type CobaltMessage, cobaltAba, type QuadraticMessage, quadraticAba, quadraticRaba } from '@mc/raba'
import { brachaRbc, type CtMessage, ctRbc } from '@mc/rbc'
import { noFaultsAgainstCorrect, silent, simulate, termination } from '@mc/sim'
import { expect, test } from 'vitest'
import { lies, lyingDealer } from './liars.js'
import { Log, rngOf, sha256 } from './log.js'

const n = 4
const boxes = sealedBoxes({ group: ristretto255, sha256 })
const boxKeys = Array.from({ length: n }, (_, index) => boxes.generate(rngOf(`box ${index}`)))

/** The default system's way to agree: erasure-coded broadcast, Quadratic-RABA, local coins. No key anywhere. */
type Keyless = EpochsMessage<RabaSubsetMessage<CtMessage, QuadraticMessage<never>>>

const overLog = <Element>(options: KeyGenerationOptions<Element>): KeyGeneration<Keyless> =>
  orderedDkg({
    dkg: ledgerDkg(options),
    atomicBroadcast: epochs({
      acs: rabaSubset({
        rbc: ctRbc({ sha256, payloadBytesMax: 20_000 }),
        raba: quadraticRaba({ coin: localCoin({ rng: options.rng }) }),
      }),
      senderQueueBytesMax: 1_000_000,
    }),
  })

/** A key of members 0, 1 and 2, while member 3 deals wrongly. */
function generate<Element>(
  group: PrimeGroup<Element>,
  domain: Domain,
  seed: number,
): readonly (GeneratedKey | undefined)[] {
  const liar = lyingDealer<Element, Keyless>(lies.wrongValue(1))
  const run = simulate({
    seed,
    n,
    protocol: ({ index, random }) => {
      const boxSecretKey = (boxKeys[index] as { readonly secretKey: Uint8Array }).secretKey
      const options: KeyGenerationOptions<Element> = { group, sha256, boxes, boxSecretKey, rng: random }
      return overLog(index === 3 ? (liar.corrupted?.(options) ?? options) : options)
    },
    params: (size: Committee) => ({
      committee: size,
      domain,
      boxKeys: boxKeys.map(({ publicKey }) => publicKey),
    }),
    inputs: () => 'generate' as const,
    byzantine: { 3: liar.adversary() },
    invariants: [termination(), noFaultsAgainstCorrect()],
    encoded: true,
  })
  expect(run.violations).toEqual([])
  expect(run.faults.some(({ rule, peer: at }) => rule === 'dkg/bad-row' && at === 3)).toBe(true)
  return run.outputs.map(outputs => outputs[0])
}

test('four members without any key generate two while one deals wrongly, and BEAT0 runs on them', () => {
  const coins = generate(ristretto255, ['network', 'configuration 0', 'coin'], 1)
  const openings = generate(ristretto255, ['network', 'configuration 0', 'encryption'], 2)
  const text = (value: string): Uint8Array => Uint8Array.from(value, letter => letter.charCodeAt(0))

  const run = simulate({
    seed: 3,
    n,
    protocol: ({ index }) => {
      const [coin, opening] = [coins[index] ?? coins[0], openings[index] ?? openings[0]] as [
        GeneratedKey,
        GeneratedKey,
      ]
      const scheme = thresholdPrf({ group: ristretto255, sha256, keys: coin.keys })
      const encryption = thresholdEncryption({ group: ristretto255, sha256, keys: opening.keys })
      expect([scheme.origin, encryption.origin]).toEqual(['generated', 'generated'])
      return epochs<EncryptedSubsetMessage<BkrSubsetMessage<CtMessage, CobaltMessage<CoinShareMessage>>>>({
        acs: encryptedSubset({
          acs: bkrSubset({
            rbc: ctRbc({ sha256, payloadBytesMax: 1_000 }),
            aba: cobaltAba({ coin: cksCoin({ scheme, secretShare: coin.secretShare }) }),
          }),
          key: { scheme: encryption, secretShare: opening.secretShare },
          sha256,
        }),
        senderQueueBytesMax: 1_000_000,
      })
    },
    params: (size: Committee) => ({ committee: size, domain: ['network'], firstEpoch: epoch(0) }),
    inputs: index => ({ type: 'propose' as const, epoch: epoch(0), payload: text(`from ${index}`) }),
    // Links are up from the beginning.
    onInput: ({ index, input, give }) => {
      if (input.type !== 'propose') return
      for (let other = 0; other < n; other += 1)
        if (other !== index) give({ type: 'connected', peer: peer(other) })
    },
    byzantine: { 3: silent() },
    invariants: [noFaultsAgainstCorrect()],
    encoded: true,
  })
  expect(run.violations).toEqual([])
  for (const member of [0, 1, 2]) {
    const batch = run.outputs[member]?.find(({ type }) => type === 'batch')
    if (batch?.type !== 'batch') throw new Error('no batch')
    expect(
      [...batch.proposals].map(([proposer, payload]) => [proposer, String.fromCharCode(...payload)]),
    ).toEqual([0, 1, 2].map(proposer => [proposer, `from ${proposer}`]))
  }
})

/** What all members get from a coin, each with its own key. */
function flipped<Output>(
  keys: readonly (GeneratedKey | undefined)[],
  definitionOf: (
    key: GeneratedKey,
  ) => Parameters<
    typeof drive<{ committee: Committee; domain: Domain }, 'flip', CoinShareMessage, Output>
  >[0],
): Output[] {
  const drivens = keys.map((key, self) =>
    drive(definitionOf(key as GeneratedKey), { committee: committee({ n, self }), domain: ['a coin', 7] }),
  )
  const outputs: Output[] = []
  const sent = drivens.map(driven => driven.input('flip').messages[0]?.message as CoinShareMessage)
  drivens.forEach((driven, index) => {
    sent.forEach((message, from) => {
      if (from !== index) outputs.push(...driven.message(peer(from), message).outputs)
    })
  })
  return outputs
}

test('a key over BLS12-381 drives the BLS coin and the encryption of HoneyBadger, from the log and from DYX+', () => {
  const log = new Log({ n, group: blsG1 })
  log.generate()
  log.run()
  const bls = nodeBls() ?? portableBls
  for (const generated of [log.keys, dyxKeys(blsG1)]) {
    const bits = flipped(generated, ({ keys, secretShare }) =>
      blsCoin({ scheme: thresholdBls({ bls, sha256, keys }), secretShare }),
    )
    expect([bits.length, new Set(bits).size]).toEqual([n, 1])
  }
  const [first, , third] = log.keys as readonly GeneratedKey[]
  const { keys } = first as GeneratedKey
  const encryption = pairingEncryption({ bls, sha256, keys })
  const message = Uint8Array.of(1, 2, 3)
  const label = Uint8Array.of(9)
  const sealed = { ciphertext: encryption.encrypt(message, label, rngOf('sealing')), label }
  const shares = [first, third].map((key, at) => ({
    member: 2 * at,
    share: encryption.share(sealed, (key as GeneratedKey).secretShare) as Uint8Array,
    verified: false,
  }))
  expect(encryption.open(sealed, shares)).toEqual({ type: 'message', message })
})

test('shares from the log and from DYX+ drive the same coin and the same election', () => {
  const log = new Log({ n, group: ristretto255 })
  log.generate()
  log.run()
  for (const keys of [log.keys, dyxKeys(ristretto255)]) {
    const schemeOf = ({ keys: set }: GeneratedKey) => thresholdPrf({ group: ristretto255, sha256, keys: set })
    const bits = flipped(keys, key => cksCoin({ scheme: schemeOf(key), secretShare: key.secretShare }))
    const leaders = flipped<PeerIndex>(keys, key =>
      electionCoin({ scheme: schemeOf(key), secretShare: key.secretShare, sha256 }),
    )
    expect([bits.length, new Set(bits).size, leaders.length, new Set(leaders).size]).toEqual([n, 1, n, 1])
  }
})

function dyxKeys<Element>(group: PrimeGroup<Element>): readonly (GeneratedKey | undefined)[] {
  const rbc = brachaRbc({ sha256, payloadBytesMax: 10_000 })
  const run = simulate({
    seed: 5,
    n,
    protocol: ({ index, random }) =>
      dyxAdkg({
        group,
        sha256,
        boxes,
        boxSecretKey: (boxKeys[index] as { readonly secretKey: Uint8Array }).secretKey,
        rng: random,
        rbc,
        aba: coin => quadraticAba({ coin }),
      }),
    params: (size: Committee) => ({
      committee: size,
      domain: ['dyx'],
      boxKeys: boxKeys.map(({ publicKey }) => publicKey),
    }),
    inputs: () => 'generate' as const,
    invariants: [termination(), noFaultsAgainstCorrect()],
  })
  expect(run.violations).toEqual([])
  return run.outputs.map(outputs => outputs[0])
}
