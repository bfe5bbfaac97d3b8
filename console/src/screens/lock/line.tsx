import type { JSX } from 'preact';
import type { Place } from '../../api/schemas';
import { duration } from '../../format/time';
import { count, modeWords } from '../../format/words';
import { ActionButton } from '../../parts/action-dialog';
import { Section } from '../../parts/page';
import { Table } from '../../parts/table';
import { TimeSince } from '../../parts/time';
import { leaveLine } from './actions';
import type { LockFacts } from './read-lock';

/** Who waits, and for what. */
export function Line({ facts }: { readonly facts: LockFacts }): JSX.Element {
  const { name, line, waiters } = facts.explanation;
  const ownLease = (place: Place): string | null =>
    facts.ownPlaces.find(({ since, holder_id }) => since === place.since && holder_id === place.holder_id)
      ?.lease_id ?? null;
  return (
    <Section title={waiters === 0 ? 'Line' : `Line: ${count(waiters, 'request')} waiting`}>
      {line.length === 0 ? (
        <p class="faint">No one is waiting.</p>
      ) : (
        <Table
          label="Line"
          rows={line}
          keyOf={({ since, holder_id, position }) => `${since} ${holder_id} ${position}`}
          columns={[
            {
              title: 'Place',
              kind: 'number',
              cell: ({ position, reason }) => (reason === 'kept' ? 'kept' : position),
            },
            { title: 'Who', cell: ({ holder }) => holder },
            { title: 'Waiting', cell: ({ since }) => <TimeSince at={since} /> },
            { title: 'Mode', cell: modeWords },
            { title: 'Why', cell: ({ summary }) => summary },
            {
              title: 'Expected',
              cell: ({ expected_in_ms }) =>
                expected_in_ms === null ? '–' : `in ${duration(expected_in_ms)}`,
            },
            {
              title: 'Actions',
              isUntitled: true,
              kind: 'buttons',
              cell: (place) => {
                const leaseId = ownLease(place);
                return leaseId === null ? null : (
                  <ActionButton action={leaveLine(name, leaseId)} kind="small">
                    Leave…
                  </ActionButton>
                );
              },
            },
          ]}
        />
      )}
    </Section>
  );
}
