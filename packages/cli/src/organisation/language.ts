/** In which language people are spoken to. */
/** The languages there are. */
export const LANGUAGES = ['en', 'zh'] as const

/** One of the languages there are. */
export type Language = (typeof LANGUAGES)[number]

/**
 * The language of `--lang`, else that of LC_ALL, LC_MESSAGES or LANG, else English.
 *
 * Help is written before options are read, so this looks at the arguments as they came. Another language than those there are is
 * refused when the option itself is read.
 */
export function languageOf(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Language {
  const at = args.findLastIndex(arg => arg === '--lang' || arg.startsWith('--lang='))
  const asked = args[at]?.startsWith('--lang=') ? args[at].slice('--lang='.length) : args[at + 1]
  const found = at < 0 ? undefined : LANGUAGES.find(one => one === asked)
  if (found !== undefined) return found
  const { LC_ALL, LC_MESSAGES, LANG } = environment
  const locale = [LC_ALL, LC_MESSAGES, LANG].find(one => one !== undefined && one !== '')
  return locale?.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

/** The language of this process. */
export const languageHere = (): Language => languageOf(process.argv, process.env)

/** A text with values in its places `{name}`. A place without a value stays as it is. */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place))
