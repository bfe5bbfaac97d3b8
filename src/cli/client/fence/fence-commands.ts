import type { Command } from 'commander';
import { withHelp } from '../../shared/help.js';
import { runClient } from '../action.js';
import { clientCommand, type ClientOptions } from '../client-command.js';
import { advance, check, show } from './requests.js';

const STALE = { 65: 'the fence has seen a higher fencing token: stop' };

/** `octostore fence ...`. */
export function addFenceCommands(program: Command): void {
  const fence = program.command('fence').description('refuse those whose lock is no longer theirs');
  addAdvance(fence);
  addCheck(fence);
  addShow(fence);
}

function addAdvance(fence: Command): void {
  const command = withToken(
    clientCommand(fence, 'advance', 'pass the fence with a token, and refuse lower ones from now on'),
  ).action((name: string, token: string | undefined, options: ClientOptions) =>
    runClient(options, (output) => advance(name, token, options, output)),
  );
  withHelp(command, {
    examples: [
      `octostore lock run reports -- sh -c 'octostore fence advance reports && cp report.pdf /srv/reports/'`,
    ],
    exits: STALE,
  });
}

function addCheck(fence: Command): void {
  const command = withToken(
    clientCommand(fence, 'check', 'ask whether a token would pass, and change nothing'),
  ).action((name: string, token: string | undefined, options: ClientOptions) =>
    runClient(options, (output) => check(name, token, options, output)),
  );
  withHelp(command, { examples: ['octostore fence check reports 42'], exits: STALE });
}

function addShow(fence: Command): void {
  const command = withName(
    clientCommand(fence, 'show', 'show the highest token that a fence has seen'),
  ).action((name: string, options: ClientOptions) =>
    runClient(options, (output) => show(name, options, output)),
  );
  withHelp(command, { examples: ['octostore fence show reports --json'] });
}

function withName(command: Command): Command {
  return command.argument('<name>', 'the fence, such as the name of the lock');
}

function withToken(command: Command): Command {
  return withName(command).argument('[token]', 'the fencing token (default: OCTOSTORE_FENCING_TOKEN)');
}
