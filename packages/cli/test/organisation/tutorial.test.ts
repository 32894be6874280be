/** The tutorials of a first organisation, English and Chinese: their commands, in their order, as they stand on the pages. */
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { build, type Running, running } from '../mc.js'

const tutorials = fileURLToPath(new URL('../../../../docs/tutorials', import.meta.url))

beforeAll(async () => {
  process.env['MC_PASSWORD'] = 'a password for trying out'
  await build()
})

interface Line {
  readonly kind: 'run' | 'background'
  readonly text: string
}

/** The commands of a page: what is in a fence `sh`, line by line. */
function linesOf(page: string): readonly Line[] {
  return [...page.matchAll(/^```sh ?(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, name, block = '']) =>
    name === 'setup'
      ? []
      : block
          .trimEnd()
          .split('\n')
          .map((text): Line => ({ kind: name === 'background' ? 'background' : 'run', text })),
  )
}

/** The words of a line as a shell splits it; pages quote with double quotes only. */
const wordsOf = (text: string): readonly string[] =>
  [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')

/** People have minutes; this test has less. Keys that nobody keeps need no cost. */
const hurried = (text: string): string =>
  text
    .replaceAll('--meet 5m', '--meet 40s')
    .replaceAll('--publicity 1m', '--publicity 2s')
    .replace('--quick', '--quick --quick-keystores')

const waitsFor = (net: Running, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    net.child.stdout?.on('data', chunk => String(chunk).includes(text) && resolve())
    net.child.once('close', () => reject(new Error('the network ended')))
  })

test.each(['first-organisation.md', 'first-organisation.zh.md'])(
  '%s: every command works as it stands there',
  { timeout: 400_000 },
  async name => {
    const directory = await mkdtemp(join(tmpdir(), 'mc-tutorial-'))
    const page = await readFile(join(tutorials, name), 'utf8')
    await copyFile(join(tutorials, 'first-organisation/roof.json'), join(directory, 'roof.json'))
    let net: Running | undefined
    const ids: Record<'TOPIC' | 'PROPOSAL', string> = { TOPIC: '', PROPOSAL: '' }
    try {
      for (const { kind, text } of linesOf(page)) {
        const [program, ...args] = wordsOf(hurried(text))
        expect(program).toBe('mc')
        const given = args.map(arg => (arg === 'TOPIC' || arg === 'PROPOSAL' ? ids[arg] : arg))
        const command = running(given, '', directory)
        if (kind === 'background') {
          net = command
          await waitsFor(net, 'node-3')
          continue
        }
        const { code, out, err } = await command.ended
        expect(code, `${text}: ${err}`).toBe(0)
        const id = /\b[0-9a-f]{64}\b/.exec(out)?.[0] ?? ''
        if (args.slice(0, 2).join(' ') === 'topic new') ids.TOPIC = id.slice(0, 4)
        if (args[0] === 'propose' && ids.PROPOSAL === '') ids.PROPOSAL = id.slice(0, 8)
      }
      const { out } = await running(['topic', 'ls', '--state', 'executed', '--json'], '', directory).ended
      expect(JSON.parse(out).topics).toHaveLength(1)
    } finally {
      net?.child.kill('SIGTERM')
      await net?.ended
      await rm(directory, { recursive: true, force: true })
    }
  },
)

test('both languages show the same commands', async () => {
  const [english, chinese] = await Promise.all(
    ['first-organisation.md', 'first-organisation.zh.md'].map(async name =>
      linesOf(await readFile(join(tutorials, name), 'utf8')).map(({ text }) =>
        wordsOf(text)
          .filter(word => !/[^ -~]| /.test(word))
          .slice(0, 3)
          .join(' '),
      ),
    ),
  )
  const commands = (lines: readonly string[] = []): readonly string[] =>
    lines.map(line => line.split(' ').slice(0, 2).join(' '))
  expect(commands(chinese)).toEqual(commands(english))
  expect(commands(english).length).toBeGreaterThan(20)
})
