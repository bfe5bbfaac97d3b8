import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import { path } from '../format/curl';
import { count } from '../format/words';
import { ActionButton, type Action } from '../parts/action-dialog';
import { Page } from '../parts/page';
import { State, WhenLoaded } from '../parts/states';
import { Table } from '../parts/table';
import { TimeLeft } from '../parts/time';
import { useLoad } from '../state/use-load';

const PAGE_SIZE = 200;

/** The user's own sessions, which keep locks as long as keepalives arrive. */
export function Sessions(): JSX.Element {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1);
  const sessions = useLoad(
    `sessions ${cursor ?? ''}`,
    () => ask(api.GET('/sessions', { params: { query: { limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) } } })),
    { everyMs: 5000 },
  );
  const reload = (): void => void sessions.reload();
  return (
    <Page title="Sessions">
      <p class="lead">
        A session keeps its locks as long as its client sends keepalives. These are your own, other users do not see them.
      </p>
      <WhenLoaded what="your sessions" of={sessions}>
        {({ sessions: rows, next_cursor }) =>
          rows.length === 0 && cursor === undefined ? (
            <State icon="sessions" title="You have no sessions.">
              <p>A client opens one with POST /sessions, or through an SDK.</p>
            </State>
          ) : (
            <>
              <Table
                label="Sessions"
                rows={rows}
                keyOf={({ session_id }) => session_id}
                columns={[
                  { title: 'Session', kind: 'name', cell: ({ session_id }) => <code>{session_id}</code> },
                  { title: 'Locks', kind: 'number', cell: ({ lock_count }) => lock_count },
                  { title: 'TTL', kind: 'number', cell: ({ ttl_seconds }) => `${ttl_seconds} s` },
                  { title: 'Time left', cell: ({ expires_at }) => <TimeLeft at={expires_at} over="expiring" /> },
                  {
                    title: 'Actions',
                    isUntitled: true,
                    kind: 'buttons',
                    cell: ({ session_id, lock_count }) => (
                      <ActionButton action={endSession(session_id, lock_count, reload)} kind="small danger-outline">
                        End…
                      </ActionButton>
                    ),
                  },
                ]}
              />
              <div class="pager">
                {cursor === undefined ? null : (
                  <button type="button" onClick={() => setCursors(cursors.slice(0, -1))}>
                    Previous
                  </button>
                )}
                {next_cursor === null ? null : (
                  <button type="button" onClick={() => setCursors([...cursors, next_cursor])}>
                    Next
                  </button>
                )}
              </div>
            </>
          )
        }
      </WhenLoaded>
    </Page>
  );
}

function endSession(id: string, locks: number, done: () => void): Action {
  return {
    title: 'End the session',
    explanation: locks === 0 ? 'It holds no locks.' : `Its ${count(locks, 'lock')} will be released.`,
    verb: 'End the session',
    isDestructive: true,
    request: () => ({ method: 'DELETE', path: path`/sessions/${id}` }),
    run: async () => {
      await ask(api.DELETE('/sessions/{id}', { params: { path: { id } } }));
      done();
      return 'Ended the session';
    },
  };
}
