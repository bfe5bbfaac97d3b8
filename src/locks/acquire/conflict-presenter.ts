import { Injectable } from '@nestjs/common';
import type { Conflict, Keeper, LinePosition, Obstacle } from '../../core/model/outcome.js';
import type { ErrorCode } from '../../errors/error-table.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { LeasePresenter, type LeaseFields } from '../lease-presenter.js';

/** What a conflict shows of the holder. Null where no one holds the lock. */
interface Blocker extends Pick<LeaseFields, 'expires_at' | 'metadata'> {
  readonly holder: string | null;
  readonly holder_id: string | null;
}

/** Presents conflicts: who or what stands between a request and a lock. */
@Injectable()
export class ConflictPresenter {
  constructor(private readonly leases: LeasePresenter) {}

  error({ lockName, obstacle, retryAfterMs, place }: Conflict): OctoStoreError {
    const by = obstacle.kind === 'limit_mismatch' ? obstacle.by : obstacle;
    const { holder, holder_id, expires_at, metadata } = this.#blocker(by);
    return new OctoStoreError(codeOf(obstacle), {
      retryAfterMs,
      body: {
        lock: { name: lockName, holder, expires_at },
        status: by.kind,
        holder_id,
        expires_at,
        metadata,
        retry_after_ms: retryAfterMs,
        ...(obstacle.kind === 'limit_mismatch' ? { limit: obstacle.limit } : {}),
        ...presentPlace(place),
      },
    });
  }

  #blocker(by: Keeper): Blocker {
    if (by.kind === 'held') return this.leases.fieldsOf(by.lease);
    const expires_at = this.leases.timeOf(by.until);
    return { holder: null, holder_id: null, expires_at, metadata: null };
  }
}

function codeOf({ kind }: Obstacle): ErrorCode {
  switch (kind) {
    case 'held':
      return 'lock_held';
    case 'queued':
      return 'lock_queued';
    case 'delayed':
      return 'lock_delayed';
    case 'limit_mismatch':
      return 'limit_mismatch';
    default:
      return unreachable(kind);
  }
}

function presentPlace(place: LinePosition | null): Partial<LinePosition> {
  return place === null ? {} : { position: place.position, waiters: place.waiters };
}

function unreachable(kind: never): never {
  throw new Error(`unexpected obstacle: ${String(kind)}`);
}
