const HOST = 'host: octostore';
const POST = `POST /locks/a/acquire HTTP/1.1\r\n${HOST}\r\ncontent-type: application/json\r\n`;
const GET_HEALTH = `GET /health HTTP/1.1\r\n${HOST}\r\n\r\n`;
const CONNECT = 'CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n';

/** The beginning of a TLS 1.2 handshake. */
const CLIENT_HELLO = Buffer.concat([
  Buffer.from('16030100800100007c0303', 'hex'),
  Buffer.alloc(32, 7),
  Buffer.from('000004c02fc0300100004f', 'hex'),
  Buffer.alloc(79, 1),
]).toString('latin1');

const TUNNELS = {
  CONNECT,
  'CONNECT with bytes for the tunnel': `${CONNECT}${CLIENT_HELLO}`,
  'CONNECT without a Host': 'CONNECT a:1 HTTP/1.1\r\n\r\n',
  'CONNECT to a path': `CONNECT /locks HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'CONNECT behind a request': `${GET_HEALTH}${CONNECT}`,
  'CONNECT, twice': `${CONNECT}${CONNECT}`,
  'CONNECT with a body': `CONNECT a:1 HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello`,
  'an upgrade to WebSocket': upgrade(
    'websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
  ),
  'an upgrade to h2c': upgrade('h2c', 'http2-settings: AAMAAABkAAQCAAAAAAIAAAAA'),
  'an upgrade to nothing': upgrade(''),
  'an upgrade to garbage': upgrade('\x01\x7f, ,,'),
  'an upgrade without a Connection header': `GET /health HTTP/1.1\r\n${HOST}\r\nupgrade: websocket\r\n\r\n`,
  'Connection: upgrade without an Upgrade header': `GET /health HTTP/1.1\r\n${HOST}\r\nconnection: upgrade\r\n\r\n`,
  'an upgrade followed by bytes': `${upgrade('websocket')}${CLIENT_HELLO}`,
  'an upgrade behind a request': `${GET_HEALTH}${upgrade('websocket')}`,
  'an upgrade with a body': `${POST}connection: upgrade\r\nupgrade: h2c\r\ncontent-length: 2\r\n\r\n{}`,
  'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00',
  'a TLS handshake': CLIENT_HELLO,
} as const;

const EXPECTATIONS = {
  'Expect: 100-continue without the body': `${POST}expect: 100-continue\r\ncontent-length: 10\r\n\r\n`,
  'Expect: 100-continue with the body': `${POST}expect: 100-continue\r\ncontent-length: 2\r\n\r\n{}`,
  'Expect: 100-continue for too much': `${POST}expect: 100-continue\r\ncontent-length: 99999999\r\n\r\n`,
  'Expect: 100-continue in chunks': `${POST}expect: 100-continue\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  'Expect: nonsense': `${POST}expect: nonsense\r\ncontent-length: 2\r\n\r\n{}`,
  'Expect: twice': `${POST}expect: 100-continue\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n{}`,
  'Expect: nothing': `GET /health HTTP/1.1\r\n${HOST}\r\nexpect:\r\n\r\n`,
  'Expect: 100-continue in HTTP/1.0': `POST /locks/a/acquire HTTP/1.0\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n{}`,
} as const;

const REQUEST_LINES = {
  TRACE: `TRACE / HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'TRACE with a body': `TRACE / HTTP/1.1\r\n${HOST}\r\ncontent-length: 2\r\n\r\n{}`,
  'OPTIONS *': `OPTIONS * HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'an unknown method': `FROBNICATE / HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'a method in lower case': `get /health HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'a method that only Node knows': `M-SEARCH * HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'an RTSP request': 'DESCRIBE rtsp://a/b RTSP/1.0\r\nCSeq: 1\r\n\r\n',
  'HTTP/0.9': 'GET /\r\n',
  'HTTP/1.0': 'GET /health HTTP/1.0\r\n\r\n',
  'HTTP/1.0 with keep-alive': 'GET /health HTTP/1.0\r\nconnection: keep-alive\r\n\r\n',
  'HTTP/9.9': `GET / HTTP/9.9\r\n${HOST}\r\n\r\n`,
  'HTTP without a version': `GET / HTTP/\r\n\r\n`,
  'only line breaks': '\r\n\r\n\r\n\r\n',
  'a zero byte': '\0',
  'a line without an end': 'G'.repeat(3000),
  'two spaces': `GET  /health HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'an absolute URL': `GET http://other/health HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'an invalid absolute URL': `GET http://[::1/health HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'a URL of 20 KB': `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'a URL with path traversal': `GET /docs/../../../etc/passwd HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'a URL with encoded path traversal': `GET /docs/..%2f..%2f%00 HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'a URL with bad escapes': `GET /docs/%zz%c0%af HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'bare line feeds': `GET /health HTTP/1.1\n${HOST}\n\n`,
  'no Host': 'GET /health HTTP/1.1\r\n\r\n',
  'two Hosts': `GET /health HTTP/1.1\r\n${HOST}\r\nhost: b\r\n\r\n`,
} as const;

const HEADERS = {
  'a header of 20 KB': get('/health', `x: ${'a'.repeat(20_000)}`),
  'very many headers': get('/health', ...Array.from({ length: 3000 }, (_, at) => `x${at}: 1`)),
  'a header without a colon': get('/health', 'nonsense'),
  'a header without a name': get('/health', ': x'),
  'a header with a zero byte': get('/health', 'x: \0'),
  'a header with a line break inside': get('/health', 'x: a\rb'),
  'a folded header': get('/health', 'x: a', ' b'),
  'headers that Node joins': get(
    '/health',
    'cookie: a=b',
    'cookie: c',
    'set-cookie: x',
    'x-request-id: a',
    'x-request-id: b',
  ),
  __proto__: get('/health', '__proto__: x', 'constructor: y', 'hasOwnProperty: z'),
  'a token of bad bytes': get('/locks', 'authorization: Bearer \xff\xfe\x80'),
  'forged addresses': get('/health', 'x-forwarded-for: ::ffff:999.1.1.1, ,,unknown', 'forwarded: for="[::1"'),
  'ranges of a file': get('/docs/swagger-ui-bundle.js', `range: bytes=${'0-1,'.repeat(2000)}5-`),
  'a range without an end': get('/docs/swagger-ui-bundle.js', 'range: bytes=-0'),
  'invalid dates': get('/docs/swagger-ui-bundle.js', 'if-modified-since: \xff', 'if-range: ,'),
} as const;

const BODIES = {
  'a length below zero': `${POST}content-length: -1\r\n\r\n`,
  'an invalid length': `${POST}content-length: 1e3\r\n\r\n`,
  'a huge length': `${POST}content-length: 99999999999999999999\r\n\r\n{}`,
  'two lengths': `${POST}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`,
  'a length and chunks': `${POST}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  'an unknown encoding': `${POST}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  'chunked twice': `${POST}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  'a chunk extension': chunked('2;a=b;c="d"\r\n{}\r\n0\r\n\r\n'),
  'a chunk extension of 20 KB': chunked(`2;a=${'b'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`),
  'very many chunk extensions': chunked(`${'1;a=b\r\nx\r\n'.repeat(2000)}0\r\n\r\n`),
  'an invalid chunk size': chunked('zz\r\n{}\r\n'),
  'a huge chunk size': chunked('ffffffffffffffffff\r\n{}\r\n'),
  'a chunk size below zero': chunked('-2\r\n{}\r\n'),
  'a chunk without a line break': chunked('2\r\n{}0\r\n\r\n'),
  trailers: chunked('2\r\n{}\r\n0\r\nx: y\r\nauthorization: Bearer z\r\n\r\n'),
  'trailers of 20 KB': chunked(`2\r\n{}\r\n0\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`),
  'an invalid trailer': chunked('0\r\nnonsense\r\n\r\n'),
  'a body that is too large': `${POST}content-length: 40000\r\n\r\n${'a'.repeat(40_000)}`,
  'a body that is too large, in chunks': chunked(`9c40\r\n${'a'.repeat(40_000)}\r\n0\r\n\r\n`),
  'half a head': `${POST}content-le`,
  'half a body': `${POST}content-length: 1000\r\n\r\n{"ttl_seconds"`,
  'half a body in chunks': chunked('f\r\n{"ttl_'),
  'a body that is too long': `${POST}content-length: 2\r\n\r\n{}{}{}`,
  'a body with invalid JSON': `${POST}content-length: 3\r\n\r\n{]}`,
  'a body to a file': `GET /docs/swagger-ui-bundle.js HTTP/1.1\r\n${HOST}\r\ncontent-length: 9\r\n\r\nab`,
} as const;

const STREAMS = {
  'a watch without a token': get('/watch?prefix='),
  'a large file': get('/docs/swagger-ui-bundle.js'),
  'a large file, several times': get('/docs/swagger-ui-bundle.js').repeat(8),
  'a file by HEAD': `HEAD /docs/swagger-ui-bundle.js HTTP/1.1\r\n${HOST}\r\n\r\n`,
  'a missing file': get('/docs/none.js'),
  'a request and garbage': `${GET_HEALTH}\x16\x03\x01\x00`,
  'many requests': GET_HEALTH.repeat(50),
  'a sign-in': get('/auth/github'),
  'a sign-in that was not started': get(
    '/auth/github/callback?code=a&state=b',
    'cookie: octostore_sign_in=\xff',
  ),
} as const;

/** Hostile bytes that need no token, by name. One character per byte. */
export const HOSTILE: readonly (readonly [name: string, text: string])[] = Object.entries({
  ...TUNNELS,
  ...EXPECTATIONS,
  ...REQUEST_LINES,
  ...HEADERS,
  ...BODIES,
  ...STREAMS,
});

/** Texts that are cut off after each of their bytes. */
export const CUT_EVERYWHERE: readonly string[] = [
  TUNNELS['CONNECT with bytes for the tunnel'].slice(0, 50),
  upgrade('h2c'),
  EXPECTATIONS['Expect: 100-continue in chunks'],
  chunked('2;a=b\r\n{}\r\n0\r\nx: y\r\n\r\n'),
  `${GET_HEALTH}${CONNECT}`,
];

function upgrade(protocol: string, ...headers: readonly string[]): string {
  return get('/health', 'connection: Upgrade, HTTP2-Settings', `upgrade: ${protocol}`, ...headers);
}

function get(path: string, ...headers: readonly string[]): string {
  return [`GET ${path} HTTP/1.1`, HOST, ...headers, '', ''].join('\r\n');
}

function chunked(body: string): string {
  return `${POST}transfer-encoding: chunked\r\n\r\n${body}`;
}
