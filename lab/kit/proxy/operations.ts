interface Route {
  readonly operation: string;
  readonly method: string;
  readonly path: RegExp;
}

const ROUTES: readonly Route[] = [
  route('acquire', 'POST', /^\/locks\/.+\/acquire$/),
  route('renew', 'POST', /^\/locks\/.+\/renew$/),
  route('release', 'POST', /^\/locks\/.+\/release$/),
  route('convert', 'POST', /^\/locks\/.+\/convert$/),
  route('break', 'POST', /^\/locks\/.+\/break$/),
  route('request_release', 'POST', /^\/locks\/.+\/request-release$/),
  route('watch', 'GET', /^\/locks\/.+\/watch$/),
  route('watch', 'GET', /^\/watch$/),
  route('list_locks', 'GET', /^\/locks\/?$/),
  route('lock_status', 'GET', /^\/locks\/.+$/),
  route('acquire_all', 'POST', /^\/leases$/),
  route('renew_all', 'POST', /^\/leases\/[^/]+\/renew$/),
  route('release_all', 'DELETE', /^\/leases\/[^/]+$/),
  route('queues', 'GET', /^\/queues\/?$/),
  route('queue', 'GET', /^\/queues\/[^/]+$/),
  route('history', 'GET', /^\/history\/[^/]+$/),
  route('explain', 'GET', /^\/explain\/[^/]+$/),
  route('leave_queue', 'DELETE', /^\/queues\/.+\/[^/]+$/),
  route('advance_fence', 'POST', /^\/fences\/.+\/advance$/),
  route('check_fence', 'POST', /^\/fences\/.+\/check$/),
  route('get_fence', 'GET', /^\/fences\/.+$/),
  route('create_session', 'POST', /^\/sessions$/),
  route('list_sessions', 'GET', /^\/sessions$/),
  route('keepalive', 'POST', /^\/sessions\/[^/]+\/keepalive$/),
  route('session_status', 'GET', /^\/sessions\/[^/]+$/),
  route('end_session', 'DELETE', /^\/sessions\/[^/]+$/),
  route('create_webhook', 'POST', /^\/webhooks$/),
  route('list_webhooks', 'GET', /^\/webhooks$/),
  route('delete_webhook', 'DELETE', /^\/webhooks\/[^/]+$/),
  route('deliveries', 'GET', /^\/webhooks\/[^/]+\/deliveries$/),
  route('redeliver', 'POST', /^\/webhooks\/[^/]+\/deliveries\/[^/]+\/redeliver$/),
  route('rotate_token', 'POST', /^\/auth\/token\/rotate$/),
  route('health', 'GET', /^\/health$/),
  route('status_counters', 'GET', /^\/status$/),
];

/** The names of the server's operations in scenarios. */
export const OPERATIONS: ReadonlySet<string> = new Set(['any', ...ROUTES.map(({ operation }) => operation)]);

/** The operation of a request; `unknown` if it matches none. `path` is as sent, without the query. */
export function operationOf(method: string, path: string): string {
  return ROUTES.find((route) => route.method === method && route.path.test(path))?.operation ?? 'unknown';
}

function route(operation: string, method: string, path: RegExp): Route {
  return { operation, method, path };
}
