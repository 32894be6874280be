/** What is wrong with a data directory. */
export type DirectoryRule =
  | 'directory/exists'
  | 'directory/no-node'
  | 'directory/unreadable'
  | 'directory/malformed'
  | 'directory/secret-is-open'
  | 'directory/in-use'

/** A data directory that cannot be used, and how to mend it. */
export class DirectoryError extends Error {
  override readonly name = 'DirectoryError'
  readonly rule: DirectoryRule
  /** The field of a file, where one is to blame. */
  readonly field: string | undefined

  constructor(
    rule: DirectoryRule,
    message: string,
    { field, cause }: { readonly field?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.rule = rule
    this.field = field
  }
}
