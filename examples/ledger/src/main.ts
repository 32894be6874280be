import { tellLedger } from './ledger.js'

process.stdout.write(`${tellLedger(process.argv[2] ?? 'A bridge over the brook').lines.join('\n')}\n`)
