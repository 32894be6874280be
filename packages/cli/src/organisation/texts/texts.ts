/** What people read, in their language. */
import { type Language, languageHere } from '../language.js'
import { EN } from './en.js'
import { ZH } from './zh.js'

/** The texts of one language. */
export type Texts = typeof EN

/** The texts of a language. */
export const textsIn = (language: Language): Texts => (language === 'zh' ? ZH : EN)

/** The texts of this process's language. */
export const textsHere = (): Texts => textsIn(languageHere())
