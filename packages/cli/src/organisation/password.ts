/** The password of a keystore: from a file, from the environment, or typed where nobody sees it. */
import { readFile } from 'node:fs/promises'
import { CommandError, INTERRUPTED } from '../terminal/failure.js'

/** Where a password comes from. */
export interface PasswordFlags {
  readonly passwordFile?: string
}

/**
 * Asks for a password; a new one twice.
 *
 * @throws CommandError `usage/password` if there is nobody to ask.
 */
export async function passwordFrom(
  { passwordFile }: PasswordFlags,
  ask: { readonly question: string; readonly again?: string },
): Promise<string> {
  const given = passwordFile === undefined ? process.env['MC_PASSWORD'] : await inFile(passwordFile)
  if (given !== undefined && given !== '') return given
  if (!process.stdin.isTTY) {
    const text = 'no password: give --password-file, set MC_PASSWORD, or run this on a terminal'
    throw new CommandError('usage/password', text, { field: 'password-file' })
  }
  const typed = await typedInSecret(ask.question)
  if (ask.again !== undefined && (await typedInSecret(ask.again)) !== typed)
    throw new CommandError('usage/password', 'the two passwords differ', { field: 'password-file' })
  if (typed === '') throw new CommandError('usage/password', 'an empty password protects nothing')
  return typed
}

async function inFile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(error => {
    throw new CommandError('usage/password', `${path} cannot be read: ${error.message}`, {
      field: 'password-file',
    })
  })
  const [line = ''] = text.split(/\r?\n/)
  if (line === '')
    throw new CommandError('usage/password', `${path}: its first line is the password, and is empty`, {
      field: 'password-file',
    })
  return line
}

/** One line from the terminal, without an echo. */
function typedInSecret(question: string): Promise<string> {
  const { stdin, stderr } = process
  // Whoever sees the question may type: by then nothing is echoed.
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  stdin.resume()
  stderr.write(question)
  return new Promise((resolve, reject) => {
    let typed = ''
    const end = (): void => {
      stdin.off('data', hear)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
    }
    const hear = (text: string): void => {
      for (const character of text) {
        if (character === '\r' || character === '\n') {
          end()
          return resolve(typed)
        }
        if (character === '\u0003' || character === '\u0004') {
          end()
          return reject(new CommandError('interrupted', 'no password was given', { exitCode: INTERRUPTED }))
        }
        typed = character === '\u007f' ? [...typed].slice(0, -1).join('') : typed + character
      }
    }
    stdin.on('data', hear)
  })
}
