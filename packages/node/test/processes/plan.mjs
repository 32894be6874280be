/** What every process of one test network knows: genesis, keys, ports. */
import { nodeCrypto as crypto } from '@mc/crypto/node'

export const OPERATION_BYTES = 256

/** Operations in one proposal at most. */
export const PROPOSAL_OPERATIONS = 500

/** The secret key of a member. Tests only: anybody can compute it. */
export const secretKeyOf = index => new Uint8Array(32).fill(index + 1)

export function genesisOf(ports) {
  const members = ports.map((port, index) => ({
    name: `member ${index}`,
    publicKey: crypto.ed25519.publicKey(secretKeyOf(index)),
    addresses: [`/ip4/127.0.0.1/tcp/${port}`],
  }))
  return {
    name: 'processes',
    time: 0,
    configuration: { index: 0, firstEpoch: 0, suite: 'waterbear-qs-q', depth: 1, members },
  }
}

export const listenOf = port => [`/ip4/127.0.0.1/tcp/${port}`]
