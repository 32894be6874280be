/**
 * The rules of an organisation as a node runs them: topics, identity, contracts.
 */
import { join } from 'node:path'
import { contracts } from '@mc/contracts'
import { loadSandbox } from '@mc/contracts/quickjs'
import type { CryptoProvider } from '@mc/crypto'
import { ristrettoEngine } from '@mc/crypto/ristretto'
import { identityVerifier } from '@mc/identity'
import { GenesisError, OperationJsonError, type RecordedMachine } from '@mc/ledger'
import { DecodeError, fromHex, hex } from '@mc/protocol/wire'
import {
  OPERATION_BYTES_MAX,
  type OrganisationGenesis,
  organisationGenesisCodec,
  readOperation,
  TOPICS_RULES,
  type TopicsMachine,
  type TopicsState,
  topicOperationIds,
} from '@mc/topics'
import { type MachineParts, type NodeRules, type OperationForm, recordedMachine } from '../machine.js'
import type { ProofChecks } from '../proofs/proof-checks.js'
import { ContractCodes } from './contract-codes.js'
import { organisationRoutes } from './organisation-routes.js'
import { plainJson } from './plain-json.js'
import { type Proofs, proofThreads, withProofsAhead } from './proofs-ahead.js'

/** What the rules need before a node starts. */
export interface OrganisationOptions {
  /** The node's data directory: contract code is kept in it. */
  readonly directory: string
  readonly crypto: CryptoProvider
  /** Threads that verify proofs beforehand; as many as there are cores for, unless told otherwise. */
  readonly proofs?: Proofs
}

/** Loads what runs contracts, and gives the rules. */
export async function organisationRules({
  directory,
  crypto,
  proofs: pool = proofThreads(),
}: OrganisationOptions): Promise<NodeRules> {
  const { sha256 } = crypto
  const sandbox = await loadSandbox({ sha256 })
  const identityCrypto = { sha256, ristretto: ristrettoEngine() }
  const identity = identityVerifier(identityCrypto)
  const codes = new ContractCodes(join(directory, 'contracts'), sha256)
  const executor = contracts({ sha256, signatures: crypto.ed25519, identity, code: { sandbox, codes } })
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
        // A node runs one configuration from its start to its end: seats that are decided wait.
        committee: 'fixed',
      })
      machine = prepared.machine
      checks = prepared.checks
      const recorded = recordedMachine(withCodes(machine, codes), operationForm(crypto), sha256)
      return { ...recorded, prepare: prepared.prepare }
    },
    counts: () => ({ known: 0, computed: 0, ...checks?.verifier.counts }),
    stop: () => pool?.stop(),
    routes: (app, context) => {
      if (machine === undefined) throw new Error('the machine is made before its routes')
      organisationRoutes(app, context, {
        machine,
        describe: (program, language) => executor.describe(program, language),
      })
    },
  }
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
