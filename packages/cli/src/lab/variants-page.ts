/**
 * The catalogue in words: for a terminal, and as a page of the documentation.
 */
import { NAMES, PARTS, type PartEntry, type PartRole, PRESETS, type PresetEntry } from '@mc/presets'
import { VARIANTS } from './aba/variants.js'
import { markdownTable } from './report/markdown.js'

/** All of it as data: what `mc variants --json` prints. */
export const catalogue = (): {
  readonly parts: readonly PartEntry[]
  readonly presets: readonly PresetEntry[]
  readonly agreements: readonly { readonly name: string; readonly note: string }[]
} => ({
  parts: PARTS,
  presets: PRESETS,
  agreements: VARIANTS.map(({ name, note = '' }) => ({ name, note })),
})

/** Headings; a role that is newer than this list stands under its own name. */
const ROLES: Readonly<Partial<Record<PartRole, string>>> = {
  acs: 'Common subsets',
  rbc: 'Reliable broadcasts',
  dispersal: 'Dispersals',
  commitment: 'Commitments to fragments',
  aba: 'Binary agreements',
  raba: 'Reproposable binary agreements',
  coin: 'Coins',
  election: 'Elections',
  mvba: 'Validated agreements',
  gather: 'Gathers',
  encryption: 'Encryption',
}

const rolesThereAre = (): readonly PartRole[] => [...new Set(PARTS.map(({ role }) => role))]

/** Names, and what decides between them, for a terminal. */
export function variantsText(): string {
  const head = ['name', 'status', 'set-up', 'steps', 'messages']
  const rows = PARTS.map(({ name, status, setUp, steps, messages }) => [name, status, setUp, steps, messages])
  const systems = PRESETS.map(({ name, status, setUp, family, steps }) => [
    name,
    status,
    setUp,
    family,
    steps,
  ])
  return [
    'Systems',
    ...leftAligned([head, ...systems]),
    '',
    'Parts',
    ...leftAligned([head, ...rows]),
    '',
    'Agreements of mc bench aba',
    ...leftAligned(VARIANTS.map(({ name, note = '' }) => [name, note])),
    '',
  ].join('\n')
}

const leftAligned = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map(row => (row[at] ?? '').length)))
  return rows.map(row => `  ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd())
}

/** One part or system in full; undefined if there is none of this name. */
export function variantText(name: string): string | undefined {
  const found = [...PRESETS, ...PARTS].find(entry => entry.name === name)
  if (found === undefined) return undefined
  return leftAligned(Object.entries(found).map(([key, value]) => [key, told(value)]))
    .map(line => `${line.trimStart()}\n`)
    .join('')
}

const told = (value: unknown): string =>
  Array.isArray(value)
    ? value.join('; ')
    : typeof value === 'object' && value !== null
      ? Object.values(value).join(', ')
      : String(value)

/** The page `docs/variants.md`; a script writes it, and the check of documents compares. */
export const variantsPage = (): string =>
  [
    '# Variants',
    'Written by `node scripts/check-docs.mjs --write` from the catalogue of `@mc/presets`; `mc variants` prints the same. ' +
      'Messages are those of all members together, copies to oneself included. “As its parts”: it adds nothing of its own.',
    '## Systems',
    systemTable(PRESETS),
    ...PRESETS.flatMap(system => [`### ${system.name}`, systemText(system)]),
    '## What fits where',
    'Names that a composition takes at each place; what does not fit is refused with a sentence.',
    markdownTable({
      ofText: true,
      head: ['place', 'parts'],
      rows: Object.entries(NAMES).map(([place, names]) => [place, names.map(code).join(' ')]),
    }),
    ...rolesThereAre().flatMap(role => [`## ${ROLES[role] ?? role}`, partTable(role), ...notes(role)]),
    '## Agreements of `mc bench aba`',
    'The binary agreements above, and weaker or older forms of them that no suite takes.',
    markdownTable({
      ofText: true,
      head: ['name', 'what it is'],
      rows: VARIANTS.map(({ name, note = '' }) => [code(name), note]),
    }),
    '',
  ].join('\n\n')

const systemTable = (systems: readonly PresetEntry[]): string =>
  markdownTable({
    ofText: true,
    head: ['system', 'parts', 'status', 'set-up', 'adaptive', 'quantum-safe', 'steps', 'messages', 'slots'],
    rows: systems.map(({ name, parts, status, setUp, adaptive, quantum, steps, messages, slots }) => [
      code(name),
      Object.values(parts).map(code).join(' '),
      status,
      setUp,
      yesOrNo(adaptive),
      yesOrNo(quantum),
      steps,
      messages,
      slots,
    ]),
  })

const systemText = ({ title, paper, family, factory, bytes, deviates, attackedBy }: PresetEntry): string =>
  [
    `${title} ${paper}. \`${factory}\`; family: ${family}; bytes: ${bytes}.`,
    ...(deviates.length > 0 ? [`Deviations: ${deviates.join('; ')}.`] : []),
    `Tested against: ${attackedBy.join(', ')}.`,
  ].join('\n\n')

const partTable = (role: PartRole): string =>
  markdownTable({
    ofText: true,
    head: [
      'part',
      'factory',
      'status',
      'set-up',
      'adaptive',
      'quantum-safe',
      'steps',
      'messages',
      'bytes',
      'wire',
    ],
    rows: PARTS.filter(part => part.role === role).map(
      ({ name, factory, from, status, setUp, adaptive, quantum, steps, messages, bytes, wireVersion }) => [
        code(name),
        `${code(factory)} of ${code(from)}`,
        status,
        setUp,
        adaptive,
        quantum,
        steps,
        messages,
        bytes,
        String(wireVersion),
      ],
    ),
  })

const notes = (role: PartRole): readonly string[] => [
  PARTS.filter(part => part.role === role)
    .map(
      ({ name, title, paper, deviates, attackedBy }) =>
        `- ${code(name)}: ${title} ${paper}.${deviates === undefined ? '' : ` Deviates: ${deviates}.`}` +
        `${attackedBy.length === 0 ? '' : ` Tested against: ${attackedBy.join(', ')}.`}`,
    )
    .join('\n'),
]

const code = (text: string): string => `\`${text}\``

const yesOrNo = (value: boolean): string => (value ? 'yes' : 'no')
