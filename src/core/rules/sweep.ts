import type { Sweep } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import { isPast } from '../model/time.js';
import type { DueRecord, SessionRecord } from '../state/records.js';
import type { Transition } from '../transition.js';
import { expireSession } from './end-session.js';
import { expireLease } from './expiry.js';
import { endCooling, finishHandOvers } from './hand-over.js';
import { endWait } from './leave-line.js';

/** Finishes what earlier steps began, then ends what is overdue, the earliest deadline first, up to the limit. */
export function sweep(transition: Transition, { limit }: Sweep): OutcomeOf<Sweep> {
  const { state, now } = transition;
  finishHandOvers(transition);
  for (let ended = 0; ended < limit; ended += 1) {
    const due = state.earliestDue();
    if (due === undefined || !isPast(due.deadline, now)) return { kind: 'swept', more: state.hasUnfinished };
    end(transition, due);
  }
  return { kind: 'swept', more: state.isAnythingDue(now) };
}

function end(transition: Transition, due: DueRecord): void {
  switch (due.kind) {
    case 'lease':
      return expireLease(transition, due.lease);
    case 'session':
      return endSession(transition, due);
    case 'ticket':
      return endWait(transition, due);
    case 'cooling':
      return endCooling(transition, due.cooling);
    case 'broken_lease':
      return transition.forgetBroken(due.broken);
    default:
      return unreachable(due);
  }
}

function endSession(transition: Transition, { session }: SessionRecord): void {
  if (session.state === 'active') expireSession(transition, session);
  else transition.removeSession(session);
}

function unreachable(due: never): never {
  throw new Error(`unexpected deadline: ${JSON.stringify(due)}`);
}
