export type { Aba, AbaInput, AgreementParams } from './aba.js'
export type { Raba, RabaInput } from './raba.js'
