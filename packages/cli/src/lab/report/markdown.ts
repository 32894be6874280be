/**
 * A report as Markdown: tables, and pictures by their files.
 */
import type { Report, Table } from './report.js'

/** The page; `figures/ID.svg` must stand beside it. */
export const markdownPage = ({ title, facts, figures, tables }: Report): string =>
  [
    `# ${title}`,
    facts.map(fact => `- ${cell(fact)}`).join('\n'),
    ...figures.map(({ id, meaning }) => `## ${id}\n\n${meaning}\n\n![${id}](figures/${id}.svg)`),
    ...tables.map(table => `## ${table.id}: ${table.title}\n\n${table.meaning}\n\n${markdownTable(table)}`),
    '',
  ].join('\n\n')

/** One table; the first column is text, the others are numbers. */
export const markdownTable = ({ head, rows }: Pick<Table, 'head' | 'rows'>): string =>
  [row(head), row(head.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(row)].join('\n')

const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`

/** Text that stays within its cell, whatever it says. */
const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ')
