/**
 * Binary agreement, plain and reproposable.
 *
 * @packageDocumentation
 */
export type { Aba, AbaInput, AgreementParams } from './aba.js'
export type {
  CoinEnvelope,
  FastMessage,
  QuadraticMessage,
  RoundVote,
  SyncReply,
  SyncRequest,
  Trit,
} from './quadratic/messages.js'
export type { QuadraticAbaOptions, QuadraticRabaOptions } from './quadratic/options.js'
export { quadraticAba } from './quadratic/quadratic-aba.js'
export { quadraticRaba } from './quadratic/quadratic-raba.js'
export type { VoteRecord } from './quadratic/vote-record.js'
export type { Raba, RabaInput } from './raba.js'
export { HaltGadget, type TermMessage } from './term.js'
