/**
 * Being stopped by somebody, and saying how a run was asked for.
 */

/** Whether somebody wants a run to end; the first time it ends well, the second time at once. */
export function onInterrupt(): { readonly isOver: () => boolean; readonly end: () => void } {
  let isOver = false
  const stop = (): void => {
    if (isOver) process.exit(130)
    isOver = true
    process.stderr.write('\nmc: ending after the cells that run now; the same command goes on later\n')
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return {
    isOver: () => isOver,
    end: () => {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
    },
  }
}

/** The command as it was typed, for whoever wants the same again. */
export const commandLine = (): string => ['mc', ...process.argv.slice(2).map(quoted)].join(' ')

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
