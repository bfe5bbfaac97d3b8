import type { JSX } from 'preact';
import { api, ask } from '../api/client';
import type { Schemas } from '../api/schemas';
import { ActionButton } from '../parts/action-dialog';
import { Badge } from '../parts/badge';
import { WhenLoaded } from '../parts/states';
import { Table, type Column } from '../parts/table';
import { RelativeTime } from '../parts/time';
import { useLoad } from '../state/use-load';
import { changeOwners, createServiceAccount, deleteServiceAccount } from './user-actions';

type Account = Schemas['ServiceAccountBody'];

/** Accounts of programs, and the people who look after them. */
export function ServiceAccounts(): JSX.Element {
  const accounts = useLoad('service accounts', () => ask(api.GET('/admin/service-accounts')));
  const reload = (): void => void accounts.reload();
  return (
    <>
      <WhenLoaded what="the service accounts" of={accounts}>
        {({ service_accounts: rows }) =>
          rows.length === 0 ? (
            <p class="faint">There are none.</p>
          ) : (
            <Table
              label="Service accounts"
              rows={rows}
              keyOf={({ user_id }) => user_id}
              columns={columnsOf(reload)}
            />
          )
        }
      </WhenLoaded>
      <p>
        <ActionButton action={createServiceAccount(reload)}>Create a service account…</ActionButton>
      </p>
    </>
  );
}

function columnsOf(reload: () => void): Column<Account>[] {
  return [
    { title: 'Account', kind: 'name', cell: ({ user }) => <span class="mono">{user}</span> },
    {
      title: 'Owners',
      cell: ({ owners, has_active_owner }) => (
        <>
          {namesOf(owners).join(', ')}{' '}
          {has_active_owner ? null : (
            <Badge tone="bad" icon="warning">
              none has a valid token
            </Badge>
          )}
        </>
      ),
    },
    { title: 'Created', cell: ({ created_at }) => <RelativeTime at={created_at} /> },
    {
      title: 'Actions',
      isUntitled: true,
      kind: 'buttons',
      cell: ({ name, owners }) => (
        <>
          <ActionButton action={changeOwners(name, namesOf(owners), reload)} kind="small">
            Owners…
          </ActionButton>
          <ActionButton action={deleteServiceAccount(name, reload)} kind="small danger-outline">
            Delete…
          </ActionButton>
        </>
      ),
    },
  ];
}

function namesOf(owners: Account['owners']): string[] {
  return owners.map(({ user }) => user);
}
