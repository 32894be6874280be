/** What a member's process tells whoever started it. */
export type FromMember =
  | { readonly type: 'ready'; readonly url: string }
  | {
      readonly type: 'failed'
      readonly rule: string
      readonly message: string
      readonly field: string | undefined
    }

/** What it is told. */
export interface ToMember {
  readonly type: 'stop'
}
