/**
 * The state machine that a node runs, and where its record of operations is.
 */

import type { CryptoProvider, Sha256 } from '@mc/crypto'
import {
  type Genesis,
  type OperationFormat,
  opaqueOperations,
  operationCodec,
  operationFromJson,
  operationToJson,
  type RecordedMachine,
  type RecordedState,
  type RecordsState,
  recorded,
  records,
  type StateMachine,
  signedOperations,
} from '@mc/ledger'
import type { FastifyInstance } from 'fastify'
import type { ApiContext } from './api/context.js'
import type { Node } from './node.js'
import type { NodeOptions, OperationKind } from './node-options.js'
import type { Prepare } from './replica/ahead.js'
import type { ReplicaLimits } from './replica/context.js'

/** A state machine with a record of the operations that it accepted: what a node reads from and proves. */
export interface NodeMachine<State> {
  readonly machine: StateMachine<State>
  recordOf(state: State): RecordsState
  /** Root of what the state holds besides the record, if it holds anything. */
  besideRecord(state: State): Uint8Array | undefined
  readonly form: OperationForm
  /** Begins what operations will need, elsewhere, before the machine meets them; it does what is not done by then. */
  readonly prepare?: Prepare<State>
  /** Content that states name and need, if they do: what a node lacks is asked of others before it goes on. */
  readonly content?: StateContent<State>
}

/** Content beside a state, by names that are digests of it. */
export interface StateContent<State> {
  /** Names of what a state needs and is not here. */
  missing(state: State): readonly Uint8Array[]
  get(id: Uint8Array): Uint8Array | undefined
  /** Keeps content, on disk when this returns; false if it is not what its name says. */
  keep(id: Uint8Array, bytes: Uint8Array): boolean
}

/** How operations are written in JSON, on their way in and out of the API. */
export interface OperationForm {
  /** @throws OperationJsonError that names the field. */
  fromJson(value: unknown): Uint8Array
  /** Of an operation that the machine has accepted. */
  toJson(bytes: Uint8Array): unknown
}

/** Rules as a node runs them. */
export interface NodeRules {
  // A node never looks into a state but through its machine, so its type does not matter here.
  // biome-ignore lint/suspicious/noExplicitAny: states of all kinds
  readonly machine: (parts: MachineParts) => NodeMachine<any>
  /** What its operations and proposals may weigh; all members must share it. */
  readonly limits?: Partial<ReplicaLimits>
  /** Routes that read its state. */
  readonly routes?: (app: FastifyInstance, context: ApiContext) => void
  /** Our hold on the keys of a configuration, where the rules bring keys. */
  readonly keys?: NodeOptions['keys']
  /** Takes part in what the rules ask of members, through the running node; the result ends it. */
  readonly attend?: (node: Node) => () => Promise<void>
  /** What the rules have counted, by name: for who watches the node. */
  readonly counts?: () => Readonly<Record<string, number>>
  /** Ends what the rules run beside the node, after the node has stopped. */
  readonly stop?: () => void
}

/** What a machine is made from. */
export interface MachineParts {
  readonly genesis: Genesis
  readonly crypto: CryptoProvider
  readonly operations: OperationKind
}

/**
 * The machine of a network whose genesis names no rules: it keeps records.
 *
 * @throws Error if the genesis names rules: whoever starts the node has to bring that machine.
 */
export function recordsMachine({ genesis, crypto, operations }: MachineParts): NodeMachine<RecordsState> {
  if (genesis.rules !== undefined) {
    throw new Error(
      `"${genesis.name}" runs the rules ${genesis.rules.machine}, which this node does not have`,
    )
  }
  const machine = records({ sha256: crypto.sha256, operations: formatOf(operations, genesis, crypto) })
  return { machine, recordOf: state => state, besideRecord: () => undefined, form: signedOperationForm }
}

/** Any machine, with a record beside it. */
export const recordedMachine = <Inner>(
  machine: RecordedMachine<Inner>,
  form: OperationForm,
  sha256: Sha256,
): NodeMachine<RecordedState<Inner>> => ({
  machine: recorded(machine, sha256),
  recordOf: ({ record }) => record,
  besideRecord: ({ inner }) => machine.root(inner),
  form,
})

/** Operations that their authors signed, with a body in dag-cbor. */
export const signedOperationForm: OperationForm = {
  fromJson: operationFromJson,
  toJson: bytes => operationToJson(operationCodec.decode(bytes)),
}

function formatOf(operations: OperationKind, genesis: Genesis, crypto: CryptoProvider): OperationFormat {
  return operations.kind === 'opaque'
    ? opaqueOperations({ sha256: crypto.sha256, bytesMax: operations.bytesMax })
    : signedOperations({ realm: genesis.name, crypto })
}
