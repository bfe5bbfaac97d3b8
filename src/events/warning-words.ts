import type { LockWarning } from '../core/model/event.js';
import { durationInWords } from './duration-in-words.js';

/** Such as `ada renewed it with only 2 s of 30 s left.` */
export function warningInWords(warning: LockWarning, holder: string): string {
  switch (warning.kind) {
    case 'renews_late': {
      const { marginMs, ttlMs } = warning;
      return `${holder} last renewed it with only ${durationInWords(marginMs)} of ${durationInWords(ttlMs)} left.`;
    }
    case 'changes_hands_often': {
      const { latelyMs, usuallyMs } = warning;
      return `Lately it was granted every ${durationInWords(latelyMs)}, and before that every ${durationInWords(usuallyMs)}.`;
    }
    default:
      return unreachable(warning);
  }
}

function unreachable(value: never): never {
  throw new Error(`unexpected warning: ${JSON.stringify(value)}`);
}
