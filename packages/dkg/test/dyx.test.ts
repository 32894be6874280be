import type { CoinShareMessage } from '@mc/coin'
import { sealedBoxes } from '@mc/crypto/dkg'
import {
  type DyxMessage,
  dyxAdkg,
  type GeneratedKey,
  type KeyGenerationOptions,
  type KeyGenerationParams,
  type SharingMessage,
} from '@mc/dkg'
import { committee, drive } from '@mc/protocol'
import { type QuadraticMessage, quadraticAba } from '@mc/raba'
import { type BrachaMessage, brachaRbc } from '@mc/rbc'
import { type ScriptedNetwork, scriptedNetwork } from '@mc/sim'
import { expect, test } from 'vitest'
import { lies, lyingBoxes } from './liars.js'
import { fastGroup as group, rngOf, sha256 } from './log.js'

type Message = DyxMessage<BrachaMessage, QuadraticMessage<CoinShareMessage>>
type Network = ScriptedNetwork<'generate', Message, GeneratedKey>

const boxes = sealedBoxes({ group, sha256 })
const rbc = brachaRbc({ sha256, payloadBytesMax: 10_000 })
const boxKeys = Array.from({ length: 7 }, (_, index) => boxes.generate(rngOf(`box ${index}`)))

const optionsOf = (
  index: number,
  rng: KeyGenerationOptions<bigint>['rng'],
): KeyGenerationOptions<bigint> => ({
  group,
  sha256,
  boxes,
  boxSecretKey: (boxKeys[index] as { readonly secretKey: Uint8Array }).secretKey,
  rng,
})

/** A network whose member 3 seals lies; it is a member all the same, so that the script needs no other words. */
function network(
  lie?: Parameters<typeof lyingBoxes>[1],
  { n = 4, stranger }: { readonly n?: number; readonly stranger?: number } = {},
): Network {
  return scriptedNetwork<KeyGenerationParams, 'generate', Message, GeneratedKey>({
    n,
    byzantine: stranger === undefined ? [] : [stranger],
    protocol: ({ index, random }) => {
      const honest = optionsOf(index, random)
      const options = index === 3 && lie !== undefined ? { ...honest, boxes: lyingBoxes(boxes, lie) } : honest
      return dyxAdkg({ ...options, rbc, aba: coin => quadraticAba({ coin }) })
    },
    params: size => ({
      committee: size,
      domain: ['test'],
      boxKeys: boxKeys.slice(0, n).map(({ publicKey }) => publicKey),
    }),
  })
}

/** A network in which the script speaks for one member. */
const withStranger = (stranger: number): Network =>
  scriptedNetwork<KeyGenerationParams, 'generate', Message, GeneratedKey>({
    n: 4,
    byzantine: [stranger],
    protocol: ({ index, random }) =>
      dyxAdkg({ ...optionsOf(index, random), rbc, aba: coin => quadraticAba({ coin }) }),
    params: size => ({
      committee: size,
      domain: ['test'],
      boxKeys: boxKeys.slice(0, 4).map(({ publicKey }) => publicKey),
    }),
  })

const sharingOf =
  (dealer: number, ...types: SharingMessage<BrachaMessage>['type'][]) =>
  (message: Message): boolean =>
    message.type === 'sharing' && message.dealer === dealer && types.includes(message.message.type)

const told = (net: Network, where: (message: Message) => boolean): string[] =>
  net.pending({ where }).map(({ from, to }) => `${from}→${to}`)

const blamed = (net: Network): string[] =>
  [...new Set(net.faults.map(({ rule, peer }) => `${rule} ${peer}`))].sort()

const start = (net: Network): void => {
  for (const index of net.correct) net.input(index, 'generate')
}

/** Delivers the broadcasts of dealings and nothing else. */
const deal = (net: Network): void => {
  start(net)
  net.deliverAll({ where: message => message.type === 'sharing' && message.message.type === 'rbc' })
}

const expectOneKey = (net: Network): readonly number[] => {
  const keys = net.correct.map(index => net.outputs(index))
  expect(keys.map(outputs => outputs.length)).toEqual(net.correct.map(() => 1))
  const [[first]] = keys as [[GeneratedKey]]
  for (const [key] of keys as [GeneratedKey][]) {
    expect({ ...key, secretShare: undefined }).toEqual({ ...first, secretShare: undefined })
  }
  return first.dealers
}

test('a good share is told by OK, and nobody implicates a correct dealer', () => {
  const net = network()
  deal(net)
  expect(told(net, sharingOf(0, 'ok'))).toHaveLength(12)
  expect(told(net, sharingOf(0, 'implicate', 'reveal', 'ready'))).toEqual([])
  net.deliverAll()
  expectOneKey(net)
  expect(net.faults).toEqual([])
})

test('2f + 1 OK make READY, 2f do not', () => {
  const net = network()
  deal(net)
  net.deliver({ to: 1, from: 0, where: sharingOf(0, 'ok') })
  // With its own that makes two.
  expect(told(net, sharingOf(0, 'ready'))).toEqual([])
  net.deliver({ to: 1, from: 2, where: sharingOf(0, 'ok') })
  expect(told(net, sharingOf(0, 'ready'))).toEqual(['1→0', '1→2', '1→3'])
})

test('f + 1 READY make READY, without OK', () => {
  const net = network()
  deal(net)
  // Members 1 and 2 are ready by OK; member 3 hears nothing but them.
  for (const to of [1, 2]) net.deliver({ to, where: sharingOf(0, 'ok') })
  net.deliver({ from: 1, to: 3, where: sharingOf(0, 'ready') })
  expect(told(net, sharingOf(0, 'ready')).filter(line => line.startsWith('3'))).toEqual([])
  net.deliver({ from: 2, to: 3, where: sharingOf(0, 'ready') })
  expect(told(net, sharingOf(0, 'ready')).filter(line => line.startsWith('3'))).toEqual(['3→0', '3→1', '3→2'])
})

test('who has a bad share opens its box for all; who sees that reveals its own; f + 1 of them give the share', () => {
  for (const lie of [lies.wrongValue(1), lies.wrongBox(1), lies.wrongPoint(1)]) {
    const net = network(lie)
    deal(net)
    expect(told(net, sharingOf(3, 'implicate'))).toEqual(['0→1', '0→2', '0→3'])
    expect(told(net, sharingOf(3, 'ok'))).toHaveLength(9)
    net.deliver({ where: sharingOf(3, 'implicate') })
    expect(told(net, sharingOf(3, 'reveal'))).toHaveLength(9)
    net.deliverAll({ where: sharingOf(3, 'ok', 'ready', 'reveal') })
    expect(blamed(net)).toEqual(['dkg/bad-share 3'])
    // Three sharings come first to the key sets only if this one is complete at member 0 too.
    net.deliverAll({ where: message => sharingOf(0, 'ok', 'ready')(message) })
    net.deliverAll()
    expect(expectOneKey(net)).toContain(3)
  }
})

test('without reveals a member with a bad share does not complete the sharing', () => {
  const net = network(lies.wrongValue(1))
  deal(net)
  net.drop({ where: sharingOf(3, 'implicate') })
  net.deliverAll({ where: sharingOf(3, 'ok', 'ready') })
  net.deliverAll({ where: sharingOf(1, 'ok', 'ready') })
  // Dealings 1 and 3 are two, more than f: whoever has both proposes its key set.
  const proposers = new Set(
    net
      .pending({ where: ({ type }) => type === 'key-set' })
      .map(({ message }) => (message as { proposer: number }).proposer),
  )
  expect([...proposers].sort()).toEqual([1, 2, 3])
})

test('an implication that shows nothing makes nobody reveal, and names the one who made it', () => {
  const scripted = withStranger(0)
  start(scripted)
  scripted.deliverAll({ where: message => message.type === 'sharing' && message.message.type === 'rbc' })
  scripted.inject(0, 'all', {
    type: 'sharing',
    dealer: 1 as never,
    message: { type: 'implicate', disclosed: new Uint8Array(boxes.disclosureBytes) },
  })
  scripted.deliverAll({ where: sharingOf(1, 'implicate') })
  expect(blamed(scripted)).toEqual(['dkg/false-implication 0'])
  expect(told(scripted, sharingOf(1, 'reveal'))).toEqual([])
})

test('a member that opens a good box blames nobody but itself', () => {
  // Member 3 opens its box of dealer 1 although the share in it is good: an honest disclosure of nothing wrong.
  const net = network()
  deal(net)
  const context = dealingOf(net, 1)
  const disclosed = boxes.disclose(
    context,
    (boxKeys[3] as { readonly secretKey: Uint8Array }).secretKey,
  ) as Uint8Array
  const recipient = (boxKeys[3] as { readonly publicKey: Uint8Array }).publicKey
  expect(boxes.openDisclosed({ ...context, recipient, disclosed }).type).toBe('message')
  const other = withStranger(3)
  start(other)
  other.deliverAll({ where: message => message.type === 'sharing' && message.message.type === 'rbc' })
  other.inject(3, 'all', { type: 'sharing', dealer: 1 as never, message: { type: 'implicate', disclosed } })
  other.deliverAll({ where: sharingOf(1, 'implicate') })
  expect(blamed(other)).toEqual(['dkg/false-implication 3'])
  expect(told(other, sharingOf(1, 'reveal'))).toEqual([])
})

/** The box for member 3 in the dealing of a dealer, as the network shows it. */
function dealingOf(net: Network, dealer: number) {
  const echo = net.pending({ where: sharingOf(dealer, 'rbc') })[0]?.message
  if (echo !== undefined) throw new Error('the broadcast is still on its way')
  const recorded = scriptedEcho(dealer)
  const threshold = 2
  const commitment = recorded.subarray(0, threshold * group.elementBytes)
  const ephemeral = recorded.subarray(commitment.length, commitment.length + group.elementBytes)
  const length = group.scalarBytes + boxes.overheadBytes
  const first = commitment.length + ephemeral.length + boxes.possessionBytes
  return {
    ephemeral,
    box: recorded.subarray(first + 3 * length, first + 4 * length),
    context: contextOf(dealer, commitment),
  }
}

function scriptedEcho(dealer: number): Uint8Array {
  const net = network()
  start(net)
  const sent = net.pending({ from: dealer, where: sharingOf(dealer, 'rbc') })[0]?.message
  if (sent?.type !== 'sharing' || sent.message.type !== 'rbc' || sent.message.message.type !== 'send') {
    throw new Error('no dealing')
  }
  return sent.message.message.payload
}

function contextOf(dealer: number, commitment: Uint8Array): Uint8Array {
  let context = new Uint8Array(0)
  const spying = lyingBoxes(boxes, (seal, options) => {
    context = Uint8Array.from(options.context)
    return seal(options)
  })
  const driven = drive(
    dyxAdkg({ ...optionsOf(dealer, rngOf('spy')), boxes: spying, rbc, aba: coin => quadraticAba({ coin }) }),
    {
      committee: committee({ n: 4, self: dealer }),
      domain: ['test'],
      boxKeys: boxKeys.slice(0, 4).map(({ publicKey }) => publicKey),
    },
  )
  driven.input('generate')
  return Uint8Array.of(...context.subarray(0, context.length - commitment.length), ...commitment)
}

test('a wrong revealed share is left out, and the next one takes its place', () => {
  const net = scriptedNetwork<KeyGenerationParams, 'generate', Message, GeneratedKey>({
    n: 7,
    byzantine: [6],
    protocol: ({ index, random }) => {
      const honest = optionsOf(index, random)
      const options = index === 3 ? { ...honest, boxes: lyingBoxes(boxes, lies.wrongValue(1)) } : honest
      return dyxAdkg({ ...options, rbc, aba: coin => quadraticAba({ coin }) })
    },
    params: size => ({
      committee: size,
      domain: ['test'],
      boxKeys: boxKeys.map(({ publicKey }) => publicKey),
    }),
  })
  for (const index of net.correct) net.input(index, 'generate')
  net.inject(6, 0, {
    type: 'sharing',
    dealer: 3 as never,
    message: { type: 'reveal', share: new Uint8Array(group.scalarBytes).fill(1) },
  })
  net.deliver({ from: 6, to: 0 })
  net.deliverAll()
  expect(blamed(net)).toEqual(['dkg/bad-reveal 6', 'dkg/bad-share 3'])
  expect(new Set(net.correct.map(index => net.outputs(index).length))).toEqual(new Set([1]))
})

test('a sharing is complete on 2f + 1 READY, not on f + 1', () => {
  const net = network()
  deal(net)
  net.deliverAll({ where: sharingOf(0, 'ok', 'ready') })
  net.deliver({ where: sharingOf(1, 'ok') })
  const isKeySetOfTwo = (message: Message): boolean => message.type === 'key-set' && message.proposer === 2
  // With its own READY that makes two; the second complete sharing would make member 2 propose a key set.
  net.deliver({ from: 0, to: 2, where: sharingOf(1, 'ready') })
  expect(told(net, isKeySetOfTwo)).toEqual([])
  net.deliver({ from: 1, to: 2, where: sharingOf(1, 'ready') })
  expect(new Set(told(net, isKeySetOfTwo))).toEqual(new Set(['2→0', '2→1', '2→3']))
})

test('a share that is revealed twice by one member counts once', () => {
  const first = network(lies.wrongValue(1))
  deal(first)
  first.deliver({ where: sharingOf(3, 'implicate') })
  const revealed = first.pending({ from: 2, to: 0, where: sharingOf(3, 'reveal') })[0]?.message as Message
  const net = network(lies.wrongValue(1), { stranger: 2 })
  deal(net)
  net.inject(2, 0, revealed)
  net.inject(2, 0, revealed)
  net.deliver({ from: 2, to: 0, where: sharingOf(3, 'reveal') })
  net.deliverAll()
  expect(blamed(net)).toEqual(['dkg/bad-share 3'])
  expectOneKey(net)
})

test('nobody opens a box under an ephemeral key that its dealer only borrowed: another dealer’s boxes would open too', () => {
  const net = withStranger(3)
  start(net)
  const honest = net.pending({ from: 0, to: 3, where: sharingOf(0, 'rbc') })[0]?.message
  if (honest?.type !== 'sharing' || honest.message.type !== 'rbc' || honest.message.message.type !== 'send') {
    throw new Error('no dealing')
  }
  // The key of dealer 0 with its proof, and boxes that open for nobody: whoever disclosed its own would disclose that of dealer 0.
  const { payload } = honest.message.message
  const boxesAt = 2 * group.elementBytes + boxes.publicKeyBytes + boxes.possessionBytes
  const borrowed = payload.map((byte, at) => (at < boxesAt ? byte : byte ^ 1))
  net.inject(3, 'all', {
    type: 'sharing',
    dealer: 3 as never,
    message: { type: 'rbc', message: { type: 'send', payload: borrowed } },
  })
  net.deliverAll()
  expect(net.faults.some(({ rule }) => rule === 'dkg/bad-share')).toBe(false)
  expect(blamed(net)).toEqual(['dkg/unproven-dealing 3'])
  expectOneKey(net)
})

test('a dealing that is copied from another dealer is taken from nobody', () => {
  const net = withStranger(3)
  start(net)
  const copied = net.pending({ from: 0, to: 3, where: sharingOf(0, 'rbc') })[0]?.message as Message & {
    readonly type: 'sharing'
  }
  net.inject(3, 'all', { ...copied, dealer: 3 as never })
  net.deliverAll({ where: message => message.type === 'sharing' && message.message.type === 'rbc' })
  expect(told(net, sharingOf(3, 'ok', 'implicate'))).toEqual([])
  net.deliverAll()
  expect(blamed(net)).toEqual(['dkg/unproven-dealing 3'])
  expectOneKey(net)
})

test('a key set of f dealers, of strangers or of other lengths is none', () => {
  for (const bits of [[0b0001], [0b0000], [0b10011], [0b0011, 0], []]) {
    const net = withStranger(3)
    net.inject(3, 'all', {
      type: 'key-set',
      proposer: 3 as never,
      message: { type: 'send', payload: Uint8Array.from(bits) },
    })
    for (const index of net.correct) net.input(index, 'generate')
    net.deliverAll()
    expect(blamed(net)).toEqual(['dkg/undecodable-key-set 3'])
    expectOneKey(net)
  }
})

test('a share in the exponent that is not proven is refused, and the next one takes its place', () => {
  const net = withStranger(0)
  const element = group.encode(group.generator)
  for (const index of net.correct) net.input(index, 'generate')
  net.inject(0, 'all', { type: 'derive', element, proof: new Uint8Array(24) })
  net.inject(0, 'all', {
    type: 'derive',
    element: group.encode(group.multiply(group.generator, 2n)),
    proof: new Uint8Array(24),
  })
  net.deliverAll()
  expect(blamed(net)).toEqual(['dkg/bad-derivation 0', 'dkg/conflicting-derivation 0'])
  expectOneKey(net)
})

test('a broadcast that is too small for a dealing is the caller’s mistake', () => {
  const small = brachaRbc({ sha256, payloadBytesMax: 50 })
  const definition = dyxAdkg({ ...optionsOf(0, rngOf('x')), rbc: small, aba: coin => quadraticAba({ coin }) })
  const params = {
    committee: committee({ n: 4, self: 0 }),
    domain: [],
    boxKeys: boxKeys.slice(0, 4).map(({ publicKey }) => publicKey),
  }
  expect(() => drive(definition, params)).toThrow(RangeError)
})
