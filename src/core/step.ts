import type { Change } from './model/change.js';
import type { Command } from './model/command.js';
import type { ReportedEvent } from './model/event.js';
import type { Quotas } from './model/quotas.js';
import type { Outcome, OutcomeOf, Settlement } from './model/outcome.js';
import type { Instant } from './model/time.js';
import { acquire } from './rules/acquire.js';
import { advanceFence } from './rules/advance-fence.js';
import { breakLock } from './rules/break.js';
import { closeSession } from './rules/close-session.js';
import { convert } from './rules/convert.js';
import { deleteFence } from './rules/delete-fence.js';
import { keepSessionAlive } from './rules/keep-session-alive.js';
import { giveUpPlace, leaveQueue } from './rules/leave-line.js';
import { openSession } from './rules/open-session.js';
import { release } from './rules/release.js';
import { renew } from './rules/renew.js';
import { requestRelease } from './rules/request-release.js';
import { sweep } from './rules/sweep.js';
import { takeBack } from './rules/take-back.js';
import { warn } from './rules/warn.js';
import type { State } from './state/state.js';
import { Transition } from './transition.js';

/** The effects of one command. */
export interface Step<C extends Command = Command> {
  readonly outcome: OutcomeOf<C>;
  readonly changes: readonly Change[];
  readonly events: readonly ReportedEvent[];
  /** Answers to queued acquires that this step settles. */
  readonly settlements: readonly Settlement[];
}

/**
 * Decides one command at one instant and applies it to `state`. The same state, command, instant and quotas always give the
 * same result. It reads no clock and uses no randomness. All decisions about locks, leases, sessions, tickets, quotas and
 * fencing tokens are made here and nowhere else.
 */
export function step<C extends Command>(state: State, command: C, now: Instant, quotas: Quotas): Step<C> {
  const transition = new Transition(state, now, quotas);
  // Each rule returns the outcomes of its own command, but the compiler cannot see that through the switch.
  const outcome = decide(transition, command) as OutcomeOf<C>;
  const { changes, events, settlements } = transition;
  return { outcome, changes, events, settlements };
}

function decide(transition: Transition, command: Command): Outcome {
  switch (command.kind) {
    case 'acquire':
      return acquire(transition, command);
    case 'release':
      return release(transition, command);
    case 'renew':
      return renew(transition, command);
    case 'leave_queue':
      return leaveQueue(transition, command);
    case 'give_up_place':
      return giveUpPlace(transition, command);
    case 'take_back':
      return takeBack(transition, command);
    case 'convert':
      return convert(transition, command);
    case 'break':
      return breakLock(transition, command);
    case 'request_release':
      return requestRelease(transition, command);
    case 'warn':
      return warn(transition, command);
    case 'open_session':
      return openSession(transition, command);
    case 'keep_session_alive':
      return keepSessionAlive(transition, command);
    case 'close_session':
      return closeSession(transition, command);
    case 'advance_fence':
      return advanceFence(transition, command);
    case 'delete_fence':
      return deleteFence(transition, command);
    case 'sweep':
      return sweep(transition, command);
    default:
      return unreachable(command);
  }
}

function unreachable(command: never): never {
  throw new Error(`unexpected command: ${JSON.stringify(command)}`);
}
