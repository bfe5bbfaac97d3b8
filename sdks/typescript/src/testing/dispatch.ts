import { Refusal } from './refusal.js';
import type { Asked, Reply, Routes } from './routes.js';

/** What the double does not answer. The client does not retry it. */
export function notInDouble(what: string): Response {
  const error = `The test double does not answer "${what}". Test this against a real server.`;
  return Response.json({ error, code: 'not_in_double', request_id: crypto.randomUUID() }, { status: 501 });
}

/** The routes that the double leaves out. */
const LEFT_OUT = new Set([
  'watch',
  'webhooks',
  'admin',
  'auth',
  'status',
  'metrics',
  'policy.schema.json',
  '.well-known',
]);

/** Finds who answers a request. Throws `Refusal` if there is nothing at its path. */
export function dispatch(
  routes: Routes,
  method: string,
  path: readonly string[],
  asked: Asked,
): Reply | Promise<Reply> {
  if (asked.body.isTrue('proof')) return notInDouble('a lease with a proof');
  const [resource = '', name = '', verb, ...rest] = path;
  if (rest.length === 0) {
    const reply = answerOf(routes, { method, resource, name, verb }, asked);
    if (reply !== null) return reply;
  }
  if (LEFT_OUT.has(resource) || verb === 'watch') return notInDouble(`${method} /${path.join('/')}`);
  throw new Refusal('route_not_found');
}

interface Address {
  readonly method: string;
  readonly resource: string;
  readonly name: string;
  readonly verb: string | undefined;
}

function answerOf(routes: Routes, address: Address, asked: Asked): Reply | Promise<Reply> | null {
  switch (address.resource) {
    case 'locks':
      return address.verb === undefined ? ofLocks(routes, address, asked) : ofLock(routes, address, asked);
    case 'leases':
      return ofLeases(routes, address, asked);
    case 'queues':
      return ofQueues(routes, address, asked);
    case 'sessions':
      return ofSessions(routes, address, asked);
    case 'fences':
      return ofFences(routes, address, asked);
    default:
      return null;
  }
}

function ofLocks(routes: Routes, { method, name }: Address, asked: Asked): Reply | null {
  if (method !== 'GET') return null;
  return name === '' ? routes.list(asked) : routes.status(name, asked);
}

function ofLock(
  routes: Routes,
  { method, name, verb }: Address,
  asked: Asked,
): Reply | Promise<Reply> | null {
  switch (`${method} ${verb}`) {
    case 'POST acquire':
      return routes.acquire(name, asked);
    case 'POST renew':
      return routes.renew(name, asked);
    case 'POST release':
      return routes.release(name, asked);
    case 'POST convert':
      return routes.convert(name, asked);
    case 'POST break':
      return routes.break(name, asked);
    case 'POST request-release':
      return routes.requestRelease(name, asked);
    default:
      return null;
  }
}

function ofLeases(
  routes: Routes,
  { method, name, verb }: Address,
  asked: Asked,
): Reply | Promise<Reply> | null {
  if (name === '') return method === 'POST' ? routes.acquireAll(asked) : null;
  if (verb !== undefined) return `${method} ${verb}` === 'POST renew' ? routes.renewLease(name, asked) : null;
  if (method === 'GET') return routes.leaseStatus(name, asked);
  return method === 'DELETE' ? routes.releaseLease(name, asked) : null;
}

function ofQueues(routes: Routes, { method, name, verb }: Address, asked: Asked): Reply | null {
  if (verb === undefined) return method === 'GET' ? routes.queue(name, asked) : null;
  return method === 'DELETE' ? routes.leaveQueue(name, verb, asked) : null;
}

function ofSessions(routes: Routes, { method, name, verb }: Address, asked: Asked): Reply | null {
  if (name === '') return method === 'POST' ? routes.openSession(asked) : null;
  if (verb !== undefined) {
    return `${method} ${verb}` === 'POST keepalive' ? routes.keepSessionAlive(name, asked) : null;
  }
  if (method === 'GET') return routes.sessionStatus(name, asked);
  return method === 'DELETE' ? routes.endSession(name, asked) : null;
}

function ofFences(routes: Routes, { method, name, verb }: Address, asked: Asked): Reply | null {
  switch (`${method} ${verb ?? ''}`.trim()) {
    case 'GET':
      return routes.fence(name);
    case 'POST advance':
      return routes.advanceFence(name, asked);
    case 'POST check':
      return routes.checkFence(name, asked);
    default:
      return null;
  }
}
