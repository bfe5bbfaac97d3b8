import { LockHeldError, type OctoStoreError } from '../src/index.js';

export type Json = Readonly<Record<string, unknown>>;

/** An error of the program that uses the SDK: of the leader's function, or of a block. */
export class ProgramError extends Error {}

/** The fields of an error, as the protocol names them. */
export function errorFacts(error: OctoStoreError | ProgramError): Json {
  if (error instanceof ProgramError) return { type: 'program', message: error.message };
  const { type, message, code, status, requestId, retryAfterMs } = error;
  const { holder, holderId, expiresAt, metadata } =
    error instanceof LockHeldError ? error : ({} as Partial<LockHeldError>);
  return {
    type,
    message,
    code,
    status,
    request_id: requestId,
    retry_after_ms: retryAfterMs,
    holder,
    holder_id: holderId,
    expires_at: expiresAt,
    metadata,
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
