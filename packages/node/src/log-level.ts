/** Levels of the log, from silent to everything. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const

/** A level of the log. */
export type LogLevel = (typeof LOG_LEVELS)[number]
