/** What people read, in their language. */
import { type Language, languageHere } from '../language.js'
import { EN } from './en.js'
import { FINDINGS_EN, FINDINGS_ZH } from './findings.js'
import { SPEAK_EN, SPEAK_ZH } from './speak.js'
import { ZH } from './zh.js'

/** The texts of one language. */
export type Texts = typeof EN & {
  readonly findings: typeof FINDINGS_EN
  readonly speak: typeof SPEAK_EN
}

const TEXTS: Readonly<Record<Language, Texts>> = {
  en: { ...EN, findings: FINDINGS_EN, speak: SPEAK_EN },
  zh: { ...ZH, findings: FINDINGS_ZH, speak: SPEAK_ZH },
}

/** The texts of a language. */
export const textsIn = (language: Language): Texts => TEXTS[language]

/** The texts of this process's language. */
export const textsHere = (): Texts => textsIn(languageHere())
