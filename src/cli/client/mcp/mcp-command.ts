import { RULES } from '@octostore/client';
import { Option, type Command } from 'commander';
import { withHelp } from '../../shared/help.js';
import { runClient } from '../action.js';
import { withSessionTtl } from '../client-command.js';
import { withConnection } from '../connection/connection.js';
import { wholeSeconds } from '../../shared/durations.js';
import type { McpOptions } from './serve-mcp.js';

/** `octostore mcp`. The SDK of the protocol is loaded only when it runs. */
export function addMcpCommand(program: Command): void {
  const command = withSessionTtl(
    withConnection(
      program
        .command('mcp')
        .description('let agents claim what they edit: a server of the Model Context Protocol'),
    ),
  )
    .option(
      '--workspace <name>',
      'what the names of the locks of files begin with. All agents that work on the same files give the same',
      'workspace',
    )
    .option('--root <folder>', 'the folder that the workspace is in (default: the current one)')
    .option('--agent <name>', 'what others see the agent as (default: the name of its program, and the host)')
    .option('--http <address>', 'listen on this address, such as 127.0.0.1:7007, instead of standard input')
    .option('--allow-host <names>', 'the host names that clients reach --http by, separated by commas')
    .addOption(
      new Option(
        '--idle <time>',
        'with --http: when an agent that sends nothing and listens to nothing has gone',
      )
        .argParser(wholeSeconds({ min: 1, max: RULES.ttl_seconds_max }))
        .default(600, '10m'),
    )
    .action((options: McpOptions) =>
      runClient(options, async () => {
        const { serveMcp } = await import('./serve-mcp.js');
        return serveMcp(options, program.version() ?? '');
      }),
    );
  withHelp(command, {
    examples: [
      'octostore mcp --workspace acme/shop',
      'octostore mcp --workspace acme/shop --http 127.0.0.1:7007',
    ],
    exits: { 77: 'there is no token, or the server does not accept it' },
  });
}
