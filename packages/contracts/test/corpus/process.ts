/** The corpus in a process of its own: prints the digest of its receipts. */
import { loadSandbox } from '@mc/contracts/quickjs'
import { nodeCrypto } from '@mc/crypto/node'
import { corpusDigest, runCorpus } from './receipts.js'

const { sha256 } = nodeCrypto
const receipts = runCorpus(await loadSandbox({ sha256 }))
process.stdout.write(corpusDigest(receipts, sha256))
