/** The fields of a request for a lease that matter to a standby. */
interface AcquireBody {
  readonly lease_id?: unknown;
  readonly wait_seconds?: unknown;
}

/** The name of the field, as it is in every body that has it. */
const WAIT = 'wait_seconds';

const SECOND_MS = 1_000;

/** Whether the body of an acquire may ask to wait. Cheap, because it is asked for each acquire. */
export function mayWait(body: Buffer): boolean {
  return body.includes(WAIT);
}

/** Whether the client has chosen the id of the lease. Then the request can be repeated. */
export function hasLeaseId(body: Buffer): boolean {
  return typeof parsed(body)?.lease_id === 'string';
}

/**
 * The body of an acquire that has waited before it is sent. It asks for the rest of its wait, in whole seconds, rounded up. A body
 * that asks for no wait stays as it is.
 */
export function withRestOfWait(body: Buffer, waitedMs: number): Buffer {
  if (!mayWait(body)) return body;
  const fields = parsed(body);
  const seconds = fields?.wait_seconds;
  if (typeof seconds !== 'number') return body;
  const rest = Math.max(0, Math.ceil(seconds - waitedMs / SECOND_MS));
  return Buffer.from(JSON.stringify({ ...fields, wait_seconds: Math.min(seconds, rest) }));
}

/** Null if the body is no JSON object. The leader refuses it then. */
function parsed(body: Buffer): AcquireBody | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
