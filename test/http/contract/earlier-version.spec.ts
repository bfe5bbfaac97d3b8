import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import type { Reply } from '../../../lab/kit/http/client.js';
import { ApiContract, type OpenApiDocument, type Route } from '../../../lab/kit/http/schema.js';
import { ALICE } from '../../support/server.js';
import { acquire, newName, openSession, useServer } from '../suite.js';

/**
 * Clients of OctoStore 0.9 keep working: this server keeps the promises of its API document, and needs no more from
 * clients than it did. New fields may appear beside the old ones.
 */
const suite = useServer();
const document = withNullableTypes(
  load(readFileSync(new URL('openapi-0.9.0.yaml', import.meta.url), 'utf8')),
) as OpenApiDocument;
const earlier = new ApiContract(document);
const present = ApiContract.load();

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(document, 'earlier');

/** `nullable` of OpenAPI 3.0 in terms of JSON Schema. */
function withNullableTypes(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withNullableTypes);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withNullableTypes(value)]),
  );
  return copy['nullable'] === true ? { ...copy, type: [copy['type'], 'null'] } : copy;
}

function counterpart({ method, template }: Route): Route | undefined {
  return present.routes.find((route) => route.method === method && route.template === template);
}

describe('each route of 0.9', () => {
  test.each(earlier.routes)('$method $template exists, with its answers', (route) => {
    const now = counterpart(route)?.operation.responses ?? {};
    expect(Object.keys(now)).toEqual(expect.arrayContaining(Object.keys(route.operation.responses)));
  });

  test.each(earlier.routes.filter(({ operation }) => operation.requestBody !== undefined))(
    '$method $template requires no more than it did',
    (route) => {
      const before = requestSchemaOf(route, document);
      const now = requestSchemaOf(counterpart(route), present.document);
      expect(Object.keys(now.properties)).toEqual(expect.arrayContaining(Object.keys(before.properties)));
      expect(before.required ?? []).toEqual(expect.arrayContaining([...(now.required ?? [])]));
    },
  );
});

interface ObjectSchema {
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}

function requestSchemaOf(route: Route | undefined, of: OpenApiDocument): ObjectSchema {
  const schema = route?.operation.requestBody?.content['application/json']?.schema ?? {};
  const name = '$ref' in schema ? String(schema.$ref).split('/').at(-1) : undefined;
  return (name === undefined ? schema : of.components.schemas[name]) as unknown as ObjectSchema;
}

function expectFit(reply: Reply, template: string, method: string): void {
  const path = `#/paths/${encodeURIComponent(template.replaceAll('/', '~1'))}/${method}/responses/${reply.status}`;
  const response = document.paths[template]?.[method]?.responses[reply.status];
  const isReference = response !== undefined && '$ref' in response;
  const pointer = isReference ? String(response.$ref) : path;
  const validate = ajv.getSchema(`earlier${pointer}/content/application~1json/schema`);
  if (validate === undefined) throw new Error(`0.9 knows no ${method} ${template} with ${reply.status}`);
  void validate(reply.body);
  expect(validate.errors ?? [], JSON.stringify(reply.body)).toEqual([]);
}

describe('an answer matches the promise of 0.9', () => {
  test('of locks', async () => {
    const name = newName();
    const granted = await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60 });
    expectFit(granted, '/locks/{name}/acquire', 'post');
    expectFit(
      await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60 }),
      '/locks/{name}/acquire',
      'post',
    );
    expectFit(await suite.alice.post(`/locks/${name}/acquire`, {}), '/locks/{name}/acquire', 'post');
    expectFit(await suite.nobody.post(`/locks/${name}/acquire`, {}), '/locks/{name}/acquire', 'post');
    expectFit(await suite.alice.get(`/locks/${name}`), '/locks/{name}', 'get');
    expectFit(await suite.alice.get(`/locks/${newName()}`), '/locks/{name}', 'get');
    expectFit(await suite.bob.get('/locks'), '/locks', 'get');
    const lease = { lease_id: granted.body['lease_id'] };
    const renewal = { ...lease, ttl_seconds: 60 };
    expectFit(await suite.alice.post(`/locks/${name}/renew`, renewal), '/locks/{name}/renew', 'post');
    expectFit(await suite.bob.post(`/locks/${name}/renew`, renewal), '/locks/{name}/renew', 'post');
    expectFit(await suite.alice.post(`/locks/${name}/release`, lease), '/locks/{name}/release', 'post');
    expectFit(await suite.alice.post(`/locks/${name}/release`, lease), '/locks/{name}/release', 'post');
  });

  test('of sessions', async () => {
    expectFit(await suite.alice.post('/sessions', {}), '/sessions', 'post');
    const id = await openSession(suite.alice);
    expectFit(await suite.alice.get(`/sessions/${id}`), '/sessions/{id}', 'get');
    expectFit(await suite.bob.get(`/sessions/${id}`), '/sessions/{id}', 'get');
    expectFit(await suite.alice.post(`/sessions/${id}/keepalive`), '/sessions/{id}/keepalive', 'post');
    expectFit(await suite.bob.post(`/sessions/${id}/keepalive`), '/sessions/{id}/keepalive', 'post');
  });

  test('of webhooks', async () => {
    const webhook = { url: 'https://example.com/hooks/octostore', secret: 'my-secret-key' };
    expectFit(await suite.alice.post('/webhooks', webhook), '/webhooks', 'post');
    expectFit(await suite.alice.post('/webhooks', { url: 'http://example.com' }), '/webhooks', 'post');
    expectFit(await suite.alice.get('/webhooks'), '/webhooks', 'get');
  });

  test('of token rotation', async () => {
    expectFit(await suite.bob.post('/auth/token/rotate'), '/auth/token/rotate', 'post');
  });
});

describe('the first SDKs can read', () => {
  test('a lock that another user holds: status, holder_id and expires_at', async () => {
    const { name } = await acquire(suite.alice);
    const { body } = await suite.nobody
      .as(ALICE)
      .post(`/locks/${name}/acquire`, { ttl_seconds: 60, lease_id: '550e8400-e29b-41d4-a716-446655440000' });
    expect(body).toMatchObject({
      status: 'held',
      holder_id: expect.any(String),
      expires_at: expect.any(String),
    });
  });

  test('a free lock: a fencing token', async () => {
    const { body } = await suite.alice.get(`/locks/${newName()}`);
    expect(body['fencing_token']).toEqual(expect.any(Number));
  });
});
