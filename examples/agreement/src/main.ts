import { PLAY, tellAgreement } from './agreement.js'

process.stdout.write(tellAgreement({ ...PLAY, seed: Number(process.argv[2] ?? PLAY.seed) }))
