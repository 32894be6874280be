/**
 * A suite: parts composed into one atomic broadcast, under a name and a fingerprint.
 *
 * Members of a network must run the same suite. The fingerprint is what they compare in the handshake, before anything else:
 * it covers the name and the wire version of every part, and every choice that members must share.
 */
import { type AtomicBroadcast, type EpochsMessage, epochs, linkedEpochs } from '@mc/abc'
import type { Acs, LinkableSubset } from '@mc/acs'
import { domainHash, type Sha256 } from '@mc/crypto'
import type { Committee, CommitteeSize, Descriptor } from '@mc/protocol'
import { hex, utf8 } from '@mc/protocol/wire'

/** What a suite is for. Only `benchmark` admits parts that are weaker than a network may rely on. */
export type SuitePurpose = 'network' | 'benchmark'

/** How members choose what to propose: operations are assigned to them in turn, or each draws from the oldest, as in HoneyBadger. */
export type ProposalSelection = 'assigned' | 'random'

/** What a suite is made of. */
export interface SuiteOptions<AcsMessage> {
  /** The paper's name for it, in kebab case. */
  readonly name: string
  readonly acs: Acs<AcsMessage>
  readonly sha256: Sha256
  readonly purpose?: SuitePurpose
  /** `assigned` by default. Each member's own business: no part of the fingerprint. */
  readonly selection?: ProposalSelection
  /** How many epochs run at once; 1 by default. */
  readonly depth?: number
  /** For how many epochs above those a member takes messages; 2 by default. */
  readonly epochsAhead?: number
  /** How many finished epochs go on helping those behind; 1 by default. */
  readonly epochsKept?: number
  /** The most that is kept for one peer, in bytes; 256 MiB by default. Members need not share it. */
  readonly senderQueueBytesMax?: number
}

/** A composed system. */
export interface Suite<Message> {
  readonly name: string
  /** 64 hexadecimal digits, equal for two suites if and only if (but for collisions) their descriptors are. */
  readonly fingerprint: string
  readonly descriptor: Descriptor
  readonly atomicBroadcast: AtomicBroadcast<Message>
  /** How its members choose what to propose, for whoever runs it. */
  readonly selection: ProposalSelection
  /** How many proposals a batch holds at least; nothing above may assume more. */
  guaranteedSlots(size: CommitteeSize & Pick<Committee, 'f'>): number
}

/** Enough for four members that broadcast 4 MiB each in all epochs that are held, and short enough for a small machine. */
const SENDER_QUEUE_BYTES_MAX = 256 * 2 ** 20

/**
 * Composes a suite of epochs over a common subset.
 *
 * @throws RangeError if a part is for tests only (`testOnly: true`), not binding (`binding: false`) or has a key that a dealer knew
 * (`keyOrigin: 'dealt'`) and the purpose is not `benchmark`, if `name` is not in kebab case, or if a number of epochs or bytes is out of range.
 */
export function suite<AcsMessage>({
  name,
  acs,
  sha256,
  purpose = 'network',
  selection = 'assigned',
  senderQueueBytesMax = SENDER_QUEUE_BYTES_MAX,
  ...windows
}: SuiteOptions<AcsMessage>): Suite<EpochsMessage<AcsMessage>> {
  return suiteOf(epochs({ acs, senderQueueBytesMax, ...windows }), acs, { name, sha256, purpose, selection })
}

/** What a suite of linked epochs is made of. */
export interface LinkedSuiteOptions<SubsetMessage> extends Omit<SuiteOptions<never>, 'acs'> {
  readonly acs: LinkableSubset<SubsetMessage>
  /** For how many epochs after its own a proposal may be delivered by a later one; 8 by default. */
  readonly epochsLinked?: number
}

/**
 * Composes a suite of linked epochs over a linkable subset.
 *
 * @throws RangeError as `suite` and `linkedEpochs` do.
 */
export function linkedSuite<SubsetMessage>({
  name,
  acs,
  sha256,
  purpose = 'network',
  selection = 'assigned',
  senderQueueBytesMax = SENDER_QUEUE_BYTES_MAX,
  ...windows
}: LinkedSuiteOptions<SubsetMessage>): Suite<EpochsMessage<SubsetMessage>> {
  return suiteOf(linkedEpochs({ acs, senderQueueBytesMax, ...windows }), acs, {
    name,
    sha256,
    purpose,
    selection,
  })
}

function suiteOf<Message>(
  atomicBroadcast: AtomicBroadcast<Message>,
  acs: Pick<Acs<never>, 'guaranteedSlots'>,
  {
    name,
    sha256,
    purpose,
    selection,
  }: Pick<Required<SuiteOptions<never>>, 'name' | 'sha256' | 'purpose' | 'selection'>,
): Suite<Message> {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))
    throw new RangeError(`suite: need a name in kebab case, got ${name}`)
  if (purpose === 'network') refuseWeakParts(name, atomicBroadcast)
  const descriptor: Descriptor = {
    name: `suite/${name}`,
    wireVersion: 1,
    parameters: { purpose },
    parts: { abc: plain(atomicBroadcast) },
  }
  let known: string | undefined
  return {
    name,
    // Members compare it when they meet. Who makes suites by the thousand, as a simulation does, never asks for it.
    get fingerprint() {
      known ??= fingerprint(descriptor, sha256)
      return known
    },
    descriptor,
    atomicBroadcast,
    selection,
    guaranteedSlots: size => acs.guaranteedSlots(size),
  }
}

/** The domain-separated SHA-256 of the canonical text of a descriptor, in hexadecimal. */
export const fingerprint = (descriptor: Descriptor, sha256: Sha256): string =>
  hex(domainHash(sha256, 'mc/suite/v1', utf8(canonicalText(descriptor))))

/**
 * One text per descriptor: JSON without spaces, with names in the order of their UTF-16 units.
 *
 * Parameters and parts are all there; whatever else a definition holds is not part of its description.
 */
export const canonicalText = ({ name, wireVersion, parameters, parts }: Descriptor): string =>
  object([
    ['name', JSON.stringify(name)],
    ['parameters', object(sorted(parameters).map(([key, value]) => [key, JSON.stringify(value)]))],
    ['parts', object(sorted(parts).map(([place, part]) => [place, canonicalText(part)]))],
    ['wireVersion', JSON.stringify(wireVersion)],
  ])

const object = (entries: readonly (readonly [key: string, text: string])[]): string =>
  `{${entries.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`

const sorted = <Value>(record: Readonly<Record<string, Value>>): [string, Value][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))

/** The description of a definition without its functions, all the way down. */
const plain = ({ name, wireVersion, parameters, parts }: Descriptor): Descriptor => ({
  name,
  wireVersion,
  parameters: { ...parameters },
  parts: Object.fromEntries(Object.entries(parts).map(([place, part]) => [place, plain(part)])),
})

function refuseWeakParts(suiteName: string, { name, parameters, parts }: Descriptor): void {
  const weakness = weaknessOf(parameters)
  if (weakness !== undefined) {
    throw new RangeError(`suite: ${name} in ${suiteName} ${weakness}; a network must not rely on it`)
  }
  for (const part of Object.values(parts)) refuseWeakParts(suiteName, part)
}

function weaknessOf(parameters: Descriptor['parameters']): string | undefined {
  if (parameters['testOnly'] === true) return 'is for tests only'
  if (parameters['binding'] === false) return 'is not binding'
  // Whoever dealt it could keep it, and foresee or read everything that it protects.
  if (parameters['keyOrigin'] === 'dealt')
    return 'has a key that a dealer knew, not one that the members generated'
  if (String(parameters['scheme'] ?? '').includes('insecure'))
    return 'has a key in a group that anybody can break'
  return undefined
}
