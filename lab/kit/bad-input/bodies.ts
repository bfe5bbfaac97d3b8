import { randomUUID } from 'node:crypto';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import * as fc from 'fast-check';
import type { ErrorCode } from '../../../src/errors/error-table.js';
import type { Reply } from '../http/client.js';
import { closed, type ApiContract } from '../http/schema.js';

/** The routes that take a body, each with a valid one. */
export const BODY_ROUTES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'POST /locks/{name}/acquire': {
    ttl_seconds: 60,
    lease_id: randomUUID(),
    session_id: null,
    metadata: 'm',
    wait_seconds: 0,
    limit: 3,
    proof: true,
  },
  'POST /locks/{name}/release': { lease_id: randomUUID() },
  'POST /locks/{name}/renew': { lease_id: randomUUID(), ttl_seconds: 60, proof: true },
  'POST /locks/{name}/convert': { lease_id: randomUUID(), mode: 'shared' },
  'POST /locks/{name}/break': { reason: 'maintenance', fencing_token: 1 },
  'POST /locks/{name}/request-release': { message: 'please' },
  'POST /leases': {
    ttl_seconds: 60,
    lease_id: randomUUID(),
    locks: [{ name: `fuzz/${randomUUID()}`, mode: 'shared' }],
    wait_seconds: 0,
  },
  'POST /leases/{id}/renew': { ttl_seconds: 60, proof: true },
  'POST /fences/{name}/advance': { fencing_token: 1 },
  'POST /fences/{name}/check': { fencing_token: 1 },
  'POST /sessions': { ttl_seconds: 60 },
  'POST /tokens': { label: 'laptop', expires_in_seconds: 3600 },
  'POST /admin/tokens': { user: 'ci', label: 'deploy', expires_in_seconds: 3600 },
  'POST /admin/service-accounts': { name: 'fuzz', owners: ['alice'] },
  'POST /service-accounts/{name}/tokens': { label: 'deploy', expires_in_seconds: 3600 },
  'POST /admin/break-glass': { expires_in_seconds: 900, reason: 'a drill' },
  'POST /admin/policy/check': { text: 'grants: []' },
  'POST /webhooks': {
    url: 'https://127.0.0.1:1/hook',
    secret: 'a secret',
    events: ['acquired'],
    lock_pattern: 'a/*',
  },
};

/** The error codes for a body that its schema does not allow. */
export const REFUSALS: readonly unknown[] = [
  'validation_failed',
  'malformed_json',
  'webhook_url_invalid',
] satisfies ErrorCode[];

/** Whether a body was refused because its token was never issued, which no schema can say. */
export function isOfUnissuedToken({ body }: Reply): boolean {
  const { code, details } = body;
  return (
    code === 'validation_failed' &&
    String(details).startsWith('fencing_token must be a token that was issued')
  );
}

/** Decides from the API document which bodies a route must accept and which it must refuse. */
export class RequestBodies {
  readonly #ajv = new Ajv2020({ strict: false });

  constructor(contract: ApiContract) {
    formats.default(this.#ajv);
    this.#ajv.addSchema(closed(contract.document) as object, 'openapi');
  }

  /** Whether the body schema of a POST route allows a value. Throws if the route takes no body. */
  allow(template: string, value: unknown): boolean {
    const path = encodeURIComponent(template.replaceAll('/', '~1'));
    const pointer = `openapi#/paths/${path}/post/requestBody/content/application~1json/schema`;
    const validate: ValidateFunction | undefined = this.#ajv.getSchema(pointer);
    if (validate === undefined) throw new Error(`${template} takes no body`);
    return validate(value);
  }
}

/** A body that is valid except for some bytes that are not UTF-8. */
export const brokenText = fc
  .uint8Array({ minLength: 1, maxLength: 8 })
  .filter((bytes) => !isUtf8(bytes))
  .map((bytes) =>
    Buffer.concat([Buffer.from('{"ttl_seconds":60,"metadata":"'), Buffer.from(bytes), Buffer.from('"}')]),
  );

/** The value of a body; undefined if it is not JSON. */
export function parsed(body: string): unknown {
  if (body === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Limits count bytes, while a schema counts characters. For plain ASCII, both are the same. */
export function isPlain(body: string): boolean {
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
