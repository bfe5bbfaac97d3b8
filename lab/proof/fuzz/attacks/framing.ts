import * as fc from 'fast-check';
import { headerValue } from '../../../kit/bad-input/header-values.js';
import { corrupted, noise, requestsOf } from '../../../kit/bad-input/corruptions.js';
import type { RawFuzzRequest } from '../fuzz-request.js';
import { authorizationOf, type RawAttack, type Target } from './attack.js';

/** Valid requests with corrupted bytes. */
export function corruptBytes({ user }: Target): RawAttack {
  const requests = corrupted(requestsOf(user.token)).map((bytes): RawFuzzRequest => ({
    attack: 'corrupted bytes',
    bytes,
    answersMax: Infinity,
  }));
  return { share: 4, requests };
}

/** Random bytes. */
export function sendNoise(): RawAttack {
  const requests = noise.map((bytes): RawFuzzRequest => ({ attack: 'noise', bytes, answersMax: Infinity }));
  return { share: 1, requests };
}

/** A request hidden behind a body of ambiguous length. A server that answers it is open to request smuggling. */
const SMUGGLED = 'GET /status HTTP/1.1\r\nhost: a\r\n\r\n';
const CHUNKS = `5\r\n{"ttl\r\nd\r\n_seconds":60}\r\n0\r\n\r\n`;

/** Invalid or contradictory headers for the length of the body, and the bytes that follow them. */
const AMBIGUOUS: readonly (readonly [readonly string[], string])[] = [
  [['Content-Length: 6', 'Transfer-Encoding: chunked'], `0\r\n\r\nG${SMUGGLED}`],
  [['Transfer-Encoding: chunked', 'Content-Length: 4'], `5c\r\n${SMUGGLED}`],
  [['Content-Length: 0', `Content-Length: ${SMUGGLED.length}`], SMUGGLED],
  [['Content-Length: 0, 5'], SMUGGLED],
  [['Content-Length: -1'], SMUGGLED],
  [['Content-Length: +0'], SMUGGLED],
  [['Content-Length: 0x0'], SMUGGLED],
  [['Content-Length: 99999999999999999999999'], SMUGGLED],
  [['Content-Length: '], SMUGGLED],
  [['Content-Length : 5'], SMUGGLED],
  [['Transfer-Encoding: xchunked'], `0\r\n\r\n${SMUGGLED}`],
  [['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${SMUGGLED}`],
  [['Transfer-Encoding: identity', 'Transfer-Encoding: chunked, x'], `0\r\n\r\n${SMUGGLED}`],
  [['Transfer-Encoding:\u000bchunked'], `0\r\n\r\n${SMUGGLED}`],
  [['Transfer-Encoding\u0000: chunked'], `0\r\n\r\n${SMUGGLED}`],
  [['X: y\rTransfer-Encoding: chunked'], `0\r\n\r\n${SMUGGLED}`],
  [['Transfer-Encoding: chunked'], `-1\r\n${SMUGGLED}`],
  [['Transfer-Encoding: chunked'], `ffffffffffffffffff\r\n${SMUGGLED}`],
  [['Transfer-Encoding: chunked'], `1;${'x'.repeat(20_000)}\r\n${SMUGGLED}`],
];

const LINES: readonly string[] = [
  'GET /status HTTP/0.9',
  'GET /status HTTP/1.2',
  'GET /status HTTP/2.0',
  'GET  /status HTTP/1.1',
  'GET /sta tus HTTP/1.1',
  'get /status HTTP/1.1',
  'G\u0000T /status HTTP/1.1',
  'GET status HTTP/1.1',
  'GET http://elsewhere.invalid/status HTTP/1.1',
  'GET //elsewhere.invalid/status HTTP/1.1',
  'GET ?status HTTP/1.1',
  'GET /status?\u0001 HTTP/1.1',
  `GET /${'a'.repeat(17_000)} HTTP/1.1`,
  'OPTIONS * HTTP/1.1',
  'CONNECT elsewhere.invalid:443 HTTP/1.1',
  'PRI * HTTP/2.0\r\n\r\nSM',
  'HELO elsewhere.invalid',
];

const HEADERS: readonly string[] = [
  'Expect: 100-continue',
  'Expect: the unexpected',
  'Connection: upgrade\r\nUpgrade: websocket',
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__',
  'Host: another',
  'No-Colon',
  ': no name',
  'X: folded\r\n more',
  'X: \u0000',
  `X: ${'a'.repeat(17_000)}`,
  'X: y\r\n'.repeat(1500).trimEnd(),
  'X: y\n\nGET /status HTTP/1.1',
];

/** The first bytes of a TLS handshake. */
const CLIENT_HELLO = Buffer.from('16030100f8010000f40303', 'hex');

/** Protocol errors: ambiguous lengths, and invalid request lines and headers. */
export function breakProtocol({ user }: Target): RawAttack {
  const attack = 'protocol errors';
  const head = [`POST /locks/some-lock/acquire HTTP/1.1`, 'host: a', authorizationOf(user)];
  const ambiguous = fc.constantFrom(...AMBIGUOUS).map(([headers, rest]): RawFuzzRequest => {
    const bytes = Buffer.from([...head, ...headers, '', rest].join('\r\n'), 'latin1');
    return { attack, bytes, answersMax: 1 };
  });
  const line = fc.constantFrom(...LINES).map((text): RawFuzzRequest => ({
    attack,
    bytes: Buffer.from(`${text}\r\nhost: a\r\n\r\n`, 'latin1'),
    answersMax: 1,
  }));
  const header = fc.tuple(fc.constantFrom(...HEADERS), headerValue).map(([text, value]): RawFuzzRequest => {
    const all = [...head, 'transfer-encoding: chunked', text, `x-more: ${value}`, '', CHUNKS];
    return { attack, bytes: Buffer.from(all.join('\r\n'), 'latin1'), answersMax: 2 };
  });
  const hello = fc.constant<RawFuzzRequest>({ attack, bytes: CLIENT_HELLO, answersMax: 1 });
  return { share: 3, requests: fc.oneof({ weight: 3, arbitrary: ambiguous }, line, header, hello) };
}
