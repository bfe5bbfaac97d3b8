import { NotFoundError } from '@octostore/client';
import type { Command } from 'commander';
import { EXIT } from '../../shared/exit-codes.js';
import { runClient } from '../action.js';
import { clientCommand, runningCommand, withSessionTtl, type ClientOptions } from '../client-command.js';
import { connect } from '../connection/connection.js';
import { CommandFailure } from '../failure.js';
import { withHelp, RUN_EXITS } from '../../shared/help.js';
import { fields, type Output } from '../../shared/output.js';
import { runInSession, type SessionRunOptions } from './run.js';

interface CreateOptions extends ClientOptions {
  readonly ttl: number;
}

/** `octostore session ...`. */
export function addSessionCommands(program: Command): void {
  const session = program.command('session').description('create, keep alive and end sessions');
  addRun(session);
  addCreate(session);
  addKeepalive(session);
  addStatus(session);
  addEnd(session);
}

function addRun(session: Command): void {
  const run = withSessionTtl(runningCommand(session, 'run', 'run a command while keeping a session alive'))
    .argument('<command...>', 'the command and its arguments, after --')
    .action((command: string[], options: SessionRunOptions) =>
      runClient(options, () => runInSession(command, options)),
    );
  withHelp(run, {
    examples: [
      `octostore session run --ttl 30s -- sh -c 'octostore lock acquire node-7 --session "$OCTOSTORE_SESSION_ID"; ./work'`,
    ],
    exits: RUN_EXITS,
  });
}

function addCreate(session: Command): void {
  const command = withSessionTtl(
    clientCommand(session, 'create', 'create a session without keeping it alive'),
  ).action((options: CreateOptions) =>
    runClient(options, async (output) => {
      const created = await connect(options).createSession(options.ttl);
      output.show(created, () =>
        fields({
          session: created.sessionId,
          'expires at': created.expiresAt,
          'keep alive every': `${created.keepaliveIntervalSecs}s`,
        }),
      );
    }),
  );
  withHelp(command, {
    examples: ['SESSION=$(octostore session create --ttl 30s --json | jq -r .session_id)'],
  });
}

function addKeepalive(session: Command): void {
  const command = withId(
    clientCommand(session, 'keepalive', 'keep a session alive for its TTL from now'),
  ).action((id: string, options: ClientOptions) =>
    runClient(options, (output) => keepalive(id, options, output)),
  );
  withHelp(command, {
    examples: ['octostore session keepalive "$SESSION"'],
    exits: { 76: 'the session has ended' },
  });
}

async function keepalive(id: string, options: ClientOptions, output: Output): Promise<void> {
  try {
    const kept = await connect(options).keepalive(id);
    output.show(kept, () => fields({ session: kept.sessionId, 'expires at': kept.expiresAt }));
  } catch (cause) {
    if (!(cause instanceof NotFoundError)) throw cause;
    throw new CommandFailure(
      'The session has ended, or was never yours. Stop the work that its locks protect, or create a new one.',
      EXIT.lost,
      { cause },
    );
  }
}

function addStatus(session: Command): void {
  const command = withId(
    clientCommand(session, 'status', 'show when a session expires, and how many locks it holds'),
  ).action((id: string, options: ClientOptions) =>
    runClient(options, async (output) => {
      const found = await connect(options).sessionStatus(id);
      output.show(found, () =>
        fields({
          session: found.sessionId,
          active: found.active ? 'yes' : 'no',
          'expires at': found.expiresAt,
          locks: found.lockCount,
        }),
      );
    }),
  );
  withHelp(command, {
    examples: ['octostore session status "$SESSION"'],
    exits: { 66: 'there is no such session, or it has ended' },
  });
}

function addEnd(session: Command): void {
  const command = withId(clientCommand(session, 'end', 'end a session and release its locks')).action(
    (id: string, options: ClientOptions) =>
      runClient(options, async (output) => {
        await connect(options).endSession(id);
        output.show({ status: 'ended', sessionId: id }, () => `ended ${id}`);
      }),
  );
  withHelp(command, {
    examples: ['octostore session end "$SESSION"'],
    exits: { 66: 'there is no such session, or it has ended' },
  });
}

function withId(command: Command): Command {
  return command.argument('<id>', 'the session');
}
