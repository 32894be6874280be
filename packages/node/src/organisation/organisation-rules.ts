/**
 * The rules of an organisation as a node runs them: topics, identity, contracts.
 */
import { join } from 'node:path'
import { contracts, missingCode, versionedExecutor } from '@mc/contracts'
import { loadSandbox } from '@mc/contracts/quickjs'
import type { CryptoProvider } from '@mc/crypto'
import { ristrettoEngine } from '@mc/crypto/ristretto'
import { identityVerifier } from '@mc/identity'
import { GenesisError, OperationJsonError, type RecordedMachine, type RecordedState } from '@mc/ledger'
import { DecodeError, fromHex, hex } from '@mc/protocol/wire'
import {
  type Executor,
  OPERATION_BYTES_MAX,
  type OrganisationGenesis,
  organisationGenesisCodec,
  readOperation,
  TOPICS_RULES,
  type TopicsMachine,
  type TopicsState,
  topicOperationIds,
} from '@mc/topics'
import {
  type MachineParts,
  type NodeRules,
  type OperationForm,
  recordedMachine,
  type StateContent,
} from '../machine.js'
import type { Node } from '../node.js'
import type { ProofChecks } from '../proofs/proof-checks.js'
import { Approvals } from './approvals.js'
import { ContractCodes } from './contract-codes.js'
import { type Describe, organisationRoutes } from './organisation-routes.js'
import { plainJson } from './plain-json.js'
import { type Proofs, proofThreads, withProofsAhead } from './proofs-ahead.js'
import { SeatKeeper } from './seat-keeper.js'
import type { SeatVoice } from './seat-operation.js'
import { Software } from './software.js'
import { withUpgrades } from './upgrade-gate.js'
import { UpgradeKeeper } from './upgrade-keeper.js'
import { upgradeRoutes } from './upgrade-routes.js'

/** What the rules need before a node starts. */
export interface OrganisationOptions {
  /** The node's data directory: contract code is kept in it. */
  readonly directory: string
  readonly crypto: CryptoProvider
  /** Threads that verify proofs beforehand; as many as there are cores for, unless told otherwise. */
  readonly proofs?: Proofs
  /** The node's Ed25519 secret key: with it the node says by itself that it is ready for an upgrade. */
  readonly secretKey?: Uint8Array
  /** Names of the suites that this software can run without keys that members share. */
  readonly suites?: readonly string[]
  /** Executors that an organisation can decide to go over to, beside the one that it begins with. */
  readonly executors?: readonly Executor[]
}

/** Loads what runs contracts, and gives the rules. */
export async function organisationRules(options: OrganisationOptions): Promise<NodeRules> {
  const { directory, crypto, proofs: pool = proofThreads(), suites = [], executors: later = [] } = options
  const { sha256 } = crypto
  const sandbox = await loadSandbox({ sha256 })
  const identityCrypto = { sha256, ristretto: ristrettoEngine() }
  const identity = identityVerifier(identityCrypto)
  const codes = new ContractCodes(join(directory, 'contracts'), sha256)
  const first = contracts({ sha256, signatures: crypto.ed25519, identity, code: { sandbox, codes } })
  const executor = versionedExecutor({ first, later, sha256 })
  const software = new Software({ suites, executors: [first, ...later], sha256 })
  const approvals = new Approvals(join(directory, 'approved-upgrades'))
  let keeper: UpgradeKeeper | undefined
  let machine: TopicsMachine | undefined
  let checks: ProofChecks | undefined
  return {
    limits: { operationBytesMax: OPERATION_BYTES_MAX },
    machine: ({ genesis }) => {
      const organisation = organisationOf({ genesis })
      const prepared = withProofsAhead({
        crypto,
        identityCrypto,
        identity,
        pool,
        executor,
        realm: genesis.name,
        organisation,
        seats: genesis.configuration.members,
      })
      machine = prepared.machine
      checks = prepared.checks
      const { suite: firstSuite } = genesis.configuration
      const gated = withUpgrades(withCodes(machine, codes), { software, firstSuite })
      const recorded = recordedMachine(gated, operationForm(crypto), sha256)
      return { ...recorded, prepare: prepared.prepare, content: contentOf(codes) }
    },
    attend: node => {
      if (options.secretKey === undefined) return async () => {}
      const voice = voiceOf(node, options.secretKey, crypto)
      keeper = new UpgradeKeeper({ ...voice, software, approvals })
      return both(keeper.attend(node), new SeatKeeper({ ...voice, now: Date.now }).attend(node))
    },
    counts: () => ({ known: 0, computed: 0, ...checks?.verifier.counts }),
    stop: () => pool?.stop(),
    routes: (app, context) => {
      if (machine === undefined) throw new Error('the machine is made before its routes')
      const describe: Describe = (program, language) => first.describe(program, language)
      organisationRoutes(app, context, { machine, describe })
      upgradeRoutes(app, context, {
        software,
        approvals,
        get keeper() {
          return keeper
        },
        stateOf: ({ node }) => stateOf(node),
      })
    },
  }
}

const stateOf = ({ ledger }: Pick<Node, 'ledger'>): TopicsState =>
  (ledger.state as RecordedState<TopicsState>).inner

const voiceOf = (node: Node, secretKey: Uint8Array, crypto: CryptoProvider): SeatVoice => {
  return { realm: node.genesis.name, secretKey, crypto, state: () => stateOf(node) }
}

const both = (first: () => Promise<void>, second: () => Promise<void>) => async (): Promise<void> => {
  await first()
  await second()
}

/** What the organisation of a network begins with. @throws GenesisError if the genesis has no such rules. */
export function organisationOf({ genesis }: Pick<MachineParts, 'genesis'>): OrganisationGenesis {
  const { rules } = genesis
  if (rules?.machine !== TOPICS_RULES) {
    throw new GenesisError('rules.machine', `need "${TOPICS_RULES}", got ${rules?.machine ?? 'nothing'}`)
  }
  try {
    return organisationGenesisCodec.decode(rules.parameters)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw new GenesisError('rules.parameters', error.message)
  }
}

// Code is there before anything can run it: a type is installed blocks after it was proposed.
const withCodes = (machine: TopicsMachine, codes: ContractCodes): RecordedMachine<TopicsState> => ({
  ...machine,
  apply: (state, block) => {
    codes.hear(block.operations)
    return machine.apply(state, block)
  },
})

/** The code of installed contract types: who has lost it, or began from a snapshot, asks others for it. */
const contentOf = (codes: ContractCodes): StateContent<RecordedState<TopicsState>> => ({
  missing: ({ inner }) => missingCode({ contractTypes: inner.tables.contractTypes }, codes),
  get: cid => codes.get(cid),
  keep: (cid, code) => codes.keep(cid, code),
})

/** Operations are made by programs: in JSON they are their bytes, and what they say for people. */
function operationForm({ sha256 }: CryptoProvider): OperationForm {
  const idOf = topicOperationIds(sha256)
  return {
    fromJson: value => {
      const text = (value as { readonly operation?: unknown } | null)?.operation
      if (typeof text !== 'string' || !/^([0-9a-f]{2})+$/.test(text)) {
        throw new OperationJsonError('operation', 'need the bytes of a signed operation in hexadecimal')
      }
      return fromHex(text)
    },
    toJson: bytes => {
      const read = readOperation(bytes, idOf(bytes))
      const said = typeof read === 'string' ? {} : { statement: plainJson(read.statement) }
      return { operation: hex(bytes), ...said }
    },
  }
}
