/**
 * The rules of a network that keeps records and generates the keys of a suite on its own log, as a node runs them.
 */
import { join } from 'node:path'
import type { CryptoProvider } from '@mc/crypto'
import { type SealedBoxes, sealedBoxes } from '@mc/crypto/dkg'
import { ristretto255 } from '@mc/crypto/threshold'
import {
  Generation,
  type KeyedState,
  keyedMachine,
  keyOperations,
  type NetworkKeys,
  type NetworkKeysSetting,
  plainOperations,
} from '@mc/dkg'
import { type Genesis, GenesisError, networkId, type RecordedMachine, signedOperations } from '@mc/ledger'
import {
  type MachineParts,
  type NodeRules,
  type OperationForm,
  recordedMachine,
  signedOperationForm,
} from '../machine.js'
import { KeyFiles } from './key-files.js'
import { KeyKeeper } from './key-keeper.js'
import { type KeyParameters, keyParametersOf } from './key-parameters.js'
import { KEY_GROUPS } from './suite-keys.js'

/** What the rules need before a node starts. */
export interface KeyRulesOptions {
  /** The node's data directory: secrets of box keys are kept in `keys/`. */
  readonly directory: string
  /** The node's Ed25519 secret key. */
  readonly secretKey: Uint8Array
  readonly genesis: Genesis
  readonly crypto: CryptoProvider
  /** What all operations drive that are not about keys; by default they are recorded, and that is all. */
  readonly machine?: (parts: MachineParts) => RecordedMachine<unknown>
  /** How those operations are written in JSON; operations about keys are signed ones. */
  readonly form?: OperationForm
  /** Seals what one member alone may read; over ristretto255, as all members do. */
  readonly boxes?: SealedBoxes
}

/** What generations of a network are read with. */
export function keySettingOf(
  genesis: Genesis,
  { suite, graceMs, needs }: KeyParameters,
  { sha256 }: CryptoProvider,
  boxes: SealedBoxes = sealedBoxes({ group: ristretto255, sha256 }),
): NetworkKeysSetting {
  const network = networkId(genesis, sha256)
  return { sha256, boxes, groups: KEY_GROUPS, needs, graceMs, network, wanted: suite }
}

/**
 * The rules, with a keeper that takes part in them.
 *
 * @throws GenesisError if the genesis names other rules, a group that there is not, or more members than can generate keys.
 */
export function keyRules(options: KeyRulesOptions): NodeRules {
  const { directory, secretKey, genesis, crypto, boxes } = options
  const setting = keySettingOf(genesis, keyParametersOf(genesis), crypto, boxes)
  requirePossible(genesis, setting)
  const realm = genesis.name
  let last: NetworkKeys | undefined
  const keeper = new KeyKeeper({
    realm,
    secretKey,
    crypto,
    setting,
    files: new KeyFiles(join(directory, 'keys')),
    keys: () => {
      if (last === undefined) throw new Error('the machine is made before its keys are asked for')
      return last
    },
  })
  return {
    machine: parts => {
      const machine = machineOf(parts, setting, options)
      const watched = watching(machine, keys => {
        last = keys
      })
      return recordedMachine(watched, formOf(options), crypto.sha256)
    },
    keys: configuration => keeper.suiteKeys(configuration),
    attend: node => keeper.attend(node),
  }
}

function requirePossible({ configuration }: Genesis, setting: NetworkKeysSetting): void {
  const unknown = setting.needs.find(({ group }) => !setting.groups.has(group))
  if (unknown !== undefined) {
    throw new GenesisError(
      'rules.parameters',
      `there is no group ${unknown.group} for the ${unknown.purpose}`,
    )
  }
  if (new Generation(configuration, setting).isPossible) return
  const { length } = configuration.members
  throw new GenesisError('configuration.members', `${length} are too many: no dealing fits an operation`)
}

function machineOf(
  parts: MachineParts,
  setting: NetworkKeysSetting,
  { machine }: KeyRulesOptions,
): RecordedMachine<KeyedState<unknown>> {
  const { genesis, crypto } = parts
  const signed = signedOperations({ realm: genesis.name, crypto })
  return keyedMachine({
    machine: machine?.(parts) ?? (plainOperations(signed, crypto.sha256) as RecordedMachine<unknown>),
    realm: genesis.name,
    signed,
    setting,
    first: genesis.configuration,
  })
}

function formOf({ form = signedOperationForm, genesis }: KeyRulesOptions): OperationForm {
  const isAboutKeys = keyOperations(genesis.name)
  return {
    fromJson: value => form.fromJson(value),
    toJson: operation => (isAboutKeys(operation) ? signedOperationForm : form).toJson(operation),
  }
}

/** The machine, telling of every state that it gives away: keys are needed before there is a node to ask. */
function watching<Inner>(
  machine: RecordedMachine<KeyedState<Inner>>,
  tell: (keys: NetworkKeys) => void,
): RecordedMachine<KeyedState<Inner>> {
  let isBegun = false
  const told = (state: KeyedState<Inner>): KeyedState<Inner> => {
    isBegun = true
    tell(state.keys)
    return state
  }
  return {
    name: machine.name,
    version: machine.version,
    // A ledger that is restored asks for the beginning too, and does not go on from it.
    genesis: () => (isBegun ? machine.genesis() : told(machine.genesis())),
    operationId: operation => machine.operationId(operation),
    isKnown: (state, key) => machine.isKnown(state, key),
    admit: (state, operation) => machine.admit(state, operation),
    apply: (state, block) => {
      const applied = machine.apply(state, block)
      told(applied.state)
      return applied
    },
    wake: state => machine.wake?.(state),
    size: state => machine.size(state),
    root: state => machine.root(state),
    snapshot: state => machine.snapshot(state),
    openSnapshot: (manifest, root) => {
      const reader = machine.openSnapshot(manifest, root)
      return reader && { ...reader, restore: chunks => told(reader.restore(chunks)) }
    },
    author: operation => machine.author(operation),
  }
}
