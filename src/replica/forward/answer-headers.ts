import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { isHopByHop, namedByConnection } from './hop-by-hop.js';

type RawHeaders = Dispatcher.DispatchController['rawHeaders'];

/** The headers of an answer that are passed on to the client, as names and values in turn. */
export function passedHeaders(raw: RawHeaders, { connection }: IncomingHttpHeaders): string[] {
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
