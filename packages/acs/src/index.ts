export type { Acs, AcsParams, Subset } from './acs.js'
