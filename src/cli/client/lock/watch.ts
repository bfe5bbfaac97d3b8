import type {
  EventFilter,
  HeldLock,
  LockEvent,
  LockStatus,
  OctoStoreClient,
  PrefixState,
  WatchUpdate,
} from '@octostore/client';
import { EXIT } from '../../shared/exit-codes.js';
import { printError } from '../action.js';
import type { ClientOptions } from '../client-command.js';
import { connect } from '../connection/connection.js';
import { CommandFailure } from '../failure.js';
import { printable, type Output } from '../../shared/output.js';

export interface WatchOptions extends ClientOptions {
  readonly prefix?: string;
  readonly events?: readonly EventFilter[];
}

type Update = WatchUpdate<LockStatus> | WatchUpdate<PrefixState>;

/** `octostore lock watch NAME` or `octostore lock watch --prefix PREFIX`, until it is interrupted. */
export async function watch(name: string | undefined, options: WatchOptions, output: Output): Promise<void> {
  for await (const update of updates(connect(options), name, options)) {
    output.show(update, () => lines(update).join('\n'));
  }
}

function updates(
  client: OctoStoreClient,
  name: string | undefined,
  { prefix, events }: WatchOptions,
): AsyncIterable<Update> {
  const options = { events, onDisconnected: tellDisconnected };
  if (name !== undefined && prefix === undefined) return client.watch(name, options);
  if (name === undefined && prefix !== undefined) return client.watchPrefix(prefix, options);
  throw new CommandFailure(
    'It is not clear which locks to watch. Give either the name of a lock or --prefix.',
    EXIT.usage,
  );
}

function tellDisconnected(error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  printError(`The watch is interrupted: ${why}. It reconnects.`);
}

function lines(update: Update): string[] {
  if (update.type === 'reset') return [printable(`reset: ${update.data.message}`)];
  if (update.type !== 'state') return [eventLine(update.data)];
  const { data } = update;
  if ('locks' in data) return data.locks.map(heldLine);
  if (data.status === 'held') return [heldLine(data)];
  return [
    printable(`${data.status} ${data.name}${data.status === 'delayed' ? until(data.availableAt) : ''}`),
  ];
}

function eventLine(event: LockEvent): string {
  return printable(`${event.timestamp.toISOString()} ${event.event} ${event.lock}${particularsOf(event)}`);
}

function particularsOf(event: LockEvent): string {
  const { holder, fencingToken, expiresAt, cause, brokenBy, reason, requestedBy, message } = event;
  const token = `fencing token ${fencingToken ?? '-'}`;
  if (brokenBy !== undefined) return ` by ${brokenBy}, ${token}: ${reason ?? '-'}`;
  if (requestedBy !== undefined) return ` by ${requestedBy}, ${token}: ${message ?? '-'}`;
  if (cause !== undefined) return ` (${cause})`;
  return holder === undefined ? '' : ` by ${holder}, ${token}${until(expiresAt)}`;
}

function heldLine({ name, holder, fencingToken, expiresAt }: Omit<HeldLock, 'leaseId'>): string {
  return printable(`held ${name} by ${holder}, fencing token ${fencingToken}${until(expiresAt)}`);
}

function until(instant: Date | undefined): string {
  return instant === undefined ? '' : `, until ${instant.toISOString()}`;
}
