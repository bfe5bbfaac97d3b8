import type { Reply } from '../../kit/http/client.js';
import type { RawReply } from '../../kit/http/raw-http.js';
import { commonProblemsOf } from '../../kit/http/reply-problems.js';
import type { ApiContract } from '../../kit/http/schema.js';
import { ERRORS } from '../../../src/errors/error-table.js';

/** Pages for people, which are no part of the API: the docs, and `/` (however many slashes), which leads there. */
const PAGES = /^\/(?:docs|openapi\.)|^\/+(?:\?|$)/;

/** Tells whether an answer may be given at all, whatever the request was. */
export class Oracle {
  constructor(private readonly contract: ApiContract) {}

  /** What is wrong with the answer to a request for this path. */
  problemsWith(method: string, path: string, reply: Reply): string[] {
    if (PAGES.test(path)) return problemsWithPage(reply);
    return [
      ...problemsOfFailure(reply),
      ...commonProblemsOf(reply),
      ...problemsWithSentence(reply),
      ...(method === 'HEAD' ? this.#problemsWithHead(path, reply) : this.#problems(method, path, reply)),
    ];
  }

  /** The same of an answer to bytes that may be any request, or none. */
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
    return isDocumented || isSentAway(reply) || [400, 404, 405].includes(reply.status)
      ? []
      : [`HEAD answered ${reply.status}`];
  }

  /** Express takes a slash at the end for nothing. */
  #withoutSlash(method: string, path: string): string {
    const [pathname = '', ...query] = path.split('?');
    if (this.contract.routeOf(method, pathname) !== null) return path;
    return [pathname.replace(/(?<=.)\/$/, ''), ...query].join('?');
  }
}

/** A server that has too much to do at a moment may say so, and nothing else of that kind. */
function problemsOfFailure(reply: Reply): string[] {
  const { status, body } = reply;
  return status < 500 || body['code'] === 'overloaded' || isSentAway(reply)
    ? []
    : [`the server failed with ${status}`];
}

/** An answer to HEAD has no body that could say why. */
function isSentAway({ status, headers, body }: Reply): boolean {
  return status === 503 && headers.has('retry-after') && body['text'] === '';
}

function problemsWithSentence({ body }: Reply): string[] {
  const entry = Object.entries(ERRORS).find(([code]) => code === body['code']);
  if (entry === undefined || body['error'] === entry[1].message) return [];
  return [`${entry[0]} comes with another sentence than its own`];
}

function problemsWithPage(reply: Reply): string[] {
  const { status, headers } = reply;
  const problems = headers.has('x-request-id') ? [] : ['X-Request-Id is missing'];
  return status < 500 || isSentAway(reply) ? problems : [...problems, `the server failed with ${status}`];
}

/** An answer as it came over the wire, in the form that the document is compared with. */
export function replyOf({ status, headers, body }: RawReply): Reply {
  const isJson = headers.get('content-type')?.startsWith('application/json') ?? false;
  return { status, headers: new Headers([...headers]), body: isJson ? objectOf(body) : { text: body } };
}

/** Every JSON answer of the service is an object; anything else is kept as `text`, which no schema knows. */
function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : { text };
  } catch {
    return { text };
  }
}
