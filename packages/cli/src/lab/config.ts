/**
 * A stranger's module: variants of somebody else, measured beside ours.
 */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CommandError } from '../terminal/failure.js'
import type { LabConfig, Variant } from './variant.js'

/**
 * Loads a module that exports `variants`, by name or in its default export: a list of `{ name, make }`.
 *
 * @throws CommandError that says what is wrong with it.
 */
export async function loadConfig(path: string): Promise<LabConfig> {
  const module = await imported(path)
  const exported = (module['default'] ?? module) as { readonly variants?: unknown }
  const variants = exported.variants ?? module['variants']
  if (!Array.isArray(variants) || variants.length === 0) {
    throw wrong(path, 'it exports no list of variants; write: export default { variants: [{ name, make }] }')
  }
  for (const [at, variant] of variants.entries()) checkVariant(path, variant, at)
  return { variants }
}

async function imported(path: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(resolve(path)).href)
  } catch (error) {
    throw wrong(
      path,
      (error instanceof Error ? error.message : String(error)).replace(/ imported from .*/s, ''),
    )
  }
}

function checkVariant(path: string, variant: Partial<Variant> | undefined, at: number): void {
  const { name, make } = variant ?? {}
  if (typeof name !== 'string' || !/^[a-z0-9]+([-/][a-z0-9]+)*$/.test(name)) {
    throw wrong(path, `variants[${at}].name: need a name in kebab case, got ${JSON.stringify(name)}`)
  }
  if (typeof make !== 'function') {
    throw wrong(path, `variants[${at}].make (${name}): need a function that returns an Aba or a Raba`)
  }
}

const wrong = (path: string, what: string): CommandError =>
  new CommandError('usage/config', `--config ${path}: ${what}`, { field: 'config' })
