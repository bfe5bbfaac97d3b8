import { LeaseBrokenError, NotFoundError } from './errors.js';

/** The reason of a loss. Its cause is what the server said about it, if it did. */
export function lossOf(what: string, why: string, cause?: NotFoundError): NotFoundError {
  if (cause instanceof LeaseBrokenError) return brokenLossOf(what, cause);
  const { code, status, requestId } = cause ?? {};
  return new NotFoundError(`${what} is lost: ${why}`, { code, status, requestId, cause });
}

function brokenLossOf(what: string, cause: LeaseBrokenError): LeaseBrokenError {
  const { reason, brokenBy, brokenAt, code, status, requestId } = cause;
  const who = brokenBy === 'administrator' ? 'an administrator' : brokenBy;
  const facts = { reason, brokenBy, brokenAt, code, status, requestId, cause };
  return new LeaseBrokenError(`${what} is lost: ${who} broke it ("${reason}")`, facts);
}
