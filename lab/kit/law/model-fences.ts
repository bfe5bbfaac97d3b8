import type { AdvanceFence, DeleteFence } from '../../../src/core/model/command.js';
import type { FenceName } from '../../../src/core/model/fence.js';
import type { FencingToken } from '../../../src/core/model/ids.js';
import type { OutcomeOf } from '../../../src/core/model/outcome.js';
import type { ModelState } from './model-state.js';

export function advanceFence(
  model: ModelState,
  { name, userId, fencingToken: token }: AdvanceFence,
): OutcomeOf<AdvanceFence> {
  if (token > model.lastToken)
    return { kind: 'token_not_issued', lastIssued: model.lastToken as FencingToken };
  const fence = model.fences.find((other) => other.name === name);
  if (fence === undefined) {
    const { maxFences, maxFencesPerUser: limit } = model.options;
    const own = model.fences.filter((other) => other.userId === userId);
    if (own.length >= limit) return { kind: 'fence_limit_exceeded', limit };
    if (model.fences.length >= maxFences) return { kind: 'too_many_fences', limit: maxFences };
    model.fences.push({ name, userId, highest: token });
  } else if (token < fence.highest) {
    return { kind: 'stale_fencing_token', highest: fence.highest };
  } else {
    model.fences = model.fences.map((other) => (other === fence ? { ...fence, highest: token } : other));
  }
  return { kind: 'token_passed', highest: token };
}

export function deleteFence(model: ModelState, { name }: DeleteFence): OutcomeOf<DeleteFence> {
  if (!hasFence(model, name)) return { kind: 'fence_not_found' };
  model.fences = model.fences.filter((other) => other.name !== name);
  return { kind: 'fence_deleted' };
}

function hasFence(model: ModelState, name: FenceName): boolean {
  return model.fences.some((fence) => fence.name === name);
}
