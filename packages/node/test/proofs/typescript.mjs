/** Hooks that let a thread of Node run the sources. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import typescript from 'typescript'

export async function resolve(specifier, context, next) {
  const isSource = specifier.startsWith('.') && context.parentURL?.endsWith('.ts')
  const conditions = ['@mc/source', ...context.conditions]
  return next(isSource ? specifier.replace(/\.js$/, '.ts') : specifier, { ...context, conditions })
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context)
  const text = await readFile(fileURLToPath(url), 'utf8')
  const { outputText } = typescript.transpileModule(text, {
    compilerOptions: { target: 'es2022', module: 'esnext', verbatimModuleSyntax: true },
  })
  return { format: 'module', source: outputText, shortCircuit: true }
}
