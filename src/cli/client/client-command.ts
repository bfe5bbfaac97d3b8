import { RULES } from '@octostore/client';
import { Option, type Command } from 'commander';
import { withConnection, type ConnectionOptions } from './connection/connection.js';
import { seconds, wholeSeconds } from '../shared/durations.js';

export interface ClientOptions extends ConnectionOptions {
  readonly json?: boolean;
}

/** Options of commands that run another command under a lock or session. */
export interface RunningOptions extends ClientOptions {
  /** Seconds from SIGTERM to SIGKILL. */
  readonly grace?: number;
  /** Whether the command inherits `OCTOSTORE_TOKEN`. */
  readonly passToken?: boolean;
}

/** A command that sends requests to the server as a user. */
export function clientCommand(parent: Command, usage: string, description: string): Command {
  return withJson(withConnection(parent.command(usage).description(description)));
}

/** A command that runs another one. Standard output belongs to the other one, so there is no `--json`. */
export function runningCommand(parent: Command, usage: string, description: string): Command {
  return withGrace(withConnection(parent.command(usage).description(description))).option(
    '--pass-token',
    'keep OCTOSTORE_TOKEN in the environment of the command (default: remove it)',
  );
}

/** Adds `--json`. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print JSON, for programs');
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
    new Option('--ttl <time>', 'how long the session lasts without a keepalive, such as 30s, 5m or 1h')
      .argParser(wholeSeconds(range))
      .default(RULES.session_ttl_seconds_default, `${RULES.session_ttl_seconds_default}s`),
  );
}

/** Adds how long to wait for a lock. */
export function withWait(command: Command): Command {
  return command.option(
    '--wait <time>',
    'how long to wait for the lock if someone else holds it',
    seconds,
    0,
  );
}

/** Adds the metadata of a lease. */
export function withMetadata(command: Command): Command {
  return command.option('--metadata <text>', 'a note shown to everyone who looks at the lock');
}

function withGrace(command: Command): Command {
  return command.option(
    '--grace <time>',
    'time from SIGTERM to SIGKILL (default: a sixth of the TTL, at most 10s)',
    seconds,
  );
}
