/**
 * Compiles assembly/ristretto.ts and writes its bytes, as base64, into src/ristretto/kernel.generated.ts.
 * Does nothing where that file was made of the same source, options and compiler, so it may be called before anything else.
 *
 *   node packages/crypto/scripts/generate-kernel.mjs
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('..', import.meta.url))
const source = 'assembly/ristretto.ts'
const target = `${folder}src/ristretto/kernel.generated.ts`
const options = [
  '-O3',
  '--converge',
  '--runtime',
  'stub',
  '--noAssert',
  '--enable',
  'bulk-memory',
  '--importMemory',
]

const { version } = createRequire(import.meta.url)('assemblyscript/package.json')
const madeOf = createHash('sha256')
  .update(JSON.stringify([version, options, readFileSync(folder + source, 'utf8')]))
  .digest('hex')
const header = `// Made by scripts/generate-kernel.mjs of ${madeOf}.`

if (!existsSync(target) || !readFileSync(target, 'utf8').startsWith(header)) await generate()

async function generate() {
  const { default: asc } = await import('assemblyscript/asc')
  let bytes
  const { error, stderr } = await asc.main(
    [source, '--baseDir', folder, '--outFile', 'kernel.wasm', ...options],
    {
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) bytes = contents
      },
    },
  )
  if (error || !bytes) throw new Error(`asc refused ${source}\n${stderr}`, { cause: error })
  // Written beside and renamed: whoever reads meanwhile sees the whole file or none.
  const partial = `${target}.${process.pid}`
  writeFileSync(
    partial,
    `${header}\n/** The compiled kernel, base64. */\nexport const KERNEL: string =\n  '${Buffer.from(bytes).toString('base64')}'\n`,
  )
  renameSync(partial, target)
}
