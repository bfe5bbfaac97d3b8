import type { AdvanceFence } from '../model/command.js';
import { checkToken, NOTHING_SEEN } from '../model/fence.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { refusalOfFence } from './quota.js';

/** A fence only ever goes up. The first advance creates it. */
export function advanceFence(transition: Transition, command: AdvanceFence): OutcomeOf<AdvanceFence> {
  const { state } = transition;
  const { name, fencingToken: token } = command;
  const fence = state.fence(name);
  const check = checkToken(token, fence?.highest ?? NOTHING_SEEN, state.lastFencingToken);
  if (check.kind !== 'token_passed') return check;
  const { userId } = fence ?? command;
  const refusal = fence === null ? refusalOfFence(transition, userId) : null;
  if (refusal !== null) return refusal;
  if (token > check.highest) transition.saveFence({ name, userId, highest: token });
  return { kind: 'token_passed', highest: token };
}
