/**
 * Founding an organisation on this machine: a network whose rules are topics, with people and their seats.
 */
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { memberKey, newMemberSecret, provePossession } from '@mc/identity'
import type { Genesis, Member } from '@mc/ledger'
import { DecodeError } from '@mc/protocol/wire'
import { type Founder, type OrganisationGenesis, organisationGenesisCodec, TOPICS_RULES } from '@mc/topics'
import { type Founding, foundNetwork, type NetworkDirectory } from '../network/founding.js'
import { CommandError } from '../terminal/failure.js'
import { identityCrypto } from './identity-crypto.js'

/** What an organisation is founded with. */
export interface OrganisationFounding extends Omit<Founding, 'rules'> {
  /** What it begins with; the first founders get the seats of the nodes, in order. */
  readonly organisation: OrganisationGenesis
}

/** A new person: a secret, and what shows the founders that somebody has it. */
export interface NewPerson {
  readonly secretKey: Uint8Array
  readonly founder: Founder
}

/** 32 bytes that no other organisation has. */
export const newOrganisationId = (): Uint8Array => crypto.rng.bytes(32)

/** Makes a person of an organisation, or the same from a secret that there is already. */
export function newPerson(org: Uint8Array, secretKey: Uint8Array = newMemberSecret(crypto.rng)): NewPerson {
  const key = memberKey(secretKey, identityCrypto)
  return { secretKey, founder: { key, possession: provePossession(org, secretKey, identityCrypto) } }
}

/**
 * Makes the nodes and the genesis. A node that no founder has a seat for belongs to nobody, and leaves the consensus at a boundary.
 *
 * @throws CommandError if the organisation cannot begin like that, and as `foundNetwork`.
 */
export function foundOrganisation({
  organisation,
  ...network
}: OrganisationFounding): Promise<NetworkDirectory> {
  return foundNetwork({ ...network, rules: members => rulesOf(organisation, members) })
}

/** What a genesis says about its organisation. @throws CommandError if it has none. */
export function organisationIn({ name, rules }: Genesis): OrganisationGenesis {
  if (rules?.machine !== TOPICS_RULES) {
    const message = `"${name}" is a network without an organisation: found one with "mc org init"`
    throw new CommandError('genesis/no-organisation', message, { field: 'rules.machine' })
  }
  try {
    return organisationGenesisCodec.decode(rules.parameters)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw new CommandError('genesis/malformed', `the organisation: ${error.message}`, { field: 'rules' })
  }
}

function rulesOf(
  organisation: OrganisationGenesis,
  members: readonly Member[],
): NonNullable<Genesis['rules']> {
  const founders = organisation.founders.map((founder, at): Founder => {
    const member = members[at]
    if (founder.seat !== undefined || member === undefined) return founder
    const { publicKey, name, addresses } = member
    return { ...founder, seat: { publicKey, name, addresses } }
  })
  try {
    return {
      machine: TOPICS_RULES,
      parameters: organisationGenesisCodec.encode({ ...organisation, founders }),
    }
  } catch (error) {
    throw new CommandError('genesis/malformed', `the organisation: ${(error as Error).message}`, {
      field: 'rules',
    })
  }
}
