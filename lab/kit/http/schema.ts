import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { load } from 'js-yaml';
import type { ErrorCode } from '../../../src/errors/error-table.js';
import type { Reply } from './client.js';
import { LASTING_CONFLICTS } from './reply-problems.js';

/** The parts of an OpenAPI document that the tests use. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly enum?: readonly string[] }>>;
  };
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly OpenApiParameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, OpenApiResponse>>;
}

interface OpenApiParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

interface OpenApiResponse {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly schema: { readonly type?: string } }>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

/** A route of the document. */
export interface Route {
  readonly method: string;
  /** The path with its parameters in braces, such as `/locks/{name}/acquire`. */
  readonly template: string;
  readonly operation: OpenApiOperation;
  readonly matches: (path: string) => boolean;
}

/** Errors at the level of HTTP. Any route may answer with them, so the document does not list them per route. */
const PROTOCOL_ERRORS: ReadonlySet<unknown> = new Set<ErrorCode>([
  'malformed_request',
  'request_timeout',
  'body_too_large',
  'headers_too_large',
]);

export const OPENAPI_FILE = new URL('../../../openapi.yaml', import.meta.url);

/** Checks replies against `openapi.yaml`. */
export class ApiContract {
  readonly document: OpenApiDocument;
  readonly routes: readonly Route[];
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(document: OpenApiDocument) {
    this.document = document;
    formats.default(this.#ajv);
    this.#ajv.addSchema(closed(document) as object, 'openapi');
    // Routes with more literal text come first, since `{name}` would match that text too.
    this.routes = routesOf(document).toSorted((a, b) => literalsOf(b.template) - literalsOf(a.template));
  }

  static load(): ApiContract {
    return new ApiContract(load(readFileSync(OPENAPI_FILE, 'utf8')) as OpenApiDocument);
  }

  routeOf(method: string, path: string): Route | null {
    const [pathname = ''] = path.split('?');
    return this.routes.find((route) => route.method === method && route.matches(pathname)) ?? null;
  }

  /** What the document does not allow in a reply; empty if all is well. */
  problemsOf(method: string, path: string, reply: Reply): string[] {
    const route = this.routeOf(method, path);
    if (PROTOCOL_ERRORS.has(reply.body['code'])) return this.problemsWithSchema('ErrorBody', reply.body);
    if (route === null) return this.#problemsOffRoute(reply);
    const response = route.operation.responses[reply.status];
    if (response === undefined) return [`status ${reply.status} is not documented`];
    const pointer = ['paths', route.template, method.toLowerCase(), 'responses', String(reply.status)];
    return [
      ...this.#problemsWithHeaders(response, pointer, reply),
      ...this.#problemsWithBody(response, pointer, reply),
      ...problemsWithCode(response, reply),
    ];
  }

  /** Where a JSON value does not match a named schema of the document. */
  problemsWithSchema(name: string, value: unknown): string[] {
    return this.#mismatches(['components', 'schemas', name], value);
  }

  #problemsWithHeaders({ headers }: OpenApiResponse, pointer: readonly string[], reply: Reply): string[] {
    return Object.entries(headers ?? {}).flatMap(([name, { schema }]) => {
      const text = reply.headers.get(name);
      if (text === null && LASTING_CONFLICTS.has(reply.body['code'])) return [];
      if (text === null) return [`the header ${name} is missing`];
      const value = schema.type === 'integer' ? Number(text) : text;
      return this.#mismatches([...pointer, 'headers', name, 'schema'], value);
    });
  }

  #problemsWithBody({ content }: OpenApiResponse, pointer: readonly string[], reply: Reply): string[] {
    const type = mediaTypeOf(reply);
    if (content === undefined) return type === null ? [] : [`a body of ${type} is not documented`];
    if (type === null || content[type] === undefined) return [`${type} is not documented`];
    if (type !== 'application/json') return [];
    return this.#mismatches([...pointer, 'content', type, 'schema'], reply.body);
  }

  /** An undocumented path must not exist. */
  #problemsOffRoute(reply: Reply): string[] {
    if (reply.status !== 404 && reply.status !== 405) return ['the route is not documented'];
    return this.problemsWithSchema('ErrorBody', reply.body);
  }

  #mismatches(pointer: readonly string[], value: unknown): string[] {
    const validate = this.#validator(pointer);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  #validator(pointer: readonly string[]): ValidateFunction {
    const fragment = pointer
      .map((token) => encodeURIComponent(token.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/');
    const validate = this.#ajv.getSchema(`openapi#/${fragment}`);
    if (validate === undefined) throw new Error(`there is no schema at ${pointer.join('/')}`);
    return validate;
  }
}

function routesOf(document: OpenApiDocument): Route[] {
  return Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const pattern = new RegExp(`^${template.replaceAll('{name}', '.+').replace(/\{\w+\}/g, '[^/]+')}$`);
      return {
        method: method.toUpperCase(),
        template,
        operation,
        matches: (path: string) => pattern.test(path),
      };
    }),
  );
}

function literalsOf(template: string): number {
  return template.replace(/\{\w+\}/g, '').length;
}

/** For each status of a route, the description names the possible codes. */
function problemsWithCode({ description }: OpenApiResponse, { body }: Reply): string[] {
  const { code } = body;
  if (typeof code !== 'string' || description.includes(`\`${code}\``)) return [];
  return [`the code ${code} is not documented`];
}

function mediaTypeOf({ headers }: Reply): string | null {
  return headers.get('content-type')?.split(';')[0] ?? null;
}

/** The document with `additionalProperties: false` in every object schema, so that undocumented fields are found. */
export function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  const isOpenObject = copy['type'] === 'object' && 'properties' in copy && !('additionalProperties' in copy);
  return isOpenObject ? { ...copy, additionalProperties: false } : copy;
}
