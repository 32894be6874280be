/**
 * Tutorials show files of an example, whole: a block whose fence names a file, as ```js my-raba.mjs, is that file, to the letter.
 * The page names the folder in its first comment: <!-- files: examples/your-own-aba -->.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { filesBelow } from './workspace.mjs'

const fenced = /^```(?:js|json|ts) (\S+)\n([\s\S]*?)^```$/gm

const folderOf = page => /^<!-- files: (\S+) -->$/m.exec(page)?.[1]

const pages = root =>
  filesBelow(join(root, 'docs/tutorials'), '.md').map(path => ({ path, text: readFileSync(path, 'utf8') }))

/** Complaints about blocks that differ from their files, each 'page: text'. */
export function checkTutorials(root) {
  return pages(root).flatMap(({ path, text }) => {
    const folder = folderOf(text)
    const at = relative(root, path)
    if (folder === undefined) return fenced.test(text) ? [`${at}: names files, but no folder`] : []
    return [...text.matchAll(fenced)].flatMap(([, name, code]) => {
      const file = join(root, folder, name)
      if (!existsSync(file)) return [`${at}: there is no ${folder}/${name}`]
      return readFileSync(file, 'utf8') === code ? [] : [`${at}: ${name} is not what ${folder}/${name} holds`]
    })
  })
}

/** Puts the files into the pages. */
export function writeTutorials(root) {
  for (const { path, text } of pages(root)) {
    const folder = folderOf(text)
    if (folder === undefined) continue
    const filled = text.replace(fenced, (block, name) => {
      const file = join(root, folder, name)
      const [fence] = block.split('\n')
      return existsSync(file) ? `${fence}\n${readFileSync(file, 'utf8')}\`\`\`` : block
    })
    if (filled !== text) writeFileSync(path, filled)
  }
}
