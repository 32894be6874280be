/**
 * The broadcast that carries votes in tests: Bracha's, over the platform's hash.
 */
import { nodeCrypto } from '@mc/crypto/node'
import { type BrachaMessage, brachaRbc, type Rbc } from '@mc/rbc'

export const voteRbc: Rbc<BrachaMessage> = brachaRbc({ sha256: nodeCrypto.sha256, payloadBytesMax: 1 })
