import {
  AuthenticationError,
  LeaseBrokenError,
  LockHeldError,
  OctoStoreError,
  StaleTokenError,
  type ErrorType,
} from '@octostore/client';
import { EXIT } from '../shared/exit-codes.js';

/** A failed command: a sentence that says what happened and what to do, and an exit code. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';

  constructor(
    message: string,
    readonly exitCode: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const EXIT_OF: Readonly<Record<ErrorType, number>> = {
  held: EXIT.notAcquired,
  stale: EXIT.staleToken,
  authentication: EXIT.notPermitted,
  validation: EXIT.usage,
  not_found: EXIT.notFound,
  limit: EXIT.notAcquired,
  permission: EXIT.notPermitted,
  unavailable: EXIT.unreachable,
  server: EXIT.failure,
  network: EXIT.unreachable,
  timeout: EXIT.unreachable,
  signature: EXIT.failure,
  lost: EXIT.lost,
};

/** What is known about a failure. All of it is safe to print, because the SDK's errors never contain a token. */
export interface Explanation {
  readonly exitCode: number;
  readonly message: string;
  readonly type?: ErrorType;
  readonly code?: string | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly lock?: string;
  readonly holder?: string | null;
  readonly expiresAt?: Date;
  readonly limit?: number | undefined;
  readonly position?: number | undefined;
  readonly waiters?: number | undefined;
  readonly reason?: string;
  readonly brokenBy?: string;
  readonly brokenAt?: Date;
  readonly highest?: number;
}

/** What has failed. If that is the exchange of a token, the reason is the cause of the error. */
export function rootOf(error: unknown): unknown {
  if (!(error instanceof AuthenticationError)) return error;
  const { cause } = error;
  return cause instanceof OctoStoreError || cause instanceof CommandFailure ? cause : error;
}

/** Explains any thrown value. */
export function explain(error: unknown): Explanation {
  if (error instanceof CommandFailure) {
    return { ...(error.cause === undefined ? {} : explain(error.cause)), ...pick(error) };
  }
  if (!(error instanceof OctoStoreError)) {
    return { exitCode: EXIT.failure, message: error instanceof Error ? error.message : String(error) };
  }
  const { message, type, code, status, requestId, retryAfterMs } = error;
  const facts = { exitCode: EXIT_OF[type], message, type, code, status, requestId, retryAfterMs };
  return { ...facts, ...particularsOf(error) };
}

/** What only some errors have. */
function particularsOf(error: OctoStoreError): Partial<Explanation> {
  if (error instanceof LockHeldError) return conflictOf(error);
  if (error instanceof LeaseBrokenError) return breakOf(error);
  if (error instanceof StaleTokenError) return { highest: error.highest };
  return {};
}

function breakOf({ reason, brokenBy, brokenAt }: LeaseBrokenError): Partial<Explanation> {
  return { exitCode: EXIT.lost, reason, brokenBy, brokenAt };
}

function conflictOf({
  lock,
  holder,
  expiresAt,
  limit,
  position,
  waiters,
}: LockHeldError): Partial<Explanation> {
  return { lock, holder, expiresAt, limit, position, waiters };
}

function pick({ exitCode, message }: CommandFailure): Pick<Explanation, 'exitCode' | 'message'> {
  return { exitCode, message };
}

/** Who broke a lease, and why: `bob broke it ("stuck")`. */
export function whoBroke({ brokenBy, reason }: LeaseBrokenError): string {
  return `${brokenBy === 'administrator' ? 'an administrator' : brokenBy} broke it ("${reason}")`;
}

/** The failure when you cannot have a lock now. It says why, and until when. */
export function notAcquired(error: LockHeldError): CommandFailure {
  return new CommandFailure(whyNotAcquired(error), EXIT.notAcquired, { cause: error });
}

function whyNotAcquired({ code, lock, holder, expiresAt, limit, message }: LockHeldError): string {
  const end = expiresAt.toISOString();
  if (code === 'limit_mismatch')
    return `${lock} is in use with a limit of ${limit ?? 'another number'}. Give that --limit, wait with --wait, or try again later.`;
  if (code === 'lock_delayed')
    return `${lock} is kept from everyone until ${end}, because of its last lease. Wait for it with --wait, or try again later.`;
  if (holder === null)
    return `${lock} is kept until ${end} for clients that asked for it earlier. Wait in line with --wait, or try again later.`;
  return `${message} Wait for it with --wait, or try again later.`;
}
