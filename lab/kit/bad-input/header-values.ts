import * as fc from 'fast-check';

/** Any header value: all bytes are allowed except those that would end the header. */
export const headerValue = fc.oneof(
  fc.stringMatching(/^[\t -~]{0,40}$/),
  fc
    .uint8Array({ maxLength: 40 })
    .map((bytes) => Buffer.from(bytes.filter((byte) => byte >= 0x20 && byte !== 0x7f)).toString('latin1')),
);

/** Authorization schemes, good and bad. */
export const scheme = fc.constantFrom(
  'Bearer',
  'bearer',
  'BEARER',
  'Basic',
  'Token',
  'Bearer Bearer',
  '',
  'Bearer\t',
  'Bearer:',
);

/** Tokens that no user has, most of them close to a valid one. */
export const badToken = (good: string): fc.Arbitrary<string> =>
  fc
    .oneof(
      headerValue,
      fc.constantFrom('', 'null', 'undefined', 'octo_', `octo_${'a'.repeat(38)}`, 'x'.repeat(513), '*'),
      fc.constantFrom(good.slice(0, -1), `${good}x`, good.toUpperCase(), `"${good}"`, `${good},${good}`),
      fc.nat(good.length - 1).map((index) => good.slice(0, index) + good.slice(index + 1)),
      fc.nat(good.length - 1).map((index) => `${good.slice(0, index)}~${good.slice(index + 1)}`),
    )
    .filter((text) => text.trim() !== good && !text.trim().includes(` ${good}`));

const NAMES = [
  'X-Request-Id',
  'Content-Type',
  'Accept',
  'Accept-Encoding',
  'Origin',
  'Cookie',
  'If-None-Match',
  'If-Match',
  'Range',
  'X-Forwarded-For',
  'X-Forwarded-Proto',
  'X-HTTP-Method-Override',
  'Forwarded',
  'Host',
  'Referer',
  'User-Agent',
  'Last-Event-ID',
  'Date',
  'TE',
  'Via',
] as const;

/** Header lines that do not change what a request means. */
export const idleHeader = fc
  .tuple(fc.constantFrom(...NAMES), headerValue)
  .map(([name, text]) => `${name}: ${text}`);

/** A request without a body. The header lines are sent exactly as given. */
export function request(method: string, path: string, lines: readonly string[]): Buffer {
  return Buffer.from([`${method} ${path} HTTP/1.1`, 'host: a', ...lines, '', ''].join('\r\n'), 'latin1');
}
