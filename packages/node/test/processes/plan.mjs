/** What every process of one test network knows: genesis, keys, ports. */
import { nodeCrypto as crypto } from '@mc/crypto/node'

export const OPERATION_BYTES = 256

/** Operations in one proposal at most. */
export const PROPOSAL_OPERATIONS = 500

/** The secret key of a member. Tests only: anybody can compute it. */
export const secretKeyOf = index => new Uint8Array(32).fill(index + 1)

/** A member of a configuration. */
export const memberOf = (ports, index) => ({
  name: `member ${index}`,
  publicKey: crypto.ed25519.publicKey(secretKeyOf(index)),
  addresses: [`/ip4/127.0.0.1/tcp/${ports[index]}`],
})

/** The genesis: its members are the first `n` of those who have a port. */
export function genesisOf(ports, n = ports.length) {
  const members = ports.slice(0, n).map((_, index) => memberOf(ports, index))
  return {
    name: 'processes',
    time: 0,
    configuration: { index: 0, firstEpoch: 0, suite: 'waterbear-qs-q', depth: 1, members },
  }
}

/** An operation that changes the configuration when it is agreed on. */
export const changeTo = change => `change ${JSON.stringify(change)}`

/** The change that an operation asks for, if it does. */
export function changeIn(bytes) {
  const text = Buffer.from(bytes).toString()
  return text.startsWith('change ') ? JSON.parse(text.slice('change '.length)) : undefined
}

export const listenOf = port => [`/ip4/127.0.0.1/tcp/${port}`]
