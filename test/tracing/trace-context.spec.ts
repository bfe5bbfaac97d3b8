import { expect, test } from 'vitest';
import { traceContextIn, traceHeaders } from '../../src/tracing/trace-context.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const VALID = `00-${TRACE}-${SPAN}-01`;

test('the headers of a trace are read and passed on as they were', () => {
  const headers = { traceparent: VALID, tracestate: 'vendor=1,other=2' };
  const context = traceContextIn(headers);
  expect(context).toEqual({ traceId: TRACE, spanId: SPAN, flags: 1, state: 'vendor=1,other=2' });
  expect(context === null ? null : traceHeaders(context)).toEqual(headers);
});

test('a later version may have more fields, and goes on as the first version', () => {
  const context = traceContextIn({ traceparent: `cc-${TRACE}-${SPAN}-03-more` });
  expect(context === null ? null : traceHeaders(context)).toEqual({ traceparent: `00-${TRACE}-${SPAN}-03` });
});

test.each([
  ['none', undefined],
  ['empty', ''],
  ['the reserved version', `ff-${TRACE}-${SPAN}-01`],
  ['more fields than the first version has', `${VALID}-more`],
  ['capitals', VALID.toUpperCase()],
  ['no trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['no span', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
  ['two of them', `${VALID}, ${VALID}`],
])('a request belongs to no trace if its header is invalid: %s', (_, traceparent) => {
  expect(traceContextIn(traceparent === undefined ? {} : { traceparent })).toBeNull();
});

test.each([
  ['too long', 'a=1'.repeat(200)],
  ['with control characters', 'a=\t1'],
  ['empty', ''],
])('the state of other systems is dropped if it is %s', (_, tracestate) => {
  expect(traceContextIn({ traceparent: VALID, tracestate })).toMatchObject({ traceId: TRACE, state: null });
});
