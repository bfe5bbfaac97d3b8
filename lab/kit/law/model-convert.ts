import type { Convert } from '../../../src/core/model/command.js';
import { EXCLUSIVE, SHARED, type Hold } from '../../../src/core/model/demand.js';
import type { FencingToken } from '../../../src/core/model/ids.js';
import { holdOn, lockCountOf, type Lease } from '../../../src/core/model/lease.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type { OutcomeOf } from '../../../src/core/model/outcome.js';
import { endOfLease } from './model-conflict.js';
import { handOver } from './model-hand-over.js';
import { ownLease } from './model-own.js';
import type { ModelState } from './model-state.js';

export function convert(model: ModelState, command: Convert): OutcomeOf<Convert> {
  const own = ownLease(model, command);
  if (own.kind !== 'found') return own;
  const { lease } = own;
  const { mode } = holdOn(lease, command.lockName);
  if (mode === 'counted') return { kind: 'not_convertible' };
  if (mode === command.mode) return { kind: 'converted', lease };
  return mode === 'shared'
    ? upgrade(model, lease, command.lockName)
    : downgrade(model, lease, command.lockName);
}

/** Others may share the lock from now on. The lease keeps its token, and its place among the holders. */
function downgrade(model: ModelState, from: Lease, lockName: LockName): OutcomeOf<Convert> {
  if (model.numbersLeft < lockCountOf(from)) return { kind: 'numbers_exhausted' };
  const lease = withHold(from, lockName, SHARED);
  model.leases = model.leases.map((other) => (other === from ? lease : other));
  model.report('renewed', lease);
  handOver(model, [lockName]);
  return { kind: 'converted', lease };
}

/** Like a release and a new grant of the whole lease, but no one comes between. */
function upgrade(model: ModelState, from: Lease, lockName: LockName): OutcomeOf<Convert> {
  const other = model.leasesOf(lockName).find((lease) => lease !== from);
  if (other !== undefined) {
    const retryAfterMs = Math.max(0, endOfLease(model, other) - model.now);
    return {
      kind: 'conflict',
      lockName,
      obstacle: { kind: 'held', lease: other },
      retryAfterMs,
      place: null,
    };
  }
  if (model.isOutOfTokens || model.numbersLeft < 2 * lockCountOf(from)) return { kind: 'numbers_exhausted' };
  model.lastToken += 1;
  const converted = withHold(from, lockName, EXCLUSIVE);
  const lease = { ...converted, fencingToken: model.lastToken as FencingToken };
  model.leases = [...model.leases.filter((held) => held !== from), lease];
  model.report('released', from);
  model.report('acquired', lease);
  return { kind: 'converted', lease };
}

function withHold(lease: Lease, lockName: LockName, hold: Hold): Lease {
  const { terms } = lease;
  if (lease.lockName === lockName) return { ...lease, terms: { ...terms, hold } };
  const others = terms.others.map((held) => (held.lockName === lockName ? { lockName, hold } : held));
  return { ...lease, terms: { ...terms, others } };
}
