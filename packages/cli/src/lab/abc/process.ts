/**
 * A process of its own for one measured cell, so that memory and processor time are its alone.
 */
import { localRunner } from '../run/pool.js'
import type { AbcCell } from './cell.js'
import { runAbcCell } from './run-cell.js'
import type { LabSystem } from './systems.js'

const runner = localRunner(({ cell, system }: { readonly cell: AbcCell; readonly system: LabSystem }) =>
  runAbcCell(cell, system),
)

process.on('message', (job: { readonly cell: AbcCell; readonly system: LabSystem }) => {
  void runner.run(job).then(outcome => process.send?.(outcome, () => process.exit(0)))
})

process.on('disconnect', () => process.exit(1))
