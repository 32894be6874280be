/** What the commands share by which people say something to a topic. */
import { Command } from 'commander'
import { acting } from '../organisation/session.js'
import { textsHere } from '../organisation/texts/texts.js'

/** A command of somebody who acts: `vote <topic>`, what it does, its examples. */
export function begun(usage: string, description: string, help: string): Command {
  const [name = '', ...given] = usage.split(' ')
  return acting(new Command(name).description(description).arguments(given.join(' '))).addHelpText(
    'after',
    help,
  )
}

/** Adds the flags of a text. */
export function said(command: Command): Command {
  const { flags } = textsHere()
  return command.option('--text <text>', flags.text).option('--text-file <file>', flags.textFile)
}
