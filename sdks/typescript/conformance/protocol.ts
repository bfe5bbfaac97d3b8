import { LeaseBrokenError, LockHeldError, StaleTokenError, type OctoStoreError } from '../src/index.js';

export type Json = Readonly<Record<string, unknown>>;

/** An error of the program that uses the SDK: of the leader's function, of a block, or of the function that gives the token. */
export class ProgramError extends Error {}

/** The fields of an error, as the protocol names them. */
export function errorFacts(error: OctoStoreError | ProgramError): Json {
  if (error instanceof ProgramError) return { type: 'program', message: error.message };
  const { type, message, code, status, requestId, retryAfterMs } = error;
  return {
    type,
    message,
    code,
    status,
    request_id: requestId,
    retry_after_ms: retryAfterMs,
    cause: error.cause instanceof ProgramError ? error.cause.message : undefined,
    ...particularsOf(error),
  };
}

function particularsOf(error: OctoStoreError): Json {
  if (error instanceof StaleTokenError) return { highest: error.highest };
  if (error instanceof LeaseBrokenError) {
    return { reason: error.reason, broken_by: error.brokenBy, broken_at: error.brokenAt };
  }
  if (!(error instanceof LockHeldError)) return {};
  return {
    lock: error.lock,
    holder: error.holder,
    holder_id: error.holderId,
    expires_at: error.expiresAt,
    metadata: error.metadata,
    limit: error.limit,
    position: error.position,
    waiters: error.waiters,
  };
}

/** A value of the SDK as the server's JSON has it. */
export function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snakeCased(member),
    ]),
  );
}
