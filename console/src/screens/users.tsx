import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { api, ask } from '../api/client';
import type { Schemas } from '../api/schemas';
import { ActionButton } from '../parts/action-dialog';
import { Badge } from '../parts/badge';
import { Page, Section } from '../parts/page';
import { cursorOf, Pager, usePages } from '../parts/pager';
import { SearchField } from '../parts/search-field';
import { State, WhenLoaded } from '../parts/states';
import { Table, type Column } from '../parts/table';
import { RelativeTime } from '../parts/time';
import { useLoad } from '../state/use-load';
import { useSettled } from '../state/use-settled';
import { ServiceAccounts } from './service-accounts';
import { createTokenFor, revokeTokensOf } from './user-actions';

type Account = Schemas['UserBody'];

const PAGE_SIZE = 100;

/** For administrators: who has an account, and what it has. */
export function Users(): JSX.Element {
  const [text, query, setText] = useSettled('');
  const pages = usePages();
  useEffect(pages.restart, [query]);
  const users = useLoad(`users ${query} ${pages.cursor ?? ''}`, () => {
    const filter = query === '' ? {} : { query };
    return ask(
      api.GET('/admin/users', { params: { query: { limit: PAGE_SIZE, ...filter, ...cursorOf(pages) } } }),
    );
  });
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
        <SearchField
          label="Search users"
          hint="Part of a name, such as github:ada"
          value={text}
          onChange={setText}
        />
      </div>
      <WhenLoaded what="the users" of={users}>
        {({ users: rows, next_cursor }) =>
          rows.length === 0 ? (
            <State icon="users" title="No user has such a name." />
          ) : (
            <>
              <Table label="Users" rows={rows} keyOf={({ user_id }) => user_id} columns={columnsOf(reload)} />
              <Pager pages={pages} next={next_cursor} />
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

function columnsOf(reload: () => void): Column<Account>[] {
  return [
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
  ];
}
