import { LineSamples } from '../../../../src/journal/postgres/term/line-samples.js';
import { RESTART } from '../../../../src/journal/succession.js';
import { patch, patchRead, together, type Bug } from '../../sim/bugs/bug.js';
import { WatchedJournal } from '../watched-journal.js';

/** Any name. The samples of all terms are then those of one. */
const ONE_TERM = 'one';

/** Bugs in the timeline that all leaders continue, and in the time to renew that they give. */
export const LINE_BUGS: readonly Bug[] = [
  {
    name: 'samples of one term are kept for the next',
    plant: () =>
      together(
        patch(
          LineSamples.prototype,
          'note',
          (original) =>
            function note(this: LineSamples, { lastInstant }, receivedAtMs) {
              original.call(this, { reign: ONE_TERM, lastInstant }, receivedAtMs);
            },
        ),
        patch(
          LineSamples.prototype,
          'offsetOf',
          (original) =>
            function offsetOf(this: LineSamples, _reign, nowMs) {
              return original.call(this, ONE_TERM, nowMs);
            },
        ),
      ),
  },
  {
    name: 'the wall clock of another machine continues the line',
    plant: () => patchRead(WatchedJournal.prototype, 'succession', () => () => RESTART),
  },
  {
    name: 'every crash gives time to renew',
    plant: () =>
      patch(
        WatchedJournal.prototype,
        'lead',
        (original) =>
          async function lead(this: WatchedJournal) {
            const row = await original.call(this);
            return { ...row, graces: row.graces?.replace(/"began":-?\d+/, '"began":-1000000000') ?? null };
          },
      ),
  },
];
