import { isAscii } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { OctoStoreError } from '../../errors/octostore-error.js';

/** The most bytes in a request body. */
export const BODY_BYTES_MAX = 16 * 1024;

/** The most bytes in a body that contains a policy. */
export const POLICY_BODY_BYTES_MAX = 256 * 1024;

const POLICY_PATHS = /^\/admin\/policy(?:[/?]|$)/;

/** The most bytes in the body of this request. A server that stands by decides it too, so it depends on nothing but the URL. */
export function bodyBytesMax({ url = '' }: IncomingMessage): number {
  return POLICY_PATHS.test(url) ? POLICY_BODY_BYTES_MAX : BODY_BYTES_MAX;
}

/** How deep arrays and objects may be nested in a body. No valid request needs more than two levels. */
const DEPTH_MAX = 16;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Whether a request has a body. In HTTP/1.1, one of these headers announces it. */
export function hasBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || announcedLength(request) > 0;
}

/** Whether the body is not compressed. */
export function isPlain({ headers }: IncomingMessage): boolean {
  const encoding = headers['content-encoding'];
  return encoding === undefined || encoding.toLowerCase() === 'identity';
}

/** How many bytes the body will have. 0 if the client does not say. */
export function announcedLength({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}

/**
 * Reads a whole body of at most `bodyBytesMax` bytes. Calls back once, with the bytes, or with `body_too_large` as soon as
 * that is certain. If the client disconnects, it never calls back.
 */
export function readBody(
  request: IncomingMessage,
  done: (error: OctoStoreError | null, body: Buffer) => void,
): void {
  const limit = bodyBytesMax(request);
  if (announcedLength(request) > limit) return done(tooLarge(limit), Buffer.alloc(0));
  const chunks: Buffer[] = [];
  let length = 0;
  const onData = (chunk: Buffer): void => {
    chunks.push(chunk);
    length += chunk.length;
    if (length <= limit) return;
    request.off('data', onData).off('end', onEnd).pause();
    done(tooLarge(limit), Buffer.alloc(0));
  };
  const onEnd = (): void => {
    const [only] = chunks;
    done(null, chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
  };
  request.on('data', onData).on('end', onEnd);
}

function tooLarge(limit: number): OctoStoreError {
  return new OctoStoreError('body_too_large', { details: `The limit is ${limit} bytes.` });
}

/**
 * Parses a body as JSON. Ignores its Content-Type, because `curl -d` announces a form. An empty body counts as `{}`. Throws
 * `malformed_json`.
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(isAscii(body) ? body.toString('latin1') : utf8.decode(body));
  } catch {
    throw new OctoStoreError('malformed_json');
  }
  if (isTooDeep(value))
    throw new OctoStoreError('malformed_json', {
      details: `The JSON is nested too deeply. The limit is ${DEPTH_MAX} levels.`,
    });
  return value;
}

function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === DEPTH_MAX) return true;
  return Object.values(value).some((member) => isTooDeep(member, depth + 1));
}
