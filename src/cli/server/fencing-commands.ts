import type { Command } from 'commander';
import { withHelp } from '../shared/help.js';
import { wholeNumber } from '../shared/whole-number.js';
import { runConfigured, withConfigOptions, type ConfigOptions } from './config-options.js';

/** `octostore fencing ...`. */
export function addFencingCommands(program: Command): void {
  const fencing = program.command('fencing').description('the counter of fencing tokens');
  const floor = withConfigOptions(fencing.command('floor'))
    .description('make fencing tokens continue above a number; no server may be running')
    .argument('<number>', 'the highest token that may have been issued elsewhere', wholeNumber)
    .action((number: number, options: ConfigOptions) =>
      runConfigured(options, async (config) => {
        const { raiseFloor } = await import('./fencing/raise-floor.js');
        await raiseFloor(config, number);
      }),
    );
  withHelp(floor, {
    examples: ['octostore fencing floor 8589934592'],
    exits: { 73: 'the database cannot be used, such as because a server is running' },
  });
}
