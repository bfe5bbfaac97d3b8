import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.js';
import type { Origin } from '../../audit/origin.js';
import { OperatorAccess } from '../../auth/operator-access.js';
import type { Operator } from '../../auth/operator.js';
import type { Break } from '../../core/model/command.js';
import type { RowChanges } from '../../journal/row-changes.js';
import type { FencingToken } from '../../core/model/ids.js';
import { locksOf } from '../../core/model/lease.js';
import type { LockName } from '../../core/model/lock-name.js';
import type { OutcomeOf } from '../../core/model/outcome.js';
import { afterEffect } from '../../errors/after-effect.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { LockStore } from '../../store/lock-store.js';
import type { BreakLockRequest, LockBroken } from './break.dto.js';

/** How many fencing tokens of broken leases are listed. */
const TOKENS_MAX = 100;

interface BrokenSoFar {
  readonly tokens: readonly FencingToken[];
  readonly endedCooling: boolean;
}

/** Ends leases that other users have. */
@Injectable()
export class Breaker {
  constructor(
    private readonly store: LockStore,
    private readonly operators: OperatorAccess,
    private readonly trail: AuditTrail,
  ) {}

  /**
   * Throws `lock_not_found` if there is nothing to break, and `forbidden` or `admin_required` if the operator may not break one of the
   * locks that would be released.
   */
  async break(
    lockName: LockName,
    { reason, fencing_token }: BreakLockRequest,
    operator: Operator,
    origin: Origin,
  ): Promise<LockBroken> {
    this.operators.assertMay(operator, 'break', { lockName });
    const which = this.#which(fencing_token ?? null);
    const brokenBy = operator?.userId ?? null;
    const { tokens, endedCooling } = await this.#breakAll(
      { kind: 'break', lockName, brokenBy, reason, ...which },
      operator,
      origin,
    );
    return {
      status: 'broken',
      name: lockName,
      lease_count: tokens.length,
      fencing_tokens: tokens.slice(0, TOKENS_MAX),
      ended_delay: endedCooling,
    };
  }

  /** Leases that are granted from now on are not meant. */
  #which(token: number | null): Pick<Break, 'which' | 'fencingToken'> {
    if (token !== null) return { which: 'only', fencingToken: token as FencingToken };
    return { which: 'through', fencingToken: this.store.peek(({ lastFencingToken }) => lastFencingToken) };
  }

  /** A step breaks a limited number of leases. */
  async #breakAll(command: Break, operator: Operator, origin: Origin): Promise<BrokenSoFar> {
    const record = (outcome: OutcomeOf<Break>, rows: RowChanges): void =>
      this.#record(command, outcome, origin, rows);
    const tokens: FencingToken[] = [];
    for (;;) {
      const step = (): Promise<OutcomeOf<Break>> => {
        this.#assertMayBreakAll(command, operator);
        return this.store.execute(command, record);
      };
      const outcome = await (tokens.length === 0 ? step() : afterEffect(step));
      if (outcome.kind === 'lock_not_found' && tokens.length === 0) throw nothingToBreak(command);
      // The other leases may have ended since the last step.
      if (outcome.kind === 'lock_not_found') return { tokens, endedCooling: false };
      for (const { fencingToken } of outcome.leases) tokens.push(fencingToken);
      if (!outcome.more) return { tokens, endedCooling: outcome.endedCooling };
    }
  }

  #record({ lockName, reason }: Break, outcome: OutcomeOf<Break>, origin: Origin, rows: RowChanges): void {
    if (outcome.kind === 'lock_not_found') return;
    const { leases, endedCooling } = outcome;
    this.trail.record(rows, {
      action: 'lock.break',
      origin,
      subject: { kind: 'lock', id: lockName },
      outcome: 'ok',
      details: {
        reason,
        leases: leases.map(({ fencingToken, holder }) => ({
          fencing_token: fencingToken,
          user_id: holder.userId,
        })),
        ended_delay: endedCooling,
      },
    });
  }

  /** A lease ends as a whole, so the operator needs the permission for each of its locks. */
  #assertMayBreakAll({ lockName, which, fencingToken }: Break, operator: Operator): void {
    if (this.operators.isAdministrator(operator)) return;
    const { holders } = this.store.peek((state, now) => state.holders(lockName, now, Infinity));
    const leases = holders
      .map(({ lease }) => lease)
      .filter((lease) =>
        which === 'only' ? lease.fencingToken === fencingToken : lease.fencingToken <= fencingToken,
      );
    const locks = leases.flatMap(locksOf);
    // The names of these would otherwise be in the refusal.
    if (!locks.every((lock) => this.operators.may(operator, 'observe', lock)))
      throw holdsHiddenLocks(lockName);
    for (const lock of locks) this.operators.assertMay(operator, 'break', lock);
  }
}

function holdsHiddenLocks(lockName: LockName): OctoStoreError {
  return new OctoStoreError('forbidden', {
    details: `A lease of "${lockName}" also holds locks that you may not see, so you may not break it. Ask an administrator of this server.`,
  });
}

function nothingToBreak({ lockName, which, fencingToken }: Break): OctoStoreError {
  const details =
    which === 'only'
      ? `No lease with the fencing token ${fencingToken} holds "${lockName}".`
      : `No lease holds "${lockName}", so there is nothing to break.`;
  return new OctoStoreError('lock_not_found', { details });
}
