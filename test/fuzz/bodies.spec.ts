import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { ApiContract } from '../../lab/kit/http/schema.js';
import type { Reply } from '../../lab/kit/http/client.js';
import { ManualClock } from '../support/manual-clock.js';
import { makeFolder } from '../support/temp-folder.js';
import { newName, openSession, useServer } from '../http/suite.js';
import { budget } from './budget.js';
import {
  BODY_ROUTES,
  brokenText,
  isOfUnissuedToken,
  isPlain,
  parsed,
  REFUSALS,
  RequestBodies,
} from '../../lab/kit/bad-input/bodies.js';
import { BODY_BYTES_MAX } from '../../src/http/input/request-body.js';
import { countsOf } from './counts.js';
import { objectText, otherText } from '../../lab/kit/bad-input/texts.js';

const folder = makeFolder();
const issuersFile = join(folder.path, 'issuers.yaml');
writeFileSync(
  issuersFile,
  'issuers: [{ issuer: "https://127.0.0.1:1", audience: a, subjects: ["repo:acme/*"] }]',
);
afterAll(folder.remove);

// The clock does not advance, so only requests change anything.
const suite = useServer(
  {
    MAX_LOCKS_PER_USER: '1000000',
    MAX_SESSIONS_PER_USER: '1000000',
    WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
    TRUSTED_ISSUERS_FILE: issuersFile,
  },
  new ManualClock(),
);
const contract = ApiContract.load();

const bodies = new RequestBodies(contract);

test('every route that takes a body is tested here', () => {
  const routes = contract.routes
    // A PUT of a policy has the body of its check, and needs a header.
    .filter(({ method, operation }) => method === 'POST' && operation.requestBody !== undefined)
    .map(({ method, template }) => `${method} ${template}`);
  expect(Object.keys(BODY_ROUTES).toSorted()).toEqual(routes.toSorted());
});

describe.each(Object.entries(BODY_ROUTES))('%s', (route, valid) => {
  const [, template = ''] = route.split(' ');

  const send = (body: string): Promise<Reply> => {
    const isForOperators = template.startsWith('/admin/') || template.endsWith('/break');
    const client = isForOperators ? suite.operator : suite.alice;
    return client.post(template.replace('{name}', newName()), body);
  };

  test('refuses exactly the objects that its schema does not allow', async () => {
    await fc.assert(
      fc.asyncProperty(objectText(valid), async (body) => {
        const before = countsOf(suite.server);
        const reply = await send(body);
        const isAllowed = bodies.allow(template, JSON.parse(body));
        if (isAllowed && isPlain(body) && !isOfUnissuedToken(reply))
          expect(codeOf(reply)).not.toBe('validation_failed');
        if (isAllowed) return;
        if (Buffer.byteLength(body) > BODY_BYTES_MAX) expect(codeOf(reply)).toBe('body_too_large');
        else expect(REFUSALS).toContain(codeOf(reply));
        expect(countsOf(suite.server)).toEqual(before);
      }),
      budget(),
    );
  });

  test('refuses a body that is not an object', async () => {
    await fc.assert(
      fc.asyncProperty(otherText, async (body) => {
        const before = countsOf(suite.server);
        const reply = await send(body);
        // A missing or blank body counts as an empty object, which is enough for a session.
        if (bodies.allow(template, parsed(body))) return;
        expect(REFUSALS).toContain(codeOf(reply));
        expect(countsOf(suite.server)).toEqual(before);
      }),
      budget(0.5),
    );
  });
});

test('bytes that are not UTF-8 are refused, whatever they would mean otherwise', async () => {
  await fc.assert(
    fc.asyncProperty(brokenText, async (body) => {
      const before = countsOf(suite.server);
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

test('the server still works afterwards', async () => {
  expect(await openSession(suite.bob)).toMatch(/-/);
  expect((await suite.nobody.get('/health/ready')).status).toBe(200);
});

function codeOf({ body }: Reply): unknown {
  return body['code'];
}
