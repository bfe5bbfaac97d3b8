import { api, ask } from '../../api/client';
import { path } from '../../format/curl';
import { count } from '../../format/words';
import type { Schemas } from '../../api/schemas';
import type { Values } from '../../parts/fields';
import type { Action } from '../../parts/action-dialog';

/** Characters of a reason or a message. The server counts bytes, and says so if there are too many. */
const TEXT_LENGTH_MAX = 256;
const TTL_SECONDS_MAX = 3600;

/** Ends all leases of a lock, or one. */
export function breakLock(name: string, fencingToken: number | null, holders: string): Action {
  const bodyOf = (reason: string) =>
    fencingToken === null ? { reason } : { reason, fencing_token: fencingToken };
  return {
    title: `Break ${name}`,
    explanation: `This takes the lock away from ${holders}. Its work may still be going on: only the fencing token keeps it from doing harm. The reason is shown to the holder and recorded in the audit.`,
    fields: [{ name: 'reason', label: 'Reason', isRequired: true, maxLength: TEXT_LENGTH_MAX }],
    verb: 'Break the lock',
    isDestructive: true,
    request: ({ reason = '' }) => ({
      method: 'POST',
      path: path`/locks/${name}/break`,
      body: bodyOf(reason),
    }),
    run: async ({ reason = '' }) => {
      const { lease_count, ended_delay } = await ask(
        api.POST('/locks/{name}/break', { params: { path: { name } }, body: bodyOf(reason) }),
      );
      if (ended_delay) return `The delay of ${name} is over`;
      return `Broke ${count(lease_count, 'lease')} of ${name}`;
    },
  };
}

export function requestRelease(name: string): Action {
  return {
    title: `Ask for ${name}`,
    explanation: 'The holders learn of it when they next renew. They decide.',
    fields: [{ name: 'message', label: 'Message', maxLength: TEXT_LENGTH_MAX }],
    verb: 'Ask for its release',
    request: ({ message = '' }) => ({
      method: 'POST',
      path: path`/locks/${name}/request-release`,
      body: message === '' ? {} : { message },
    }),
    run: async ({ message = '' }) => {
      const body = message === '' ? {} : { message };
      await ask(api.POST('/locks/{name}/request-release', { params: { path: { name } }, body }));
      return `Asked the holders of ${name} to release it`;
    },
  };
}

export function acquireLock(name: string): Action {
  return {
    title: `Acquire ${name}`,
    explanation:
      'You hold the lock, so that no one else gets it, until you release it here or the time is over.',
    fields: [
      {
        name: 'ttl',
        label: 'Seconds',
        kind: 'number',
        isRequired: true,
        min: 1,
        max: TTL_SECONDS_MAX,
        initial: '900',
      },
      {
        name: 'note',
        label: 'Note',
        maxLength: TEXT_LENGTH_MAX,
        hint: 'Everyone who looks at the lock can read it.',
      },
    ],
    verb: 'Acquire',
    request: (values) => ({ method: 'POST', path: path`/locks/${name}/acquire`, body: leaseOf(values) }),
    run: async (values) => {
      await ask(api.POST('/locks/{name}/acquire', { params: { path: { name } }, body: leaseOf(values) }));
      return `You hold ${name}`;
    },
  };
}

function leaseOf({ ttl = '', note = '' }: Values): Schemas['AcquireLockRequest'] {
  return { ttl_seconds: Number(ttl), ...(note === '' ? {} : { metadata: note }) };
}

export function renewLease(name: string, leaseId: string): Action {
  return {
    title: `Renew ${name}`,
    fields: [
      {
        name: 'ttl',
        label: 'Seconds from now',
        kind: 'number',
        isRequired: true,
        min: 1,
        max: TTL_SECONDS_MAX,
        initial: '900',
      },
    ],
    verb: 'Renew',
    request: ({ ttl = '' }) => ({
      method: 'POST',
      path: path`/locks/${name}/renew`,
      body: { lease_id: leaseId, ttl_seconds: Number(ttl) },
    }),
    run: async ({ ttl = '' }) => {
      const body = { lease_id: leaseId, ttl_seconds: Number(ttl) };
      await ask(api.POST('/locks/{name}/renew', { params: { path: { name } }, body }));
      return `Renewed ${name}`;
    },
  };
}

export function releaseLease(name: string, leaseId: string): Action {
  return {
    title: `Release ${name}`,
    explanation: 'The lease is yours. If a program of yours uses it, it loses the lock.',
    verb: 'Release',
    isDestructive: true,
    request: () => ({ method: 'POST', path: path`/locks/${name}/release`, body: { lease_id: leaseId } }),
    run: async () => {
      const body = { lease_id: leaseId };
      await ask(api.POST('/locks/{name}/release', { params: { path: { name } }, body }));
      return `Released ${name}`;
    },
  };
}

export function leaveLine(name: string, leaseId: string): Action {
  return {
    title: `Leave the line of ${name}`,
    explanation: 'The request that waits gets no lock, and those behind it move up.',
    verb: 'Leave the line',
    isDestructive: true,
    request: () => ({ method: 'DELETE', path: path`/queues/${name}/${leaseId}` }),
    run: async () => {
      await ask(api.DELETE('/queues/{name}/{lease_id}', { params: { path: { name, lease_id: leaseId } } }));
      return `Left the line of ${name}`;
    },
  };
}
