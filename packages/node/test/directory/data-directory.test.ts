import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import type { Genesis } from '@mc/ledger'
import {
  createDataDirectory,
  DirectoryLock,
  findFreePorts,
  isPortFree,
  NodeService,
  nodeSettingsFromJson,
  nodeSuite,
  PortTakenError,
  readDataDirectory,
  writeSettings,
} from '@mc/node'
import { waterbearQsQ } from '@mc/presets'
import { afterEach, beforeEach, expect, test } from 'vitest'

const secretKey = crypto.sha256(new Uint8Array([7]))
const member = {
  name: 'a',
  publicKey: crypto.ed25519.publicKey(secretKey),
  addresses: ['/ip4/127.0.0.1/tcp/4001'],
}
const genesis: Genesis = {
  name: 'test',
  time: 5,
  configuration: { index: 0, firstEpoch: 0, suite: 'waterbear-qs-q', depth: 1, members: [member] },
}
const settings = {
  name: 'a',
  listen: ['/ip4/127.0.0.1/tcp/4001'],
  api: { host: '127.0.0.1', port: 4101 },
}

let path = ''
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'mc-directory-')), 'node')
})
afterEach(() => rm(join(path, '..'), { recursive: true, force: true }))

const create = () => createDataDirectory({ path, settings, genesis, secretKey, crypto })
const ruled = (rule: string, field?: string) =>
  expect.objectContaining({ rule, ...(field === undefined ? {} : { field }) })

test('what is written is read again, and secrets are for the owner only', async () => {
  await create()
  const read = await readDataDirectory(path)
  expect(read).toMatchObject({ path, settings, genesis })
  expect(read.secretKey).toEqual(secretKey)
  expect(read.apiToken).toMatch(/^[0-9a-f]{64}$/)
  for (const name of ['key', 'api-token'])
    expect((await stat(join(path, name))).mode & 0o777, name).toBe(0o600)
  expect((await stat(path)).mode & 0o777).toBe(0o700)
})

test('a node is never overwritten, and its key and token stay', async () => {
  await create()
  const before = await readFile(join(path, 'key'), 'utf8')
  await expect(create()).rejects.toEqual(ruled('directory/exists'))
  expect(await readFile(join(path, 'key'), 'utf8')).toBe(before)
})

test('a directory without a node, and each file that is wrong, is named', async () => {
  await expect(readDataDirectory(path)).rejects.toEqual(ruled('directory/no-node'))
  await create()
  await chmod(join(path, 'key'), 0o644)
  await expect(readDataDirectory(path)).rejects.toEqual(ruled('directory/secret-is-open'))
  await chmod(join(path, 'key'), 0o600)
  await writeFile(join(path, 'api-token'), 'short')
  await expect(readDataDirectory(path)).rejects.toThrow('api-token: need 64 hexadecimal digits')
  await writeFile(join(path, 'genesis.json'), '{"name":"test","time":"x"}')
  await expect(readDataDirectory(path)).rejects.toEqual(ruled('directory/malformed', 'time'))
  await writeFile(join(path, 'node.json'), '{')
  await expect(readDataDirectory(path)).rejects.toEqual(ruled('directory/malformed'))
})

test.each([
  ['name', { name: '' }],
  ['listen', { listen: [] }],
  ['listen[0]', { listen: ['127.0.0.1:4001'] }],
  ['api', { api: undefined }],
  ['api.host', { api: { port: 1 } }],
  ['api.port', { api: { host: 'x', port: 65_536 } }],
])('settings with a wrong %s are refused by that name', (field, change) => {
  expect(nodeSettingsFromJson(settings)).toEqual(settings)
  const wrong = () => nodeSettingsFromJson({ ...settings, ...change })
  expect(wrong).toThrow(expect.objectContaining({ field }) as Error)
})

test('a directory has one process at a time; what a dead one left behind is cleared away', async () => {
  const lock = await DirectoryLock.take(path)
  await expect(DirectoryLock.take(path)).rejects.toThrow(`in use by process ${process.pid}`)
  await lock.release()
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise(resolve => child.once('exit', resolve))
  await writeFile(join(path, 'lock'), `${child.pid}\n`)
  const again = await DirectoryLock.take(path)
  await again.release()
  await writeFile(join(path, 'lock'), '')
  await (await DirectoryLock.take(path)).release()
})

test('a port that is taken is named with its place, and the directory is let go', async () => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await create()
  await writeSettings(path, {
    ...settings,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    api: { host: '127.0.0.1', port },
  })
  const start = () =>
    NodeService.start({
      directory: path,
      crypto,
      suiteNamed: () => parts => nodeSuite(waterbearQsQ(parts)),
      logLevel: 'silent',
      logFile: join(path, 'node.log'),
    })
  const refused = await start().catch(error => error)
  expect(refused).toBeInstanceOf(PortTakenError)
  expect(refused).toMatchObject({ rule: 'port/taken', port, field: 'api.port' })
  expect(refused.message).toContain(String(port))
  await new Promise(resolve => server.close(resolve))
  const service = await start()
  expect(service.api.port).toBe(port)
  await expect(start()).rejects.toEqual(ruled('directory/in-use'))
  await service.stop()
  expect(await readFile(join(path, 'node.log'), 'utf8')).not.toContain(
    (await readDataDirectory(path)).apiToken,
  )
})

test('free ports are all different, and free', async () => {
  const ports = await findFreePorts(8)
  expect(new Set(ports).size).toBe(8)
  for (const port of ports) expect(await isPortFree('127.0.0.1', port)).toBe(true)
})
