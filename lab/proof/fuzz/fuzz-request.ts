import type { Reply } from '../../kit/http/client.js';

/** Returns what is wrong with an answer, beyond what the API document says. */
export type Check = (reply: Reply, request: FuzzRequest) => string[];

/** A request, and a check of its answer. */
export interface FuzzRequest {
  readonly attack: string;
  readonly method: string;
  /** As sent, with the query. */
  readonly path: string;
  /** Header lines, sent unchanged. */
  readonly headers: readonly string[];
  readonly body: string | Buffer;
  readonly check: Check;
}

/** Bytes to send on a separate connection. Whatever they are, every answer must be valid. */
export interface RawFuzzRequest {
  readonly attack: string;
  readonly bytes: Buffer;
  /** The maximum number of answers. */
  readonly answersMax: number;
}

export const anyAnswer: Check = () => [];

/** Placeholders for values that only the attacker knows, when it sends the request. */
export const OWN = {
  /** The name of a lock that the attacker holds, and its lease. Unknown values if it holds none. */
  lock: 'the-lock-of-the-attacker',
  lease: '0a77ac4e-0000-4000-8000-000000000001',
  session: '0a77ac4e-0000-4000-8000-000000000002',
  webhook: '0a77ac4e-0000-4000-8000-000000000003',
  /** A name and a lease id that have not been used yet. */
  newLock: 'a-lock-that-is-new',
  newLease: '0a77ac4e-0000-4000-8000-000000000004',
} as const;

export type OwnThings = Readonly<Record<keyof typeof OWN, string>>;

/** The request with the attacker's own values in place of the placeholders. */
export function filledIn(request: FuzzRequest, ownThings: OwnThings): FuzzRequest {
  const fill = (text: string): string => {
    let filled = text;
    for (const [name, placeholder] of Object.entries(OWN) as [keyof typeof OWN, string][])
      filled = filled.replaceAll(placeholder, ownThings[name]);
    return filled;
  };
  const { path, body } = request;
  return { ...request, path: fill(path), body: typeof body === 'string' ? fill(body) : body };
}

/** The bytes of a request. A `content-length` comes before the given headers if there is a body. */
export function bytesOf({ method, path, headers, body }: FuzzRequest): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const length = bytes.length === 0 ? [] : [`content-length: ${bytes.length}`];
  const head = [`${method} ${path} HTTP/1.1`, 'host: octostore', ...length, ...headers, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}
