export type {
  AtomicBroadcast,
  AtomicBroadcastInput,
  AtomicBroadcastOutput,
  AtomicBroadcastParams,
} from './atomic-broadcast.js'
