import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import { ActionButton } from '../parts/action-dialog';
import { Badge } from '../parts/badge';
import { Icon } from '../parts/icon';
import { Page, Section } from '../parts/page';
import { State, WhenLoaded } from '../parts/states';
import { Table } from '../parts/table';
import { RelativeTime } from '../parts/time';
import { useLoad } from '../state/use-load';
import { ServiceAccounts } from './service-accounts';
import { createTokenFor, revokeTokensOf } from './user-actions';

const PAGE_SIZE = 100;
const PAUSE_MS = 200;

/** For administrators: who has an account, and what it has. */
export function Users(): JSX.Element {
  const [query, setQuery] = useSettled('');
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1);
  useEffect(() => setCursors([]), [query.settled]);
  const users = useLoad(`users ${query.settled} ${cursor ?? ''}`, () =>
    ask(
      api.GET('/admin/users', {
        params: {
          query: {
            limit: PAGE_SIZE,
            ...(query.settled === '' ? {} : { query: query.settled }),
            ...(cursor === undefined ? {} : { cursor }),
          },
        },
      }),
    ),
  );
  const reload = (): void => void users.reload();
  return (
    <Page
      title="Users"
      actions={
        <ActionButton action={createTokenFor('', reload)} kind="primary">
          Create a token…
        </ActionButton>
      }
    >
      <div class="toolbar">
        <form class="search" role="search" onSubmit={(event) => event.preventDefault()}>
          <Icon name="search" />
          <input
            type="search"
            aria-label="Search users"
            placeholder="Part of a name, such as github:ada"
            autoComplete="off"
            spellcheck={false}
            value={query.text}
            onInput={({ currentTarget }) => setQuery(currentTarget.value)}
          />
        </form>
      </div>
      <WhenLoaded what="the users" of={users}>
        {({ users: rows, next_cursor }) =>
          rows.length === 0 ? (
            <State icon="users" title="No user has such a name." />
          ) : (
            <>
              <Table
                label="Users"
                rows={rows}
                keyOf={({ user_id }) => user_id}
                columns={[
                  {
                    title: 'User',
                    kind: 'name',
                    cell: ({ user, is_administrator }) => (
                      <>
                        <span class="mono">{user}</span>{' '}
                        {is_administrator ? <Badge tone="notice">administrator</Badge> : null}
                      </>
                    ),
                  },
                  { title: 'Groups', cell: ({ groups }) => groups.join(', ') || <span class="faint">none</span> },
                  { title: 'Locks', kind: 'number', cell: ({ locks }) => locks },
                  { title: 'Sessions', kind: 'number', cell: ({ sessions }) => sessions },
                  { title: 'Tokens', kind: 'number', cell: ({ tokens }) => tokens },
                  { title: 'Browsers', kind: 'number', cell: ({ browser_sessions }) => browser_sessions },
                  {
                    title: 'Last used',
                    cell: ({ last_used_at }) =>
                      last_used_at === null ? <span class="faint">never</span> : <RelativeTime at={last_used_at} />,
                  },
                  {
                    title: 'Actions',
                    isUntitled: true,
                    kind: 'buttons',
                    cell: ({ user, tokens, browser_sessions }) => (
                      <>
                        <ActionButton action={createTokenFor(user, reload)} kind="small">
                          Token…
                        </ActionButton>
                        {tokens + browser_sessions === 0 ? null : (
                          <ActionButton action={revokeTokensOf(user, reload)} kind="small danger-outline">
                            Revoke all…
                          </ActionButton>
                        )}
                      </>
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
      <Section title="Service accounts">
        <ServiceAccounts />
      </Section>
    </Page>
  );
}

/** A text, and what it was when the user last paused. */
function useSettled(initial: string): [{ text: string; settled: string }, (text: string) => void] {
  const [text, setText] = useState(initial);
  const [settled, setSettled] = useState(initial);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return [{ text, settled }, setText];
}
