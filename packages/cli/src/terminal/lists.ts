/**
 * Lists in options: what is wrong is named, and what there is.
 */
import { InvalidArgumentError } from 'commander'

/** Reads `a,b` of the names there are, or `all`; the order is that of the names there are. */
export function namesOf<Name extends string>(there: readonly Name[]): (text: string) => readonly Name[] {
  return text => {
    if (text === 'all') return there
    const wanted = text.split(',').map(name => name.trim())
    const unknown = wanted.filter(name => !there.includes(name as Name))
    if (unknown.length > 0) {
      throw new InvalidArgumentError(
        `there is no ${unknown.map(name => `"${name}"`).join(', ')}; allowed: all, or some of ${there.join(',')}`,
      )
    }
    return there.filter(name => wanted.includes(name))
  }
}

/** Reads whole numbers from `least` to `most`, ascending, each once. */
export function numbersFrom(least: number, most: number): (text: string) => readonly number[] {
  return text => {
    const values = text.split(',').map(Number)
    const wrong = values.find(value => !Number.isSafeInteger(value) || value < least || value > most)
    if (wrong !== undefined)
      throw new InvalidArgumentError(`need whole numbers from ${least} to ${most}, with commas between`)
    return [...new Set(values)].sort((a, b) => a - b)
  }
}

/** Reads one whole number from `least` to `most`. */
export function numberFrom(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return text => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(
        most === Number.MAX_SAFE_INTEGER
          ? `need a whole number, ${least} or more`
          : `need a whole number from ${least} to ${most}`,
      )
    }
    return value
  }
}
