/** An organisation whose proofs and signatures are taken on trust, and what it costs to apply its blocks. */
import { domainHash } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import type { IdentityVerifier } from '@mc/identity'
import { utf8 } from '@mc/protocol/wire'
import {
  type Body,
  type Executor,
  memberIdOf,
  type Signer,
  signedOperationCodec,
  statementCodec,
  type TopicsMachine,
  type TopicsState,
  topics,
} from '@mc/topics'

export const { sha256 } = nodeCrypto

/** Operations of one block, at most. */
export const PER_BLOCK = 2_000

const trusting: IdentityVerifier = {
  verifyMembership: () => true,
  verifyMembershipBatch: claims => claims.map(() => true),
  verifySignature: () => true,
  verifySignatureBatch: claims => claims.map(() => true),
  verifyBallot: () => true,
  verifyPossession: () => true,
  verifyMutualVouch: () => true,
  verifyConsent: () => true,
}

const idle: Executor = {
  name: 'idle',
  version: 1,
  validate: () => ({ valid: true, capabilities: [], gas: 0 }),
  execute: () => ({ outcome: 'executed', gas: 0, diff: [] }),
  apply: () => ({ outcome: 'executed', gas: 0, diff: [] }),
  holds: () => false,
}

/** Operations yet to be made: `at` makes number `at` when its block comes, as a replay reads it from the disk. */
export interface Operations {
  readonly count: number
  at(index: number): Uint8Array
}

/** Operations that are there already. */
export const these = (operations: readonly Uint8Array[]): Operations => ({
  count: operations.length,
  at: index => operations[index] as Uint8Array,
})

/** The organisation, block after block. */
export class Organisation {
  readonly machine: TopicsMachine
  readonly ids: readonly Uint8Array[]
  state: TopicsState
  /** Seconds of processor time that blocks have taken, their state roots included. */
  seconds = 0
  #epoch = 0
  #clock = 0
  readonly #seqs = new Map<number, number>()
  readonly #configuration = { index: 0, firstEpoch: 1, suite: 'bench', depth: 1, members: [] }

  /** Of `members` people, in which a topic needs `minActivate` participants. */
  constructor({ members, minActivate }: { readonly members: number; readonly minActivate: number }) {
    const keys = Array.from({ length: members }, (_, at) => sha256(utf8(`key ${at}`)))
    this.ids = keys.map(key => memberIdOf(key, sha256))
    this.machine = topics({
      crypto: nodeCrypto,
      identity: trusting,
      openRing: (_, of) => ({
        root: domainHash(sha256, 'ring', ...of),
        size: of.length,
        keys: of,
        points: undefined as never,
      }),
      executor: idle,
      realm: 'bench',
      organisation: {
        org: sha256(),
        profile: 'seed',
        rules: { general: { minActivate } },
        founders: keys.map(key => ({ key, possession: new Uint8Array(0) })),
      },
    })
    this.state = this.machine.genesis()
  }

  /** The next operation of a member. */
  by(member: number, body: Body): Uint8Array {
    const seq = this.#seqs.get(member) ?? 0
    this.#seqs.set(member, seq + 1)
    const signer: Signer = { type: 'member', id: this.ids[member] as Uint8Array }
    const statement = statementCodec.encode({ realm: 'bench', signer, seq, body })
    return signedOperationCodec.encode({ statement, proofs: [], signature: new Uint8Array(64) })
  }

  /** A block, `advance` seconds after the one before. @throws Error if an operation is refused. */
  block(operations: readonly Uint8Array[], advance = 1): void {
    this.#epoch += 1
    this.#clock += advance
    const beacon = { label: 'chain', value: sha256(utf8(`beacon ${this.#epoch}`)) } as const
    const before = process.cpuUsage()
    const { receipts } = this.machine.apply(this.state, {
      epoch: this.#epoch,
      time: this.#clock * 1000,
      clock: this.#clock * 1000,
      beacon,
      configuration: this.#configuration,
      operations: operations.map(bytes => ({ proposer: 0, id: this.machine.operationId(bytes), bytes })),
    })
    this.machine.root(this.state)
    const { user, system } = process.cpuUsage(before)
    this.seconds += (user + system) / 1e6
    for (const receipt of receipts) {
      if (!receipt.accepted) throw new Error(`${receipt.refusal.rule}: ${receipt.refusal.detail}`)
    }
  }

  /** All of these, in blocks. */
  blocks({ count, at }: Operations): void {
    for (let from = 0; from < count; from += PER_BLOCK) {
      this.block(Array.from({ length: Math.min(PER_BLOCK, count - from) }, (_, index) => at(from + index)))
    }
  }
}
