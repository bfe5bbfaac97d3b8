import type { Reply } from '../../kit/http/client.js';
import type { RawReply } from '../../kit/http/raw-http.js';
import { commonProblemsOf } from '../../kit/http/reply-problems.js';
import type { ApiContract } from '../../kit/http/schema.js';
import { ERRORS } from '../../../src/errors/error-table.js';

/** Pages outside the API: the docs, and `/` (or several slashes), which redirects there. */
const PAGES = /^\/(?:docs|openapi\.)|^\/+(?:\?|$)/;

/** Checks what must hold for every answer, whatever the request was. */
export class AnswerChecker {
  constructor(private readonly contract: ApiContract) {}

  /** What is wrong with the answer to a request for a path. */
  problemsWith(method: string, path: string, reply: Reply): string[] {
    if (PAGES.test(path)) return problemsWithPage(reply);
    return [
      ...problemsOfFailure(reply),
      ...commonProblemsOf(reply),
      ...problemsWithMessage(reply),
      ...(method === 'HEAD' ? this.#problemsWithHead(path, reply) : this.#problems(method, path, reply)),
    ];
  }

  /** What is wrong with an answer to unknown bytes. */
  problemsWithAnyAnswer(reply: Reply): string[] {
    const isError = reply.status >= 400;
    return [
      ...problemsOfFailure(reply),
      ...commonProblemsOf(reply),
      ...(isError ? this.contract.problemsWithSchema('ErrorBody', reply.body) : []),
    ];
  }

  #problems(method: string, path: string, reply: Reply): string[] {
    return this.contract.problemsOf(method, this.#withoutSlash(method, path), reply);
  }

  #problemsWithHead(path: string, reply: Reply): string[] {
    const route = this.contract.routeOf('GET', this.#withoutSlash('GET', path));
    const isDocumented = route?.operation.responses[reply.status] !== undefined;
    return isDocumented || isShedReply(reply) || [400, 404, 405].includes(reply.status)
      ? []
      : [`HEAD answered ${reply.status}`];
  }

  /** Express ignores a trailing slash. */
  #withoutSlash(method: string, path: string): string {
    const [pathname = '', ...query] = path.split('?');
    if (this.contract.routeOf(method, pathname) !== null) return path;
    return [pathname.replace(/(?<=.)\/$/, ''), ...query].join('?');
  }
}

/** An overloaded server may say so. No other 5xx is allowed. */
function problemsOfFailure(reply: Reply): string[] {
  const { status, body } = reply;
  return status < 500 || body['code'] === 'overloaded' || isShedReply(reply)
    ? []
    : [`the server failed with ${status}`];
}

/** Recognizes shedding without a body, as in an answer to HEAD. */
function isShedReply({ status, headers, body }: Reply): boolean {
  return status === 503 && headers.has('retry-after') && body['text'] === '';
}

function problemsWithMessage({ body }: Reply): string[] {
  const entry = Object.entries(ERRORS).find(([code]) => code === body['code']);
  if (entry === undefined || body['error'] === entry[1].message) return [];
  return [`${entry[0]} has the wrong message`];
}

function problemsWithPage(reply: Reply): string[] {
  const { status, headers } = reply;
  const problems = headers.has('x-request-id') ? [] : ['X-Request-Id is missing'];
  return status < 500 || isShedReply(reply) ? problems : [...problems, `the server failed with ${status}`];
}

/** A raw answer, in the form that is compared with the API document. */
export function replyOf({ status, headers, body }: RawReply): Reply {
  const isJson = headers.get('content-type')?.startsWith('application/json') ?? false;
  return { status, headers: new Headers([...headers]), body: isJson ? objectOf(body) : { text: body } };
}

/** Every JSON answer of the service is an object. Anything else becomes `text`, which no schema allows. */
function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : { text };
  } catch {
    return { text };
  }
}
