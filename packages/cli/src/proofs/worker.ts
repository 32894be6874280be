/**
 * The script of the threads in which nodes of this program verify proofs.
 */
import { serveProofs } from '@mc/node/proofs'

serveProofs()
