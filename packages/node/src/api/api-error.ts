/** Why a request is not served: a status, a stable rule, words for people, and the field to blame where there is one. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly rule: string
  readonly field: string | undefined

  constructor(status: number, rule: string, message: string, field?: string) {
    super(message)
    this.status = status
    this.rule = rule
    this.field = field
  }
}

/** The body of every answer that is no success. */
export interface ErrorJson {
  readonly error: { readonly rule: string; readonly message: string; readonly field?: string }
}

/** An error as callers see it. What is not meant for them stays here. */
export function errorJson({ rule, message, field }: Pick<ApiError, 'rule' | 'message' | 'field'>): ErrorJson {
  return { error: { rule, message, ...(field === undefined ? {} : { field }) } }
}
