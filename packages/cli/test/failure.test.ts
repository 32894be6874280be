import { MissingModule } from '@mc/contracts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CommandError, FAILED, NEEDS_SOFTWARE, reporting } from '../src/terminal/failure.js'

let said = ''
const before = process.exitCode

beforeEach(() => {
  said = ''
  const hear = (text: string | Uint8Array): boolean => {
    said += text
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(hear as never)
  vi.spyOn(process.stderr, 'write').mockImplementation(hear as never)
})

afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = before
})

const codeOf = async (error: Error, json = false): Promise<unknown> => {
  await reporting(json, async () => {
    throw error
  })
  return process.exitCode
}

test('a node without what its organisation runs ends with an exit code of its own, and says what to do', async () => {
  expect(await codeOf(new MissingModule('consensus', Uint8Array.of(1, 2)))).toBe(NEEDS_SOFTWARE)
  expect(said).toBe(
    'mc: the organisation runs the module "consensus" with the manifest 0102 now, and this software does not have it: ' +
      'install a version that does, and start the node again; it goes on where it stopped\n',
  )
})

test('programs read the rule', async () => {
  await codeOf(new MissingModule('contracts', Uint8Array.of(1)), true)
  expect(JSON.parse(said)).toMatchObject({ error: { rule: 'contracts/missing-module' } })
})

test('other failures keep their codes', async () => {
  expect(await codeOf(new Error('the disk is full'))).toBe(FAILED)
  expect(await codeOf(new CommandError('node/failed', 'no', { exitCode: FAILED }))).toBe(FAILED)
  expect(await codeOf(new CommandError('usage/what', 'no'))).toBe(2)
})
