import { RULES } from '@octostore/client';
import { Option, type Command } from 'commander';
import { withConnection, type ConnectionOptions } from './connection/connection.js';
import { seconds, wholeSeconds } from './durations.js';

export interface ClientOptions extends ConnectionOptions {
  readonly json?: boolean;
}

/** How a command is run while something is held. */
export interface RunningOptions extends ClientOptions {
  /** Seconds from SIGTERM to SIGKILL. */
  readonly grace?: number;
  /** Whether the command may have the token that this process got in its environment. */
  readonly passToken?: boolean;
}

/** A command that asks the server as a user. */
export function clientCommand(parent: Command, usage: string, description: string): Command {
  return withJson(withConnection(parent.command(usage).description(description)));
}

/** A command that runs another one, to which standard output belongs. */
export function runningCommand(parent: Command, usage: string, description: string): Command {
  return withGrace(withConnection(parent.command(usage).description(description))).option(
    '--pass-token',
    'let the command have OCTOSTORE_TOKEN as well; without this it is taken out of its environment',
  );
}

/** Adds `--json`. */
export function withJson(command: Command): Command {
  return command.option('--json', 'answer in JSON, for programs');
}

/** Adds the TTL of a lease. */
export function withTtl(command: Command): Command {
  const range = { min: RULES.ttl_seconds_min, max: RULES.ttl_seconds_max };
  return command.addOption(
    new Option('--ttl <time>', 'how long the lease lasts unless it is renewed, such as 30s, 5m or 1h')
      .argParser(wholeSeconds(range))
      .default(RULES.ttl_seconds_default, `${RULES.ttl_seconds_default}s`),
  );
}

/** Adds the TTL of a session. */
export function withSessionTtl(command: Command): Command {
  const range = { min: RULES.session_ttl_seconds_min, max: RULES.session_ttl_seconds_max };
  return command.addOption(
    new Option('--ttl <time>', 'how long the session lasts unless it is kept alive')
      .argParser(wholeSeconds(range))
      .default(RULES.session_ttl_seconds_default, `${RULES.session_ttl_seconds_default}s`),
  );
}

/** Adds how long to wait for a lock. */
export function withWait(command: Command): Command {
  return command.option('--wait <time>', 'how long to wait for the lock if somebody else has it', seconds, 0);
}

/** Adds the note on a lease. */
export function withMetadata(command: Command): Command {
  return command.option('--metadata <text>', 'a note that everybody who looks at the lock sees');
}

function withGrace(command: Command): Command {
  return command.option(
    '--grace <time>',
    'from SIGTERM to SIGKILL (default: a sixth of the TTL, at most 10s)',
    seconds,
  );
}
