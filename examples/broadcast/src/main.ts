import { drawBroadcast } from './broadcast.js'

process.stdout.write(drawBroadcast(process.argv[2] ?? 'hello'))
