/**
 * Four members generate the keys of BEAT0 over WaterBear, which needs none, and then run BEAT0. One of them cheats.
 */
import { seededRng } from '@mc/crypto'
import { type SealedBoxes, sealedBoxes } from '@mc/crypto/dkg'
import { portableCrypto } from '@mc/crypto/portable'
import { ristretto255, thresholdEncryption, thresholdPrf } from '@mc/crypto/threshold'
import { type GeneratedKey, ledgerDkg, orderedDkg } from '@mc/dkg'
import { beat0, waterbearQsQ } from '@mc/presets'
import { epoch, peer } from '@mc/protocol'
import { fromUtf8, hex, utf8 } from '@mc/protocol/wire'
import { mutator, type Run, silent, simulate } from '@mc/sim'

const { sha256 } = portableCrypto
const members = [0, 1, 2, 3]
const cheat = 3
const victim = 0

const group = ristretto255
const boxes = sealedBoxes({ group, sha256 })

/** Seals nonsense for the victim, under commitments that say something else. */
const lyingBoxes: SealedBoxes = {
  ...sealing(boxes),
  seal: options =>
    boxes.seal({
      ...options,
      messages: options.messages.map((message, member) =>
        member === victim ? message.map(byte => byte ^ 1) : message,
      ),
    }),
}

/** The parts of boxes one by one: they are methods, which a copy of the object alone would lose. */
function sealing(honest: SealedBoxes): Omit<SealedBoxes, 'seal'> {
  return {
    name: honest.name,
    publicKeyBytes: honest.publicKeyBytes,
    overheadBytes: honest.overheadBytes,
    disclosureBytes: honest.disclosureBytes,
    possessionBytes: honest.possessionBytes,
    isPossessed: possession => honest.isPossessed(possession),
    generate: rng => honest.generate(rng),
    isPublicKey: bytes => honest.isPublicKey(bytes),
    publicKeyOf: secretKey => honest.publicKeyOf(secretKey),
    open: (box, secretKey) => honest.open(box, secretKey),
    disclose: (box, secretKey) => honest.disclose(box, secretKey),
    openDisclosed: disclosure => honest.openDisclosed(disclosure),
  }
}

/** Runs it all from one seed, and tells it. */
export function tellKeyGeneration(seed: number): string {
  const ownKeys = members.map(member =>
    boxes.generate(seededRng(`own key of ${member}, run ${seed}`, sha256)),
  )

  /** One key for one purpose: over a log of its own, by local coins. */
  const generate = (purpose: string): Run<'generate', unknown, GeneratedKey> =>
    simulate({
      seed: `${purpose} ${seed}`,
      n: members.length,
      protocol: ({ index, random }) =>
        orderedDkg({
          atomicBroadcast: waterbearQsQ({ rng: random, sha256, payloadBytesMax: 4_096 }).atomicBroadcast,
          dkg: ledgerDkg({
            group,
            sha256,
            boxes: index === cheat ? lyingBoxes : boxes,
            boxSecretKey: (ownKeys[index] as { readonly secretKey: Uint8Array }).secretKey,
            rng: seededRng(random.bytes(32), sha256),
          }),
        }),
      params: committee => ({
        committee,
        domain: ['example', purpose],
        boxKeys: ownKeys.map(({ publicKey }) => publicKey),
      }),
      inputs: () => 'generate' as const,
      // It follows the protocol but for what it seals.
      byzantine: { [cheat]: mutator({ probability: 0 }) },
      encoded: true,
    })

  const [coins, openings] = [generate('coin'), generate('encryption')]
  const batch = agreeOn(coins, openings, seed)
  return [
    ...tellKey('coin', coins),
    ...tellKey('encryption', openings),
    'BEAT0 on these keys, member 3 silent:',
    ...[...batch].map(([proposer, payload]) => `  member ${proposer} proposed “${fromUtf8(payload)}”`),
    '',
  ].join('\n')
}

/** One epoch of BEAT0; the batch of member 0. */
function agreeOn(
  coins: Run<'generate', unknown, GeneratedKey>,
  openings: Run<'generate', unknown, GeneratedKey>,
  seed: number,
): ReadonlyMap<number, Uint8Array> {
  const run = simulate({
    seed: `beat0 ${seed}`,
    n: members.length,
    protocol: ({ index }) => {
      const [coin, opening] = [keyOf(coins, index), keyOf(openings, index)]
      return beat0({
        keys: {
          coin: { scheme: thresholdPrf({ group, sha256, keys: coin.keys }), secretShare: coin.secretShare },
          encryption: {
            scheme: thresholdEncryption({ group, sha256, keys: opening.keys }),
            secretShare: opening.secretShare,
          },
        },
        sha256,
      }).atomicBroadcast
    },
    params: committee => ({ committee, domain: ['example', 'beat0'], firstEpoch: epoch(0) }),
    inputs: index => ({ type: 'propose' as const, epoch: epoch(0), payload: utf8(`a word from ${index}`) }),
    onInput: ({ index, input, give }) => {
      if (input.type !== 'propose') return
      for (const other of members) if (other !== index) give({ type: 'connected', peer: peer(other) })
    },
    byzantine: { [cheat]: silent() },
    encoded: true,
  })
  const batch = run.outputs[0]?.find(({ type }) => type === 'batch')
  if (batch?.type !== 'batch') throw new Error('no batch')
  return batch.proposals
}

/** The silent member never uses its key; it is given another's so that it can be made at all. */
const keyOf = ({ outputs }: Run<'generate', unknown, GeneratedKey>, member: number): GeneratedKey =>
  outputs[member === cheat ? victim : member]?.[0] as GeneratedKey

function tellKey(purpose: string, run: Run<'generate', unknown, GeneratedKey>): string[] {
  const { keys, dealers } = keyOf(run, victim)
  const { messages, bytes } = run.cost
  return [
    `Key for ${purpose}: ${hex(keys.publicKey).slice(0, 16)}…, any ${keys.threshold} of ${members.length} shares, ${keys.origin}`,
    `  the sum of secrets of members ${dealers.join(', ')}; ${messages} messages, ${bytes} bytes`,
    ...[...new Set(run.faults.map(({ rule, peer: at, by }) => `  member ${by}: member ${at} broke ${rule}`))],
    '',
  ]
}
