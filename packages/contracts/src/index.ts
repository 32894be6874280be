/**
 * What follows from a topic that passed.
 *
 * @packageDocumentation
 */
export type {
  ContractEntry,
  Oracle,
  Resource,
  Sandbox,
  SandboxCall,
  SandboxOutcome,
} from './sandbox/sandbox.js'
