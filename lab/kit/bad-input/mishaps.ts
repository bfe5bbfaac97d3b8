import * as fc from 'fast-check';
import { requestText } from '../http/raw-http.js';

/** Something that happens to the bytes of a request on their way. */
type Mishap = (bytes: Buffer) => Buffer;

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const some = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom('\r\n', '\r\n\r\n', '\n', '\0', ' ', ':', '0\r\n\r\n', 'HTTP/1.1', '%00')
    .map((text) => Buffer.from(text)),
);

const mishap: fc.Arbitrary<Mishap> = fc.oneof(
  fc.tuple(place, some).map(
    ([at, bytes]): Mishap =>
      (text) =>
        splice(text, at, 0, bytes),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 20 })).map(
    ([at, count]): Mishap =>
      (text) =>
        splice(text, at, count),
  ),
  fc.tuple(place, some).map(
    ([at, bytes]): Mishap =>
      (text) =>
        splice(text, at, bytes.length, bytes),
  ),
  place.map(
    (at): Mishap =>
      (text) =>
        text.subarray(0, Math.floor(at * text.length)),
  ),
  fc.constant<Mishap>((text) => Buffer.concat([text, text])),
);

function splice(text: Buffer, at: number, count: number, bytes: Buffer = Buffer.alloc(0)): Buffer {
  const start = Math.floor(at * text.length);
  return Buffer.concat([text.subarray(0, start), bytes, text.subarray(start + count)]);
}

/** Requests of a user, as they are written. */
export function requestsOf(token: string): Buffer[] {
  const headers = { authorization: `Bearer ${token}` };
  const chunks = '5\r\n{"ttl\r\nd\r\n_seconds":60}\r\n0\r\n\r\n';
  return [
    requestText('POST', '/locks/some-lock/acquire', headers, '{"ttl_seconds":60,"lease_id":null}'),
    requestText('POST', '/locks/some-lock/acquire', { ...headers, 'transfer-encoding': 'chunked' }) + chunks,
    requestText('POST', '/sessions', headers, '{"ttl_seconds":60}'),
    requestText('GET', '/locks?prefix=a', headers),
    requestText('DELETE', '/sessions/550e8400-e29b-41d4-a716-446655440000', headers),
  ].map((text) => Buffer.from(text));
}

/** The bytes of one of these requests after one to three mishaps. */
export function damaged(requests: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const mishaps = fc.array(mishap, { minLength: 1, maxLength: 3 });
  return fc
    .tuple(fc.constantFrom(...requests), mishaps)
    .map(([text, all]) => all.reduce((bytes, happen) => happen(bytes), text));
}

/** Bytes that are no request at all. */
export const noise = fc.uint8Array({ minLength: 1, maxLength: 2000 }).map((bytes) => Buffer.from(bytes));
