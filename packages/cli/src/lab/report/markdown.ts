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

/** What a table of a page is made of. */
export interface MarkdownTable extends Pick<Table, 'head' | 'rows'> {
  /** All columns are text; else the first one is, and the others are numbers. */
  readonly ofText?: boolean
}

/** One table. */
export const markdownTable = ({ head, rows, ofText = false }: MarkdownTable): string =>
  [row(head), row(head.map((_, at) => (ofText || at === 0 ? '---' : '--:'))), ...rows.map(row)].join('\n')

const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`

/** Text that stays within its cell, whatever it says. */
const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ')
