/**
 * `mc key`: keys of members and of authors.
 */
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { hex } from '@mc/protocol/wire'
import { Command } from 'commander'
import { readKey, writeNewKey } from '../client/key-file.js'
import { reporting } from '../terminal/failure.js'
import { answer } from '../terminal/table.js'

const TEXTS = {
  make: 'make a secret key; its public key is printed',
  show: 'print the public key of a secret key',
  help: `
A key is 32 random bytes in hexadecimal, in a file that only you can read. The public key is who you are: as a member of a
network, or as the author of operations.

Examples:
  mc key new my.key
  mc key show my.key --json
`,
}

/** The command. */
export function keyCommand(): Command {
  const command = new Command('key').addHelpText('after', TEXTS.help)
  command
    .command('new <file>')
    .description(TEXTS.make)
    .option('--json', 'print one JSON object')
    .addHelpText('after', TEXTS.help)
    .action((file: string, { json }) => reporting(json, async () => tell(json, await writeNewKey(file))))
  command
    .command('show <file>')
    .description(TEXTS.show)
    .option('--json', 'print one JSON object')
    .addHelpText('after', TEXTS.help)
    .action((file: string, { json }) =>
      reporting(json, async () => tell(json, hex(crypto.ed25519.publicKey(await readKey(file))))),
    )
  return command
}

const tell = (json: boolean | undefined, publicKey: string): void =>
  answer(json, { publicKey }, `${publicKey}\n`)
