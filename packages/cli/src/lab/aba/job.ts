/**
 * What a thread is told to do, and how it does it.
 */
import { type Bit, faultsTolerated } from '@mc/protocol'
import { loadConfig } from '../config.js'
import type { Variant } from '../variant.js'
import type { AbaCell, AbaFigures } from './cell.js'
import { countGoodCase, type GoodCaseRow } from './good-case.js'
import { runAbaCell } from './run-cell.js'
import { VARIANTS } from './variants.js'

/** A cell to run, or a good case to count; `config` is the path of a stranger's module. */
export type AbaJob = { readonly config?: string } & (
  | { readonly cell: AbaCell }
  | { readonly goodCase: { readonly variant: string; readonly n: number; readonly bit: Bit } }
)

/** Does it. @throws whatever a stranger's variant throws. */
export async function runAbaJob(job: AbaJob): Promise<AbaFigures | GoodCaseRow> {
  if ('cell' in job) return runAbaCell(job.cell, await variantNamed(job.cell.variant, job.config))
  const { variant, n, bit } = job.goodCase
  if (faultsTolerated(n) < 1) throw new RangeError(`lab: ${n} members tolerate no fault`)
  return countGoodCase(await variantNamed(variant, job.config), n, bit)
}

/** All variants there are: ours, and those of a stranger's module. @throws as `loadConfig`. */
export async function variantsOf(config: string | undefined): Promise<readonly Variant[]> {
  if (config === undefined) return VARIANTS
  const foreign = (await loadConfig(config)).variants
  const names = new Set(foreign.map(({ name }) => name))
  return [...foreign, ...VARIANTS.filter(({ name }) => !names.has(name))]
}

async function variantNamed(name: string, config: string | undefined): Promise<Variant> {
  const found = (await variantsOf(config)).find(variant => variant.name === name)
  if (found === undefined) throw new RangeError(`lab: no variant "${name}"`)
  return found
}
