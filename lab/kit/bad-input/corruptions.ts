import * as fc from 'fast-check';
import { requestText } from '../http/raw-http.js';

/** A change to the bytes of a request in transit. */
type Corruption = (bytes: Buffer) => Buffer;

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const some = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom('\r\n', '\r\n\r\n', '\n', '\0', ' ', ':', '0\r\n\r\n', 'HTTP/1.1', '%00')
    .map((text) => Buffer.from(text)),
);

const corruption: fc.Arbitrary<Corruption> = fc.oneof(
  fc.tuple(place, some).map(
    ([at, bytes]): Corruption =>
      (text) =>
        splice(text, at, 0, bytes),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 20 })).map(
    ([at, count]): Corruption =>
      (text) =>
        splice(text, at, count),
  ),
  fc.tuple(place, some).map(
    ([at, bytes]): Corruption =>
      (text) =>
        splice(text, at, bytes.length, bytes),
  ),
  place.map(
    (at): Corruption =>
      (text) =>
        text.subarray(0, Math.floor(at * text.length)),
  ),
  fc.constant<Corruption>((text) => Buffer.concat([text, text])),
);

function splice(text: Buffer, at: number, count: number, bytes: Buffer = Buffer.alloc(0)): Buffer {
  const start = Math.floor(at * text.length);
  return Buffer.concat([text.subarray(0, start), bytes, text.subarray(start + count)]);
}

/** Valid requests of a user, as bytes. */
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

/** The bytes of one of these requests after one to three corruptions. */
export function corrupted(requests: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const corruptions = fc.array(corruption, { minLength: 1, maxLength: 3 });
  return fc
    .tuple(fc.constantFrom(...requests), corruptions)
    .map(([text, all]) => all.reduce((bytes, corrupt) => corrupt(bytes), text));
}

/** Random bytes instead of a request. */
export const noise = fc.uint8Array({ minLength: 1, maxLength: 2000 }).map((bytes) => Buffer.from(bytes));
