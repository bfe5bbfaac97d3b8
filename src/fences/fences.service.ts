import { Injectable } from '@nestjs/common';
import { Access } from '../access/access.js';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Origin } from '../audit/origin.js';
import { OperatorAccess } from '../auth/operator-access.js';
import type { Operator } from '../auth/operator.js';
import type { Caller } from '../auth/caller.js';
import { checkToken, NOTHING_SEEN, type FenceName } from '../core/model/fence.js';
import type { FencingToken } from '../core/model/ids.js';
import type { StateView } from '../core/state/state-view.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { LockStore } from '../store/lock-store.js';
import type { FenceResponse, FencingTokenRequest } from './dto/fence.dto.js';
import { fenceRefusal } from './fence-refusal.js';

/** Translates between the API and the store: requests about fences into commands and reads, and outcomes into responses. */
@Injectable()
export class FencesService {
  constructor(
    private readonly store: LockStore,
    private readonly access: Access,
    private readonly operators: OperatorAccess,
    private readonly trail: AuditTrail,
  ) {}

  async advance(name: FenceName, body: FencingTokenRequest, caller: Caller): Promise<FenceResponse> {
    this.access.assertMay(caller, 'advance_fence', { fenceName: name });
    const fencingToken = body.fencing_token as FencingToken;
    const { userId } = caller;
    const outcome = await this.store.execute({ kind: 'advance_fence', name, userId, fencingToken });
    if (outcome.kind !== 'token_passed') throw fenceRefusal(outcome);
    return { name, highest: outcome.highest };
  }

  async check(name: FenceName, body: FencingTokenRequest, caller: Caller): Promise<FenceResponse> {
    this.access.assertMay(caller, 'observe_fence', { fenceName: name });
    const token = body.fencing_token as FencingToken;
    const check = await this.store.read((state) =>
      checkToken(token, highestOf(state, name), state.lastFencingToken),
    );
    if (check.kind !== 'token_passed') throw fenceRefusal(check);
    return { name, highest: check.highest };
  }

  async get(name: FenceName, caller: Caller): Promise<FenceResponse> {
    this.access.assertMay(caller, 'observe_fence', { fenceName: name });
    return this.store.read((state) => ({ name, highest: highestOf(state, name) }));
  }

  async delete(name: FenceName, operator: Operator, origin: Origin): Promise<void> {
    this.operators.assertMay(operator, 'delete_fence', { fenceName: name });
    const outcome = await this.store.execute({ kind: 'delete_fence', name }, (_, rows) =>
      this.trail.record(rows, {
        action: 'fence.delete',
        origin,
        subject: { kind: 'fence', id: name },
        outcome: 'ok',
      }),
    );
    if (outcome.kind !== 'fence_deleted') throw new OctoStoreError(outcome.kind);
  }
}

function highestOf(state: StateView, name: FenceName): FencingToken {
  return state.fence(name)?.highest ?? NOTHING_SEEN;
}
