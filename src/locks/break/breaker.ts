import { Injectable } from '@nestjs/common';
import type { Break } from '../../core/model/command.js';
import type { FencingToken, UserId } from '../../core/model/ids.js';
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
  constructor(private readonly store: LockStore) {}

  /**
   * Throws `lock_not_found` if there is nothing to break.
   *
   * @param brokenBy null if it is someone with the admin key.
   */
  async break(
    lockName: LockName,
    { reason, fencing_token }: BreakLockRequest,
    brokenBy: UserId | null,
  ): Promise<LockBroken> {
    const which = this.#which(fencing_token ?? null);
    const { tokens, endedCooling } = await this.#breakAll({
      kind: 'break',
      lockName,
      brokenBy,
      reason,
      ...which,
    });
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
  async #breakAll(command: Break): Promise<BrokenSoFar> {
    const tokens: FencingToken[] = [];
    for (;;) {
      const step = (): Promise<OutcomeOf<Break>> => this.store.execute(command);
      const outcome = await (tokens.length === 0 ? step() : afterEffect(step));
      if (outcome.kind === 'lock_not_found' && tokens.length === 0) throw nothingToBreak(command);
      // The other leases may have ended since the last step.
      if (outcome.kind === 'lock_not_found') return { tokens, endedCooling: false };
      for (const { fencingToken } of outcome.leases) tokens.push(fencingToken);
      if (!outcome.more) return { tokens, endedCooling: outcome.endedCooling };
    }
  }
}

function nothingToBreak({ lockName, which, fencingToken }: Break): OctoStoreError {
  const details =
    which === 'only'
      ? `No lease with the fencing token ${fencingToken} holds "${lockName}".`
      : `No lease holds "${lockName}", so there is nothing to break.`;
  return new OctoStoreError('lock_not_found', { details });
}
