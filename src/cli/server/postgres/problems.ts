import { ConfigError } from '../../../config/config.js';
import { codeOf } from '../../../errors/system-error-code.js';
import { UnusableFileError } from '../../../installation/unusable-file-error.js';
import { NewerSchemaError, UnusableDatabaseError } from '../../../journal/errors.js';
import { PostgresError } from './postgres-error.js';
import { LASTING, LASTING_BY_MESSAGE, NO_CA_FILE, PASSING, type PostgresProblem } from './problem-table.js';

/** Errors of our own that say themselves what to do. */
const OWN = [ConfigError, NewerSchemaError, UnusableDatabaseError, UnusableFileError];

/** A `PostgresError` if it is known what an error or one of its causes means. Otherwise the error itself. */
export function explained(error: unknown): unknown {
  const reasons = reasonsOf(error);
  if (reasons.some(isOwn)) return error;
  const [problem] = reasons.flatMap(
    (reason) => lastingProblemOf(reason) ?? PASSING[String(codeOf(reason))] ?? [],
  );
  if (problem === undefined) return error;
  const sentence = `${problem.what} (${reasonOf(error)}). ${problem.advice}`;
  return new PostgresError(sentence, problem.exitCode, { cause: error });
}

/** Whether waiting may help against an error. If several hosts have been tried, it is enough that it may help for one of them. */
export function mayPass(error: unknown): boolean {
  if (error instanceof PostgresError) return mayPass(error.cause);
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.some(mayPass);
  return !reasonsOf(error).some((reason) => isOwn(reason) || lastingProblemOf(reason) !== undefined);
}

/** Everything that an error says about its causes, in one line. It contains no password, because no driver's message does. */
export function reasonOf(error: unknown): string {
  const messages = reasonsOf(error).map((reason) => reason.message.trim());
  return [...new Set(messages.filter((message) => message !== ''))].join('; ') || 'unknown';
}

function lastingProblemOf(error: Error): PostgresProblem | undefined {
  if ('syscall' in error && error.syscall === 'open') return NO_CA_FILE;
  return LASTING[String(codeOf(error))] ?? byMessage(error.message);
}

function byMessage(message: string): PostgresProblem | undefined {
  return Object.entries(LASTING_BY_MESSAGE).find(([text]) => message.includes(text))?.[1];
}

function isOwn(error: Error): boolean {
  return OWN.some((kind) => error instanceof kind);
}

/** An error, its causes, and the errors that it consists of. */
function reasonsOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  if (error instanceof PostgresError) return reasonsOf(error.cause);
  const parts = error instanceof AggregateError ? error.errors.flatMap(reasonsOf) : [];
  return [error, ...parts, ...reasonsOf(error.cause)];
}
