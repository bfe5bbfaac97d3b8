import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES, ERRORS } from '../../../src/errors/error-table.js';
import { ApiContract, OPENAPI_FILE } from '../../../lab/kit/http/schema.js';
import { testFolder } from '../../support/temp-folder.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const contract = ApiContract.load();

describe('openapi.yaml', () => {
  test('is what the code generates', async () => {
    const emitter = join(root, 'scripts', 'emit-openapi.mjs');
    expect(existsSync(join(root, 'dist', 'app.js')), 'build first: npm run build').toBe(true);
    const file = join(testFolder(), 'openapi.yaml');
    await promisify(execFile)(process.execPath, [emitter, file], { cwd: root });
    expect(readFileSync(OPENAPI_FILE, 'utf8'), 'regenerate it: npm run openapi').toBe(
      readFileSync(file, 'utf8'),
    );
  });

  test.each(contract.routes)(
    '$method $template has a description and documents its outcomes',
    ({ operation }) => {
      expect(operation).toMatchObject({
        operationId: expect.stringMatching(/^[a-z]\w+$/),
        summary: expect.stringMatching(/\w/),
        tags: [expect.stringMatching(/\w/)],
      });
      for (const { description } of Object.values(operation.responses)) expect(description).toMatch(/\w/);
    },
  );

  test('has a different operationId for each route', () => {
    const ids = contract.routes.map(({ operation }) => operation.operationId);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test.each(contract.routes)('$method $template answers errors in the usual shape', ({ operation }) => {
    const errors = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
    for (const [status, { content }] of errors) {
      const schema = content?.['application/json']?.schema;
      const name = schema !== undefined && '$ref' in schema ? String(schema.$ref).split('/').at(-1) : null;
      const others: Record<string, readonly string[]> = {
        409: ['AcquireConflict', 'LockConflict', 'StaleToken'],
        410: ['AcquireGone', 'LeaseBroken'],
        422: ['PolicyInvalid'],
        503: ['ReadinessResponse'],
      };
      expect(['ErrorBody', ...(others[status] ?? [])]).toContain(name);
    }
  });

  test.each(['LockConflict', 'LeaseMismatch', 'LeaseBroken', 'SessionExpired', 'StaleToken'])(
    'describes %s as an error',
    (name) => {
      const { properties, required } = schemaOf(name);
      const usual = schemaOf('ErrorBody');
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(usual.properties)));
      expect(required).toEqual(expect.arrayContaining([...usual.required]));
    },
  );

  test.each([
    ['LeaseMismatch', 'lease_mismatch'],
    ['LeaseBroken', 'lease_broken'],
    ['SessionExpired', 'session_expired'],
    ['StaleToken', 'stale_fencing_token'],
  ])('says that %s has the code %s and no other', (name, code) => {
    expect(schemaOf(name).properties['code']).toMatchObject({ enum: [code] });
  });

  test('has no unused schema', () => {
    const text = JSON.stringify(contract.document);
    for (const name of Object.keys(contract.document.components.schemas)) {
      // The bodies of streams and webhooks are described though no JSON answer refers to them.
      if (name === 'LockEventBody') continue;
      expect(text).toContain(`"#/components/schemas/${name}"`);
    }
  });
});

describe('each error code', () => {
  const documented = contract.document.components.schemas['ErrorCode']?.enum ?? [];
  const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(?<code>\w+)` +\| (?<status>\d{3}) +\| (?<rest>.+) \|$/gm)];

  test('is in openapi.yaml, which has no other', () => {
    expect(documented.toSorted()).toEqual(ERROR_CODES.toSorted());
  });

  test('is in docs/errors.md with its status, which has no other', () => {
    const written = rows.map(({ groups }) => [groups?.['code'], Number(groups?.['status'])]);
    expect(new Set(written.map(([code]) => code)).size).toBe(written.length);
    expect(Object.fromEntries(written)).toEqual(
      Object.fromEntries(ERROR_CODES.map((code) => [code, ERRORS[code].status])),
    );
  });

  test('is explained there: its meaning and what to do', () => {
    for (const { groups } of rows) {
      const [meaning = '', advice = ''] = groups?.['rest']?.split('|') ?? [];
      expect(meaning.trim(), groups?.['code']).toMatch(/\.$/);
      expect(advice.trim(), groups?.['code']).toMatch(/\.$/);
    }
  });

  test('has a message: what happened, then what to do', () => {
    for (const code of ERROR_CODES) expect(ERRORS[code].message).toMatch(/^[A-Z].*\. [A-Z].*\.$/);
  });

  test('is used by at least one route, except those of HTTP itself', () => {
    const text = JSON.stringify(contract.document.paths);
    const ofHttp = new Set([
      'malformed_request',
      'route_not_found',
      'method_not_allowed',
      'request_timeout',
      'headers_too_large',
      'internal_error',
    ]);
    const silent = ERROR_CODES.filter((code) => !text.includes(`\`${code}\`:`));
    expect(silent.filter((code) => !ofHttp.has(code))).toEqual([]);
  });
});

interface ObjectSchema {
  readonly properties: Readonly<Record<string, object>>;
  readonly required: readonly string[];
}

function schemaOf(name: string): ObjectSchema {
  return contract.document.components.schemas[name] as unknown as ObjectSchema;
}
