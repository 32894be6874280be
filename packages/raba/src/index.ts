/**
 * Binary agreement, plain and reproposable.
 *
 * @packageDocumentation
 */
export type { Aba, AbaInput, AgreementParams } from './aba.js'
export { type BrachaAbaOptions, brachaAba } from './bracha/bracha-aba.js'
export type { BrachaAbaMessage, VoteEnvelope } from './bracha/messages.js'
export { cobaltAba } from './cobalt/cobalt-aba.js'
export type { CobaltMessage, CobaltVote } from './cobalt/messages.js'
export type { CobaltOptions } from './cobalt/setup.js'
export { type CrainOptions, crainAba } from './crain/crain-aba.js'
export type { CrainMessage, CrainVote } from './crain/messages.js'
export { crusaderAba } from './crusader/crusader-aba.js'
export { cubicAba } from './cubic/cubic-aba.js'
export { cubicRaba } from './cubic/cubic-raba.js'
export type { CubicMessage, FinalvoteEnvelope, PlainSyncReply, PlainVote } from './cubic/messages.js'
export type { CubicOptions } from './cubic/options.js'
export { mmrAba } from './mmr/mmr-aba.js'
export { paceRaba } from './pace/pace-raba.js'
export type { QuadraticMessage, RoundVote } from './quadratic/messages.js'
export type { QuadraticAbaOptions, QuadraticRabaOptions } from './quadratic/options.js'
export { quadraticAba } from './quadratic/quadratic-aba.js'
export { quadraticRaba } from './quadratic/quadratic-raba.js'
export type { Raba, RabaInput } from './raba.js'
export type { CoinEnvelope, FastMessage, SyncReply, SyncRequest, Trit } from './rounds/messages.js'
export type { VoteRecord } from './rounds/vote-record.js'
export { HaltGadget, type TermMessage } from './term.js'
