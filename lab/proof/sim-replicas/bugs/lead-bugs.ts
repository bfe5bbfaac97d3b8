import { Link } from '../../../../src/journal/postgres/connection/link.js';
import { Term } from '../../../../src/journal/postgres/term/term.js';
import { patch, patchRead, type Bug } from '../../sim/bugs/bug.js';
import type { Tenure } from '../../../../src/journal/tenure.js';

/** Bugs in what a process believes of its own lead. */
export const LEAD_BUGS: readonly Bug[] = [
  {
    name: 'a read does not check the lead',
    plant: () =>
      patchRead(
        Term.prototype,
        'tenure',
        (read) =>
          function tenure() {
            return { ...(read(this) as Tenure), sureUntilMs: Infinity };
          },
      ),
  },
  {
    name: 'the lead is counted from the answer of the database',
    plant: () =>
      patch(
        Link.prototype,
        'query',
        (original) =>
          async function query(this: Link, statement, onSend) {
            const answer = await original.call(this, statement);
            onSend?.();
            return answer;
          } as typeof original,
      ),
  },
  {
    name: 'a leader is sure for as long as others wait',
    plant: () =>
      patchRead(
        Term.prototype,
        'tenure',
        (read) =>
          function tenure() {
            const right = read(this) as Tenure;
            return { ...right, sureUntilMs: right.sureUntilMs + 1_500 };
          },
      ),
  },
];
