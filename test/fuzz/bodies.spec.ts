import { randomUUID } from 'node:crypto';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiContract, closed } from '../support/schema.js';
import type { Reply } from '../support/client.js';
import { ManualClock } from '../support/manual-clock.js';
import { newName, openSession, useServer } from '../http/suite.js';
import { budget } from './budget.js';
import { countsOf } from './counts.js';
import { objectText, otherText } from './texts.js';

// Its clock stands still: nothing changes by itself.
const suite = useServer(
  { MAX_LOCKS_PER_USER: '1000000', MAX_SESSIONS_PER_USER: '1000000' },
  new ManualClock(),
);
const contract = ApiContract.load();

const ajv = new Ajv2020({ strict: false });
formats.default(ajv);
ajv.addSchema(closed(contract.document) as object, 'openapi');

/** The routes that take a body, each with one that is valid. */
const ROUTES: Record<string, Record<string, unknown>> = {
  'POST /locks/{name}/acquire': {
    ttl_seconds: 60,
    lease_id: randomUUID(),
    session_id: null,
    metadata: 'm',
    wait_seconds: 0,
  },
  'POST /locks/{name}/release': { lease_id: randomUUID() },
  'POST /locks/{name}/renew': { lease_id: randomUUID(), ttl_seconds: 60 },
  'POST /sessions': { ttl_seconds: 60 },
  'POST /webhooks': {
    url: 'https://example.com/hook',
    secret: 'a secret',
    events: ['acquired'],
    lock_pattern: 'a/*',
  },
};

const REFUSALS = ['validation_failed', 'malformed_json', 'webhook_url_invalid'];

test('every route that takes a body is attacked here', () => {
  const routes = contract.routes
    .filter(({ operation }) => operation.requestBody !== undefined)
    .map(({ method, template }) => `${method} ${template}`);
  expect(Object.keys(ROUTES).toSorted()).toEqual(routes.toSorted());
});

describe.each(Object.entries(ROUTES))('%s', (route, valid) => {
  const [, template = ''] = route.split(' ');
  const validate = requestValidator(template);

  const send = (body: string): Promise<Reply> =>
    suite.alice.post(template.replace('{name}', newName()), body);

  test('refuses exactly the objects that its schema does not allow', async () => {
    await fc.assert(
      fc.asyncProperty(objectText(valid), async (body) => {
        const before = countsOf(suite.server);
        const reply = await send(body);
        const isAllowed = validate(JSON.parse(body));
        if (isAllowed && isPlain(body)) expect(codeOf(reply)).not.toBe('validation_failed');
        if (isAllowed) return;
        expect(REFUSALS).toContain(codeOf(reply));
        expect(countsOf(suite.server)).toEqual(before);
      }),
      budget(),
    );
  });

  test('refuses what is no object', async () => {
    await fc.assert(
      fc.asyncProperty(otherText, async (body) => {
        const before = countsOf(suite.server);
        const reply = await send(body);
        // No body, and nothing in it, is an empty object: all that sessions need.
        if (validate(parsed(body))) return;
        expect(REFUSALS).toContain(codeOf(reply));
        expect(countsOf(suite.server)).toEqual(before);
      }),
      budget(0.5),
    );
  });
});

test('bytes that are no UTF-8 are refused, whatever they would mean otherwise', async () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 8 }).filter((some) => !isUtf8(some));
  await fc.assert(
    fc.asyncProperty(bytes, async (some) => {
      const before = countsOf(suite.server);
      const body = Buffer.concat([
        Buffer.from('{"ttl_seconds":60,"metadata":"'),
        Buffer.from(some),
        Buffer.from('"}'),
      ]);
      const response = await fetch(`${suite.server.url}/locks/${newName()}/acquire`, {
        method: 'POST',
        headers: { authorization: `Bearer ${suite.server.token}` },
        body,
      });
      expect(await response.json()).toMatchObject({ code: 'malformed_json' });
      expect(countsOf(suite.server)).toEqual(before);
    }),
    budget(0.5),
  );
});

test('after all that the server works', async () => {
  expect(await openSession(suite.bob)).toMatch(/-/);
  expect((await suite.nobody.get('/health/ready')).status).toBe(200);
});

function requestValidator(template: string): ValidateFunction {
  const path = encodeURIComponent(template.replaceAll('/', '~1'));
  const schema = ajv.getSchema(`openapi#/paths/${path}/post/requestBody/content/application~1json/schema`);
  if (schema === undefined) throw new Error(`${template} takes no body`);
  return schema as ValidateFunction;
}

function parsed(body: string): unknown {
  if (body === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Lengths are counted in bytes, which a schema cannot say; for ASCII there is no difference. */
function isPlain(body: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return /^[\u0000-\u007f]*$/.test(body) && !/\\u[^0]/i.test(body);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function codeOf({ body }: Reply): unknown {
  return body['code'];
}
