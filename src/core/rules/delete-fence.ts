import type { DeleteFence } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Transition } from '../transition.js';

/** Forgets what the fence has seen. */
export function deleteFence(transition: Transition, { name }: DeleteFence): OutcomeOf<DeleteFence> {
  const fence = transition.state.fence(name);
  if (fence === null) return { kind: 'fence_not_found' };
  transition.removeFence(fence);
  return { kind: 'fence_deleted' };
}
