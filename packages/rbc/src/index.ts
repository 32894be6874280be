export { BAD, type Delivery, type Rbc, type RbcParams } from './rbc.js'
