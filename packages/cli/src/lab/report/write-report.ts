/**
 * Puts a report into a folder.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { htmlPage } from './html.js'
import { markdownPage } from './markdown.js'
import type { Report } from './report.js'

/** Writes `report.html`, `tables.md`, `figures/*.svg` and `command.txt`; figures of a report before are removed. */
export function writeReport(folder: string, report: Report, command: string): void {
  const figures = join(folder, 'figures')
  rmSync(figures, { recursive: true, force: true })
  mkdirSync(figures, { recursive: true })
  for (const { id, svg } of report.figures) writeFileSync(join(figures, `${id}.svg`), `${svg}\n`)
  writeFileSync(join(folder, 'tables.md'), markdownPage(report))
  writeFileSync(join(folder, 'report.html'), htmlPage(report))
  writeFileSync(join(folder, 'command.txt'), `${command}\n`)
}
