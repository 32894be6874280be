/**
 * The command `mc`: run a network, submit operations, read and verify blocks, simulate, measure.
 *
 * @packageDocumentation
 */
export { program } from './program.js'
