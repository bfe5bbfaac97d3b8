import { printError } from '../action.js';
import type { RunningOptions } from '../client-command.js';
import { clientWith } from '../connection/access.js';
import { accessOf } from '../connection/connection.js';
import { graceMsOf } from '../run/grace.js';
import { releaseUnlessAlive, runGuarded } from '../run/guarded.js';
import { Waiting } from '../run/waiting.js';

export interface SessionRunOptions extends RunningOptions {
  readonly ttl: number;
}

/** `octostore session run -- COMMAND`: runs a command while a session is kept alive. Returns the exit code. */
export async function runInSession(
  [file = '', ...args]: readonly string[],
  { ttl, grace, passToken, ...connection }: SessionRunOptions,
): Promise<number> {
  const ttlMs = ttl * 1000;
  const graceMs = graceMsOf(grace, ttlMs);
  const access = accessOf(connection);
  const client = clientWith(access);
  const waiting = new Waiting();
  const session = await client.openSession({ ttlSeconds: ttl });
  if (waiting.exitCode !== null) {
    await session.close();
    return waiting.exitCode;
  }
  const env = { OCTOSTORE_SESSION_ID: session.sessionId };
  const { sessionId } = session;
  const lastRequest = { access, held: { sessionId } };
  const task = { what: `the session ${sessionId}`, file, args, ttlMs, graceMs, env, passToken, lastRequest };
  const ending = await runGuarded(session, task, waiting.trap);
  if (ending.problem !== null) printError(ending.problem);
  await releaseUnlessAlive(ending, task, () => session.end());
  return ending.exitCode;
}
