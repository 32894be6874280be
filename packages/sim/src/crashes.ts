/**
 * When correct members lose power, and what they come back with.
 */
import type { Random } from './random.js'
import type { SimulatedDisk } from './simulated-disk.js'

/** The moments of a turn at which the power can fail. A turn is: handle, append, sync, send. */
export const CRASH_POINTS = ['before-append', 'before-sync', 'before-send', 'mid-send', 'after-send'] as const

/** One moment of a turn. */
export type CrashPoint = (typeof CRASH_POINTS)[number]

/** Crash and restart of correct members. */
export interface CrashOptions {
  /** Chance per turn of a member that it crashes in it, at any of the points; 0 by default. */
  readonly probability?: number
  /** Chance per turn of any member that all correct members lose power after it; 0 by default. */
  readonly powerCutProbability?: number
  /**
   * A member crashes at random at most so often, 10 times by default; power cuts count. Without an end each restart, which
   * sends so much again, could cause more than one further crash, and no run would ever end.
   */
  readonly max?: number
  /** Crashes at chosen places besides: asked for each turn of each member, counted from 0 over all its lives. */
  readonly plan?: (member: number, turn: number) => CrashPoint | undefined
  /** A member stays down until so many messages wait for it (drawn from 0 to this; 20 by default) or nothing else is pending. */
  readonly downMax?: number
  /** Whether a restarted member sends again all it ever sent (default), or only what it had not sent yet. */
  readonly resend?: boolean
  /** The disk under the log; `simulatedDisk(random, { count })` by default. */
  readonly disk?: (random: Random, count: (kind: string) => void) => SimulatedDisk
}
