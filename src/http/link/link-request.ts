import type { Piece } from './frames.js';

/** A request as it is sent over a link. */
export interface LinkRequest {
  readonly method: string;
  readonly url: string;
  /** The address of the client. */
  readonly client: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Node accepts it in no part of a request but the body. */
const SEPARATOR = '\0';

export function encodeRequest({ method, url, client, headers, body }: LinkRequest): readonly Piece[] {
  const head = [body.length, method, url, client, ...headers].join(SEPARATOR) + SEPARATOR;
  if (body.length === 0) return [{ data: head, encoding: 'latin1' }];
  return [
    { data: head, encoding: 'latin1' },
    { data: body, encoding: 'latin1' },
  ];
}

/** The result shares no memory with `content`. */
export function decodeRequest(content: Buffer): LinkRequest {
  const bodyLength = Number(content.toString('latin1', 0, content.indexOf(SEPARATOR)));
  const bodyStart = content.length - bodyLength;
  const texts = content.toString('latin1', 0, bodyStart - SEPARATOR.length).split(SEPARATOR);
  const [, method = '', url = '', client = ''] = texts;
  return { method, url, client, headers: texts.slice(4), body: copyOf(content.subarray(bodyStart)) };
}

/** Without Node's pool: a request that waits would keep the bytes of others in memory. */
function copyOf(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
