/** Checks relative links between pages: the file exists, and so does the heading. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { filesBelow } from './workspace.mjs'

const withoutCode = text => text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '``')

/** The anchor that GitHub gives a heading. */
export const anchorOf = heading =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-')

const anchorsOf = path =>
  readFileSync(path, 'utf8')
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .split('\n')
    .filter(line => /^#+ /.test(line))
    .map(line => anchorOf(line.replace(/^#+ /, '')))

function complaintAbout(root, page, target) {
  const [path, anchor] = target.split('#')
  const file = path === '' ? page : resolve(dirname(page), decodeURI(path))
  if (!existsSync(file)) return `the link to ${target} leads nowhere`
  if (relative(root, file).startsWith('..')) return `the link to ${target} leaves the repository`
  if (!anchor || statSync(file).isDirectory() || !file.endsWith('.md')) return undefined
  return anchorsOf(file).includes(anchor) ? undefined : `${target}: there is no such heading`
}

/** Complaints about the relative links of every page of the repository, each 'page: text'. */
export function checkLinks(root) {
  return filesBelow(root, '.md').flatMap(page => {
    const text = withoutCode(readFileSync(page, 'utf8'))
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(match => match[1])
    return targets
      .filter(target => !/^[a-z]+:/i.test(target))
      .map(target => complaintAbout(root, page, target))
      .filter(complaint => complaint !== undefined)
      .map(complaint => `${relative(root, page)}: ${complaint}`)
  })
}
