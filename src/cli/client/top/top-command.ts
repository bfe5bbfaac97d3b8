import type { Command } from 'commander';
import { wholeSeconds } from '../../shared/durations.js';
import { withHelp } from '../../shared/help.js';
import { wholeNumber } from '../../shared/whole-number.js';
import { runClient } from '../action.js';
import { clientCommand } from '../client-command.js';
import { top, type TopOptions } from './top.js';

export function addTopCommand(program: Command): void {
  const command = clientCommand(
    program,
    'top',
    'show the locks that most requests wait for, and who holds them',
  )
    .option('--prefix <text>', 'only locks whose names begin with this')
    .option(
      '--limit <count>',
      'how many locks to show, at most 100 (default: 20, or as many as fit)',
      wholeNumber,
    )
    .option('--every <time>', 'how often to look again on a terminal', wholeSeconds({ min: 1, max: 3600 }), 2)
    .option('--once', 'look once, also on a terminal')
    .action((options: TopOptions) => runClient(options, (output) => top(options, output)));
  withHelp(command, {
    examples: [
      'octostore top',
      'octostore top --prefix deploy/ --every 10s',
      'octostore top --limit 1 --json',
    ],
  });
}
