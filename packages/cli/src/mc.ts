#!/usr/bin/env node
/** `mc`: the command line of Mass Consensus. */
import { program } from './program.js'

await (await program(process.argv.slice(2))).parseAsync()
