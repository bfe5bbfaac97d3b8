import { randomUUID } from 'node:crypto';
import { httpRequest } from '../load/http-request.js';
import type { Target } from '../load/load.js';
import type { Reply, Request } from '../load/script.js';

/** The TTL of a lock that is released at once, in seconds. If the client fails, the lock is available again after this time. */
const SHORT_TTL_SECONDS = 60;
const TTL_SECONDS_MAX = 3600;

/** A TTL in seconds that is longer than a run. */
export function ttlFor(runSeconds: number): number {
  return Math.min(TTL_SECONDS_MAX, Math.ceil(runSeconds) + SHORT_TTL_SECONDS);
}

/** Makes a request to OctoStore's API. */
export function apiRequest(
  { basePath, token, host, port, isSecure }: Target,
  operation: string,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
): Request {
  const isUsualPort = port === (isSecure ? 443 : 80);
  const bytes = httpRequest({
    method,
    path: `${basePath}${path}`,
    token,
    host: isUsualPort ? host : `${host}:${port}`,
    ...(body === undefined ? {} : { body }),
  });
  return { operation, bytes, complaint: complaintAboutStatus };
}

export function complaintAboutStatus({ status }: Reply): string | null {
  return status === 200 ? null : `HTTP ${status}`;
}

/** The requests of one client for one lock. The client chooses the id of its lease, so all of them can be made in advance. */
export class LockRequests {
  readonly acquire: Request;
  readonly renew: Request;
  readonly status: Request;
  readonly release: Request;

  constructor(target: Target, lockName: string, { ttlSeconds = SHORT_TTL_SECONDS, waitSeconds = 0 } = {}) {
    const lease_id = randomUUID();
    const path = `/locks/${encodeURIComponent(lockName)}`;
    const acquire = { ttl_seconds: ttlSeconds, lease_id, wait_seconds: waitSeconds };
    this.acquire = apiRequest(target, 'acquire', 'POST', `${path}/acquire`, acquire);
    const renew = { ttl_seconds: ttlSeconds, lease_id };
    this.renew = apiRequest(target, 'renew', 'POST', `${path}/renew`, renew);
    this.status = apiRequest(target, 'status', 'GET', path);
    this.release = apiRequest(target, 'release', 'POST', `${path}/release`, { lease_id });
  }
}
