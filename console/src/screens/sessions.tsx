import type { JSX } from 'preact';
import { api, ask } from '../api/client';
import type { Schemas } from '../api/schemas';
import { path } from '../format/curl';
import { count } from '../format/words';
import { ActionButton, type Action } from '../parts/action-dialog';
import { Page } from '../parts/page';
import { cursorOf, Pager, usePages } from '../parts/pager';
import { State, WhenLoaded } from '../parts/states';
import { Table, type Column } from '../parts/table';
import { TimeLeft } from '../parts/time';
import { useLoad } from '../state/use-load';

type Session = Schemas['SessionList']['sessions'][number];

const PAGE_SIZE = 200;

/** The user's own sessions, which keep locks as long as keepalives arrive. */
export function Sessions(): JSX.Element {
  const pages = usePages();
  const sessions = useLoad(
    `sessions ${pages.cursor ?? ''}`,
    () => ask(api.GET('/sessions', { params: { query: { limit: PAGE_SIZE, ...cursorOf(pages) } } })),
    { everyMs: 5000 },
  );
  return (
    <Page title="Sessions">
      <p class="lead">
        A session keeps its locks as long as its client sends keepalives. These are your own. Those of other
        users are not shown.
      </p>
      <WhenLoaded what="your sessions" of={sessions}>
        {({ sessions: rows, next_cursor }) =>
          rows.length === 0 && pages.cursor === undefined ? (
            <State icon="sessions" title="You have no sessions.">
              <p>A client opens one with POST /sessions, or through an SDK.</p>
            </State>
          ) : (
            <>
              <Table
                label="Sessions"
                rows={rows}
                keyOf={({ session_id }) => session_id}
                columns={columnsOf(() => void sessions.reload())}
              />
              <Pager pages={pages} next={next_cursor} />
            </>
          )
        }
      </WhenLoaded>
    </Page>
  );
}

function columnsOf(reload: () => void): Column<Session>[] {
  return [
    { title: 'Session', kind: 'name', cell: ({ session_id }) => <code>{session_id}</code> },
    { title: 'Locks', kind: 'number', cell: ({ lock_count }) => lock_count },
    { title: 'TTL', kind: 'number', cell: ({ ttl_seconds }) => `${ttl_seconds} s` },
    { title: 'Time left', cell: ({ expires_at }) => <TimeLeft at={expires_at} over="expiring" /> },
    {
      title: 'Actions',
      isUntitled: true,
      kind: 'buttons',
      cell: (session) => (
        <ActionButton action={endSession(session, reload)} kind="small danger-outline">
          End…
        </ActionButton>
      ),
    },
  ];
}

function endSession({ session_id: id, lock_count }: Session, done: () => void): Action {
  return {
    title: 'End the session',
    explanation:
      lock_count === 0 ? 'It holds no locks.' : `Its ${count(lock_count, 'lock')} will be released.`,
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
