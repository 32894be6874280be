/**
 * The script of a thread that verifies proofs.
 */
import { serveProofs } from './serve.js'

serveProofs()
