/** Which rules a node can run besides keeping records. They are loaded only where a genesis names them. */
import { nodeCrypto as crypto } from '@mc/crypto/node'
import type { NodeRules } from '@mc/node'
import { readDataDirectory } from '@mc/node/client'
import { CommandError } from '../terminal/failure.js'

/** The rules that a genesis names, for the node in this directory. @throws CommandError if there are none of that name. */
export async function rulesNamed(name: string, directory: string): Promise<NodeRules> {
  const { KEY_RULES, keyRules } = await import('@mc/node/keys')
  if (name === KEY_RULES) {
    const { genesis, secretKey } = await readDataDirectory(directory)
    return keyRules({ directory, secretKey, genesis, crypto })
  }
  const [{ TOPICS_RULES }, { organisationRules }] = await Promise.all([
    import('@mc/topics'),
    import('@mc/node/organisation'),
  ])
  if (name === TOPICS_RULES) {
    const [{ secretKey }, { KEYLESS }] = await Promise.all([
      readDataDirectory(directory),
      import('../suites.js'),
    ])
    return organisationRules({ directory, crypto, secretKey, suites: Object.keys(KEYLESS) })
  }
  throw new CommandError(
    'genesis/unknown-rules',
    `the genesis asks for the rules "${name}"; this program has "${TOPICS_RULES}" and "${KEY_RULES}"`,
    { field: 'rules.machine' },
  )
}
