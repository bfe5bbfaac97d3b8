import { OctoStoreClient } from '@octostore/client';
import type { Command } from 'commander';
import { EXIT } from '../shared/exit-codes.js';
import { runClient } from './action.js';
import { withJson, type ClientOptions } from './client-command.js';
import { serverUrls, timeoutsOf, withTimeout, withUrl } from './connection/connection.js';
import { withHelp } from '../shared/help.js';
import { fields, type Output } from '../shared/output.js';

/** `octostore health`. */
export function addHealthCommand(program: Command): void {
  const command = withJson(withTimeout(withUrl(program.command('health'))))
    .description('show whether the server is ready, and its public counters')
    .action((options: ClientOptions) => runClient(options, (output) => health(options, output)));
  withHelp(command, {
    examples: ['octostore health --url https://locks.example.com'],
    exits: { 69: 'the server cannot be reached, or is not ready' },
  });
}

async function health(options: ClientOptions, output: Output): Promise<number> {
  const baseUrl = serverUrls(options);
  const counters = await new OctoStoreClient({
    baseUrl,
    token: null,
    ...timeoutsOf(options),
  }).statusCounters();
  output.show(counters, () =>
    fields({
      server: baseUrl.join(', '),
      status: counters.status,
      version: counters.version,
      up: `${counters.uptimeSeconds}s`,
      'locks held': counters.locksHeld,
      sessions: counters.sessions,
      waiters: counters.waiters,
    }),
  );
  return counters.status === 'ready' ? EXIT.ok : EXIT.unreachable;
}
