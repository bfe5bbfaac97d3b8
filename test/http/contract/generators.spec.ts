import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { ApiContract, OPENAPI_FILE } from '../../../lab/kit/http/schema.js';

/** Problems for client generators. `npm run generators` runs some of them; this shows which line is at fault. */
const contract = ApiContract.load();
const text = readFileSync(OPENAPI_FILE, 'utf8');

interface Node {
  readonly path: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** All objects inside a value, with the path of each. */
function nodesOf(value: unknown, path = '#'): Node[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value).flatMap(([key, member]) => nodesOf(member, `${path}/${key}`));
  return Array.isArray(value) ? below : [{ path, value: value as Node['value'] }, ...below];
}

const document = load(text) as { components: Record<string, Record<string, object>> };
const nodes = nodesOf(document);
const { schemas = {}, examples = {} } = document.components;

function placesOf(isAtFault: (value: Node['value'], path: string) => boolean): string[] {
  return nodes.filter(({ path, value }) => isAtFault(value, path)).map(({ path }) => path);
}

/** The schemas of request bodies. */
const requests = contract.routes.flatMap(({ operation }) => {
  const reference = operation.requestBody?.content['application/json']?.schema as
    { $ref: string } | undefined;
  const name = reference?.$ref.split('/').at(-1);
  return name === undefined ? [] : [{ operation, name, schema: schemas[name] as RequestSchema }];
});

interface RequestSchema {
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

describe('names', () => {
  test('of schemas are not those that generators give to the answer of an operation', () => {
    const taken = new Set(
      contract.routes.map(({ operation: { operationId } }) => `${operationId}Response`.toLowerCase()),
    );
    expect(Object.keys(schemas).filter((name) => taken.has(name.toLowerCase()))).toEqual([]);
  });

  test('of schemas differ in more than in case', () => {
    const names = Object.keys(schemas).map((name) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
  });
});

test('patterns use only syntax that all languages have', () => {
  const patterns = nodes.flatMap(({ value: { pattern } }) => (typeof pattern === 'string' ? [pattern] : []));
  expect(patterns.length).toBeGreaterThan(5);
  for (const pattern of patterns) {
    // After a backslash, only a code or another backslash: `\s` and `\d` differ, and `\p` and `\u` are often missing.
    const rest = pattern.replaceAll(/\\x[0-9a-f]{2}|\\\\/g, '');
    expect(rest, pattern).not.toContain('\\');
    expect(rest, pattern).not.toContain('(?');
  }
});

test('no list is a set, since some languages have no sets of strings', () => {
  expect(placesOf((value) => 'uniqueItems' in value)).toEqual([]);
});

test('null is not a value of any enum', () => {
  expect(placesOf(({ enum: words }) => Array.isArray(words) && words.includes(null))).toEqual([]);
});

test('a parameter is never null', () => {
  expect(placesOf(({ type }, path) => path.includes('/parameters/') && Array.isArray(type))).toEqual([]);
});

test('no field of a body has a default, since generators would make it always present', () => {
  expect(placesOf((value, path) => path.includes('/schemas/') && 'default' in value)).toEqual([]);
});

test('the token is not described as readable', () => {
  expect(text).not.toContain('bearerFormat');
});

describe('a request body', () => {
  test('is checked for each route that has one', () => {
    expect(requests).toHaveLength(contract.routes.filter(({ operation }) => operation.requestBody).length);
    expect(requests.length).toBeGreaterThan(3);
  });

  test.each(requests)('$name is closed, since the server refuses unknown fields', ({ schema }) => {
    expect(schema.additionalProperties).toBe(false);
  });

  test.each(requests)('$name is required only if one of its fields is', ({ operation, schema }) => {
    expect(operation.requestBody).toMatchObject({ required: (schema.required ?? []).length > 0 });
  });
});

describe('an operation', () => {
  test.each(contract.routes)(
    '$method $template has an answer for errors that it does not name',
    ({ operation }) => {
      const schema = operation.responses['default']?.content?.['application/json']?.schema;
      expect(schema).toEqual({ $ref: '#/components/schemas/ErrorBody' });
    },
  );

  test.each(contract.routes)('$method $template says whether it needs a token', ({ operation }) => {
    expect(operation.security).toBeInstanceOf(Array);
  });
});

test.each(['LockStatus', 'LockState'])('a field distinguishes the alternatives of %s', (name) => {
  expect(schemas[name]).toMatchObject({
    discriminator: { propertyName: 'status', mapping: { available: '#/components/schemas/LockNotHeld' } },
  });
});

describe('examples', () => {
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  ajv.addSchema(document, 'openapi');
  const isValid = (path: string, value: unknown) => ajv.validate({ $ref: `openapi${path}` }, value);
  const fragment = (path: string) => path.split('/').map(encodeURIComponent).join('/').replace('%23', '#');

  test('of fields are valid', () => {
    const wrong = nodes.filter(
      ({ path, value }) =>
        path.includes('/schemas/') && 'example' in value && !isValid(fragment(path), value['example']),
    );
    expect(wrong).toEqual([]);
  });

  test('of errors have the code they illustrate', () => {
    expect(Object.keys(examples).length).toBeGreaterThan(10);
    for (const [code, example] of Object.entries(examples)) {
      expect(example).toMatchObject({ value: { code } });
      expect(isValid('#/components/schemas/ErrorBody', (example as { value: unknown }).value)).toBe(true);
    }
  });

  test('of the conflict say that the lock is held', () => {
    expect(schemas['LockConflict']).toMatchObject({ properties: { code: { example: 'lock_held' } } });
  });

  test.each(requests)('$name: the example that /docs fills in is valid', ({ operation, name, schema }) => {
    const content = operation.requestBody?.content['application/json'] as {
      examples?: Record<string, unknown>;
    };
    const given = Object.values(content.examples ?? {}).map(
      (example) => (example as { value: unknown }).value,
    );
    const fields = Object.entries(schema.properties).map(
      ([field, { example }]: [string, { example?: unknown }]) => {
        return [field, example];
      },
    );
    for (const value of given.length > 0 ? given : [Object.fromEntries(fields)]) {
      expect(isValid(`#/components/schemas/${name}`, value), JSON.stringify(value)).toBe(true);
    }
  });
});

test('locks come first, beginning with acquire', () => {
  const [first] = contract.routes.length > 0 ? Object.entries(contract.document.paths) : [];
  expect(first?.[0]).toBe('/locks/{name}/acquire');
});
