/**
 * What members say to each other in a key generation without a log.
 */
import type { CommitteeSize, PeerIndex } from '@mc/protocol'
import { type Codec, fixedBytes, peerIndex, type Union, union } from '@mc/protocol/wire'

/** What is said about the sharing of one dealer, beside its broadcast. */
export type SharingMessage<RbcMessage> =
  /** The broadcast of the dealing. */
  | { readonly type: 'rbc'; readonly message: RbcMessage }
  /** Our share is good. */
  | { readonly type: 'ok' }
  /** Enough members have good shares for everybody to get one. */
  | { readonly type: 'ready' }
  /** Our share is bad: this opens our box for everybody. */
  | { readonly type: 'implicate'; readonly disclosed: Uint8Array }
  /** The dealer is found out: our share, for those who have none. */
  | { readonly type: 'reveal'; readonly share: Uint8Array }

/** Our share of the key in the exponent, to the generator of the key, with a proof. */
export interface DeriveMessage {
  readonly type: 'derive'
  readonly element: Uint8Array
  readonly proof: Uint8Array
}

/** Everything that a member of `dyxAdkg` may send. */
export type DyxMessage<RbcMessage, AbaMessage> =
  | { readonly type: 'sharing'; readonly dealer: PeerIndex; readonly message: SharingMessage<RbcMessage> }
  | { readonly type: 'key-set'; readonly proposer: PeerIndex; readonly message: RbcMessage }
  | { readonly type: 'aba'; readonly proposer: PeerIndex; readonly message: AbaMessage }
  | DeriveMessage

/** Lengths that follow from group and boxes. */
export interface DyxSizes {
  readonly disclosureBytes: number
  readonly scalarBytes: number
  readonly elementBytes: number
  readonly proofBytes: number
}

/** The codecs of the parts, for one size of committee. */
export interface DyxPartCodecs<RbcMessage, AbaMessage> {
  readonly rbc: Codec<RbcMessage>
  readonly aba: Codec<AbaMessage>
}

/** The wire format: kind in one byte, dealer or proposer, then the message of the part. */
export function dyxCodec<RbcMessage, AbaMessage>(
  { n }: CommitteeSize,
  sizes: DyxSizes,
  { rbc, aba }: DyxPartCodecs<RbcMessage, AbaMessage>,
): Codec<DyxMessage<RbcMessage, AbaMessage>> {
  const index = peerIndex(n)
  const kinds = {
    sharing: { dealer: index, message: sharingCodec(sizes, rbc) },
    'key-set': { proposer: index, message: rbc },
    aba: { proposer: index, message: aba },
    derive: { element: fixedBytes(sizes.elementBytes), proof: fixedBytes(sizes.proofBytes) },
  }
  return union(kinds) as Codec<Union<typeof kinds>> as Codec<DyxMessage<RbcMessage, AbaMessage>>
}

const sharingCodec = <RbcMessage>(
  { disclosureBytes, scalarBytes }: DyxSizes,
  rbc: Codec<RbcMessage>,
): Codec<SharingMessage<RbcMessage>> =>
  union({
    rbc: { message: rbc },
    ok: {},
    ready: {},
    implicate: { disclosed: fixedBytes(disclosureBytes) },
    reveal: { share: fixedBytes(scalarBytes) },
  }) as Codec<SharingMessage<RbcMessage>>
