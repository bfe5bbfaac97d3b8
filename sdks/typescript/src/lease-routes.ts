import { checkName } from './checks.js';
import { ValidationError } from './errors.js';
import type { Fields } from './fields.js';
import { readLease, readWholeLease } from './lock-readers.js';
import type { ConvertibleMode, Lease, LeaseFacts, LockDemand, WantedLock, WholeLease } from './lock-types.js';
import type { HttpRequest } from './transport.js';

type LeaseRequest = Pick<HttpRequest, 'method' | 'path' | 'body'>;

/** The requests that keep and end a lease, and how to read the lease in their responses. */
export interface KeepingRoutes<L extends LeaseFacts> {
  /** @param body what the lease is to be like from now on. */
  renew(leaseId: string, body: object): LeaseRequest;
  release(leaseId: string): LeaseRequest;
  read(fields: Fields): L;
}

/** The same, with the request that acquires it. */
export interface LeaseRoutes<L extends LeaseFacts> extends KeepingRoutes<L> {
  /** @param body what the lease is like, whatever it locks. */
  acquire(body: object): LeaseRequest;
}

/** The requests for a lease of one lock. Throws `ValidationError` if its name is not valid. */
export function routesOfLock(name: string, { mode, limit, permits }: LockDemand = {}): LeaseRoutes<Lease> {
  checkName(name);
  const post = (verb: string, body: object): LeaseRequest => ({
    method: 'POST',
    path: lockPath(name, verb),
    body,
  });
  return {
    acquire: (body) => post('acquire', { ...body, mode, limit, permits }),
    renew: (lease_id, body) => post('renew', { lease_id, ...body }),
    release: (lease_id) => post('release', { lease_id }),
    read: readLease,
  };
}

/** The request to hold one lock of a lease in another mode. */
export function conversion(name: string, leaseId: string, mode: ConvertibleMode): LeaseRequest {
  return { method: 'POST', path: lockPath(name, 'convert'), body: { lease_id: leaseId, mode } };
}

/** The requests for a lease of several locks. Throws `ValidationError` if there are none, or a name is not valid. */
export function routesOfLocks(locks: readonly WantedLock[]): LeaseRoutes<WholeLease> {
  if (locks.length === 0) throw new ValidationError('There must be at least one lock.');
  const wanted = locks.map(({ name, mode, limit, permits }) => {
    checkName(name);
    return { name, mode, limit, permits };
  });
  return {
    ...ROUTES_BY_ID,
    acquire: (body) => ({ method: 'POST', path: '/leases', body: { ...body, locks: wanted } }),
  };
}

/** The requests for any lease, by its id. */
export const ROUTES_BY_ID: KeepingRoutes<WholeLease> = {
  renew: (leaseId, body) => ({ method: 'POST', path: `${leasePath(leaseId)}/renew`, body }),
  release: (leaseId) => ({ method: 'DELETE', path: leasePath(leaseId) }),
  read: readWholeLease,
};

/** Encodes the whole name, so that a lock named `a/watch` is not mistaken for a watch of `a`. */
export function lockPath(name: string, verb?: string): string {
  const path = `/locks/${encodeURIComponent(name)}`;
  return verb === undefined ? path : `${path}/${verb}`;
}

export function leasePath(leaseId: string): string {
  return `/leases/${encodeURIComponent(leaseId)}`;
}
