import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';

/** JSON numbers, including some that are out of range and some at the edge of what is allowed. */
const number = fc.oneof(
  fc.constantFrom('0', '1', '-1', '-0', '0.0', '1.0', '1.5', '10', '60', '300', '301', '3600', '3601', '61'),
  fc.constantFrom('1e1', '1E+2', '1e-1', '1e999', '-1e999', '9007199254740992', '1e308', '0.1e2'),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);

const uuid = fc.oneof(
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
  fc.constantFrom('00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
);

/** JSON strings, including escapes that are legal in JSON but are not valid Unicode. */
const string = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => JSON.stringify(text)),
  fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => JSON.stringify(text)),
  fc.constantFrom(
    '""',
    '"\\u0000"',
    '"\\ud800"',
    '"\\udfff\\ud800"',
    '"\\uffff"',
    '"\\u2028"',
    '"60"',
    '"*"',
  ),
  fc.constantFrom('"https://127.0.0.1:1/hook"', '"http://example.com"', '"javascript:alert(1)"', '"//x"'),
  fc.integer({ min: 1020, max: 1030 }).map((length) => `"${'x'.repeat(length)}"`),
  uuid.map((id) => `"${id}"`),
);

const scalar = fc.oneof(number, string, fc.constantFrom('true', 'false', 'null'));

const nested = fc.oneof(
  fc.array(scalar, { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
  scalar.map((value) => `{"value":${value}}`),
  fc.constantFrom(2, 15, 16, 17, 18, 2000).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.constantFrom(2, 15, 16, 17, 18, 2000).map((depth) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)),
  fc.constantFrom('["acquired"]', '["*"]', '["acquired","acquired"]', '["stolen"]', '[null]'),
);

/** Any JSON value, as text. */
export const jsonText: Arbitrary<string> = fc.oneof({ weight: 4, arbitrary: scalar }, nested);

const strangeKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  'ttl',
  'TTL_SECONDS',
];

/** JSON objects with the members of a valid one: some left out, some replaced, some repeated, and some unknown ones added. */
export function objectText(valid: Readonly<Record<string, unknown>>): Arbitrary<string> {
  const known = Object.entries(valid).map(([key, value]) =>
    fc.oneof(
      { weight: 5, arbitrary: fc.constant([member(key, JSON.stringify(value))]) },
      { weight: 1, arbitrary: fc.constant<string[]>([]) },
      { weight: 2, arbitrary: jsonText.map((text) => [member(key, text)]) },
      {
        weight: 1,
        arbitrary: jsonText.map((text) => [member(key, text), member(key, JSON.stringify(value))]),
      },
    ),
  );
  const unknown = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...strangeKeys), fc.string()), jsonText), {
    maxLength: 2,
  });
  return fc
    .tuple(fc.tuple(...known), fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, unknown))
    .map(([members, others]) => [
      ...members.flat(),
      ...others.map(([key, text]) => member(JSON.stringify(key), text, true)),
    ])
    .map((members) => `{${members.join(',')}}`);
}

function member(key: string, text: string, isQuoted = false): string {
  return `${isQuoted ? key : `"${key}"`}:${text}`;
}

/** Bodies that are not an object. */
export const otherText: Arbitrary<string> = fc.oneof(
  jsonText,
  fc.constantFrom(
    '',
    ' ',
    '{',
    '}',
    '{}{}',
    '[]',
    'null',
    '"',
    "{'a':1}",
    '{a:1}',
    '{"a":1,}',
    '// x\n{}',
    '\u0000',
  ),
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.json(),
);
