import type { JSX } from 'preact';
import { api, ask } from '../../api/client';
import { Link } from '../../parts/link';
import { State, WhenLoaded } from '../../parts/states';
import { Table } from '../../parts/table';
import { RelativeTime } from '../../parts/time';
import { useWatched } from '../../state/live';
import { useLoad } from '../../state/use-load';
import { useThrottled } from '../../state/use-throttled';

/** Joining a line is no event, so the lines are read again at intervals. */
const EVERY_MS = 3000;

/** The locks that requests wait for, the longest lines first. */
export function Lines({ prefix }: { readonly prefix: string }): JSX.Element {
  const lines = useLoad(
    `lines ${prefix}`,
    () =>
      ask(api.GET('/queues', { params: { query: { limit: 100, ...(prefix === '' ? {} : { prefix }) } } })),
    { everyMs: EVERY_MS },
  );
  useWatched({ kind: 'locks', prefix, renewals: false }, useThrottled(lines.reload));
  return (
    <div class="scroll">
      <WhenLoaded what="the lines" of={lines}>
        {({ queues }) =>
          queues.length === 0 ? (
            <State icon="check" title="No one is waiting for a lock." />
          ) : (
            <Table
              label="The longest lines"
              rows={queues}
              keyOf={({ name }) => name}
              columns={[
                {
                  title: 'Lock',
                  kind: 'name',
                  cell: ({ name }) => (
                    <Link to={{ screen: 'lock', name }} class="mono">
                      {name}
                    </Link>
                  ),
                },
                { title: 'Waiting', kind: 'number', cell: ({ waiters }) => waiters },
                {
                  title: 'Longest wait began',
                  cell: ({ waiting_since }) => <RelativeTime at={waiting_since} />,
                },
                { title: 'Why', cell: ({ summary }) => summary },
              ]}
            />
          )
        }
      </WhenLoaded>
    </div>
  );
}
