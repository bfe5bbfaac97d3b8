import { LockHeldError, OctoStoreError, type ErrorType } from '@octostore/client';
import { EXIT } from '../shared/exit-codes.js';

/** Why a command fails, in a sentence for people that says what to do, and as an exit code. */
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
};

/** What is known of a failure. Only what is safe to print: no error of the SDK holds a token. */
export interface Explanation {
  readonly exitCode: number;
  readonly message: string;
  readonly type?: ErrorType;
  readonly code?: string | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly holder?: string;
  readonly expiresAt?: Date;
}

/** Explains anything that was thrown. */
export function explain(error: unknown): Explanation {
  if (error instanceof CommandFailure) {
    return { ...(error.cause === undefined ? {} : explain(error.cause)), ...pick(error) };
  }
  if (!(error instanceof OctoStoreError)) {
    return { exitCode: EXIT.failure, message: error instanceof Error ? error.message : String(error) };
  }
  const { message, type, code, status, requestId, retryAfterMs } = error;
  const held = error instanceof LockHeldError ? { holder: error.holder, expiresAt: error.expiresAt } : {};
  return { exitCode: EXIT_OF[type], message, type, code, status, requestId, retryAfterMs, ...held };
}

function pick({ exitCode, message }: CommandFailure): Pick<Explanation, 'exitCode' | 'message'> {
  return { exitCode, message };
}

/** The failure that a lock is not free, with who has it until when. */
export function notAcquired(name: string, error: LockHeldError): CommandFailure {
  const { holder, expiresAt } = error;
  return new CommandFailure(
    `${name} is held by ${holder} until ${expiresAt.toISOString()}, unless it is renewed or released.`,
    EXIT.notAcquired,
    { cause: error },
  );
}
