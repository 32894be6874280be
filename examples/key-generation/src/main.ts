import { tellKeyGeneration } from './key-generation.js'

process.stdout.write(tellKeyGeneration(Number(process.argv[2] ?? 1)))
