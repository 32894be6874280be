import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkTutorials, writeTutorials } from '../tutorials.mjs'
import { write } from '../workspace.mjs'

const page = (code, folder = '<!-- files: examples/one -->') =>
  `# One\n\n${folder}\n\n\`\`\`js a.mjs\n${code}\`\`\`\n`

test('a tutorial shows files as they are; what differs, or is not there, is told', () => {
  const root = mkdtempSync(join(tmpdir(), 'tutorials-'))
  try {
    write(join(root, 'examples/one'), 'a.mjs', 'export const a = 1\n')
    const tutorials = join(root, 'docs/tutorials')
    write(tutorials, 'one.md', page('export const a = 1\n'))
    expect(checkTutorials(root)).toEqual([])
    write(tutorials, 'one.md', page('export const a = 2\n'))
    expect(checkTutorials(root)).toEqual([
      'docs/tutorials/one.md: a.mjs is not what examples/one/a.mjs holds',
    ])
    writeTutorials(root)
    expect(checkTutorials(root)).toEqual([])
    write(tutorials, 'one.md', page('export const a = 1\n').replace('js a.mjs', 'js b.mjs'))
    expect(checkTutorials(root)).toEqual(['docs/tutorials/one.md: there is no examples/one/b.mjs'])
    write(tutorials, 'one.md', page('export const a = 1\n', ''))
    expect(checkTutorials(root)).toEqual(['docs/tutorials/one.md: names files, but no folder'])
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})
