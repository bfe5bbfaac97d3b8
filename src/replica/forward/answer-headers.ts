import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { isHopByHop, namedByConnection } from './hop-by-hop.js';

type RawHeaders = Dispatcher.DispatchController['rawHeaders'] | readonly string[];

/** The headers of an answer that are passed on to the client, as names and values in turn. */
export function passedHeaders(
  raw: RawHeaders,
  { connection }: Pick<IncomingHttpHeaders, 'connection'>,
): string[] {
  const named = namedByConnection(connection);
  const headers: string[] = [];
  if (!Array.isArray(raw)) return headers;
  for (let index = 0; index < raw.length; index += 2) {
    const name = textOf(raw[index]);
    if (!isHopByHop(name.toLowerCase(), named)) headers.push(name, textOf(raw[index + 1]));
  }
  return headers;
}

/** As Node does, takes each byte for one character. */
function textOf(value: Buffer | string | undefined): string {
  return typeof value === 'string' ? value : (value?.toString('latin1') ?? '');
}

/** The first value of a header, whose name is in lower case. */
export function valueOf(raw: readonly string[], name: string): string | undefined {
  for (let index = 0; index < raw.length; index += 2) {
    if (raw[index]?.length === name.length && raw[index]?.toLowerCase() === name) return raw[index + 1];
  }
  return undefined;
}
