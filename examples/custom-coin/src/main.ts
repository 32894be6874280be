import { lawReport } from './law-report.js'

process.stdout.write(lawReport({ seeds: Number(process.argv[2] ?? 20) }))
