import type { Warn } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Transition } from '../transition.js';

/** Logs a warning. It is about something that has been logged, so it is true whatever has happened to the lease since. */
export function warn(transition: Transition, command: Warn): OutcomeOf<Warn> {
  if (!transition.state.hasNumbersForRenewal(1)) return { kind: 'numbers_exhausted' };
  transition.warn(command);
  return { kind: 'warned' };
}
