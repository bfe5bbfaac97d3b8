import { LeaseBrokenError, NotFoundError } from '@octostore/client';
import { EXIT } from '../../shared/exit-codes.js';
import { printable } from '../../shared/output.js';
import type { ClientOptions } from '../client-command.js';
import { CommandFailure, whoBroke } from '../failure.js';

/** Options that name a lease. The default is `OCTOSTORE_LEASE_ID`, which `lock run` sets. */
export interface LeaseOptions extends ClientOptions {
  readonly leaseId?: string;
}

/** Throws `CommandFailure` if no lease is named. */
export function leaseIdOf({ leaseId = process.env['OCTOSTORE_LEASE_ID'] }: LeaseOptions): string {
  if (leaseId !== undefined && leaseId !== '') return leaseId;
  throw new CommandFailure(
    'The lease is not named. Name it with --lease-id or OCTOSTORE_LEASE_ID.',
    EXIT.usage,
  );
}

/** If the lease no longer exists, the lock is lost: throws `CommandFailure`. */
export async function failIfLost<T>(name: string, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (cause) {
    if (!(cause instanceof NotFoundError)) throw cause;
    const sentence = `The lease of ${printable(name)} ${whyLost(cause)}. Stop the work that it protects, or acquire the lock again.`;
    throw new CommandFailure(sentence, EXIT.lost, { cause });
  }
}

function whyLost(error: NotFoundError): string {
  if (error instanceof LeaseBrokenError) return `has ended: ${whoBroke(error)}`;
  return 'has ended, or was never yours';
}
