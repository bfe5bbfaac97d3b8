import type { JSX } from 'preact';
import { api, ask } from '../api/client';
import type { Webhook } from '../api/schemas';
import { codeWords } from '../format/words';
import { ActionButton } from '../parts/action-dialog';
import { Badge } from '../parts/badge';
import { Link } from '../parts/link';
import { Page, Section } from '../parts/page';
import { State, WhenLoaded } from '../parts/states';
import { Table } from '../parts/table';
import { RelativeTime } from '../parts/time';
import type { User } from '../state/identity';
import { useLoad } from '../state/use-load';
import { createWebhook, deleteWebhook, resumeWebhook, suspendWebhook, testWebhook } from './webhook-actions';

export function Webhooks({ user }: { readonly user: User }): JSX.Element {
  const webhooks = useLoad('webhooks', () => ask(api.GET('/webhooks')));
  const reload = (): void => void webhooks.reload();
  return (
    <Page
      title="Webhooks"
      actions={
        <ActionButton action={createWebhook(reload)} kind="primary">
          Create a webhook…
        </ActionButton>
      }
    >
      <WhenLoaded what="your webhooks" of={webhooks}>
        {(rows) =>
          rows.length === 0 ? (
            <State icon="webhooks" title="You have no webhooks.">
              <p>A webhook tells one of your services what happens to locks, by signed HTTPS requests.</p>
            </State>
          ) : (
            <Table
              label="Your webhooks"
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                {
                  title: 'URL',
                  kind: 'name',
                  cell: ({ id, url }) => <Link to={{ screen: 'webhook', id }}>{url}</Link>,
                },
                { title: 'Locks', cell: ({ lock_pattern }) => <code>{lock_pattern ?? 'all'}</code> },
                { title: 'Events', cell: ({ events }) => events.join(', ') },
                { title: 'Status', cell: (webhook) => <WebhookStatus of={webhook} /> },
                { title: 'Created', cell: ({ created_at }) => <RelativeTime at={created_at} /> },
                {
                  title: 'Actions',
                  isUntitled: true,
                  kind: 'buttons',
                  cell: ({ id }) => (
                    <>
                      <ActionButton action={testWebhook(id)} kind="small">
                        Test…
                      </ActionButton>
                      <ActionButton action={deleteWebhook(id, true, reload)} kind="small danger-outline">
                        Delete…
                      </ActionButton>
                    </>
                  ),
                },
              ]}
            />
          )
        }
      </WhenLoaded>
      {user.isAdministrator ? <AllWebhooks /> : null}
    </Page>
  );
}

export function WebhookStatus({
  of,
}: {
  readonly of: Pick<Webhook, 'status' | 'suspended_by' | 'disabled_reason'>;
}): JSX.Element {
  if (of.status === 'active') {
    return (
      <Badge tone="good" icon="check">
        active
      </Badge>
    );
  }
  const why = of.suspended_by ?? of.disabled_reason;
  return (
    <Badge tone="bad" icon="warning">
      {of.status}
      {why === null ? '' : `: ${codeWords(why).toLowerCase()}`}
    </Badge>
  );
}

function AllWebhooks(): JSX.Element {
  const webhooks = useLoad('all webhooks', () =>
    ask(api.GET('/admin/webhooks', { params: { query: { limit: 200 } } })),
  );
  const reload = (): void => void webhooks.reload();
  return (
    <Section title="All users">
      <WhenLoaded what="the webhooks of all users" of={webhooks}>
        {({ webhooks: rows }) =>
          rows.length === 0 ? (
            <p class="faint">No one has a webhook.</p>
          ) : (
            <Table
              label="Webhooks of all users"
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                { title: 'URL', kind: 'name', cell: ({ url }) => url },
                { title: 'User', cell: ({ user }) => user },
                { title: 'Status', cell: (webhook) => <WebhookStatus of={webhook} /> },
                { title: 'Pending', kind: 'number', cell: ({ deliveries_pending }) => deliveries_pending },
                { title: 'Dead', kind: 'number', cell: ({ deliveries_dead }) => deliveries_dead },
                {
                  title: 'Actions',
                  isUntitled: true,
                  kind: 'buttons',
                  cell: ({ id, suspended_by }) => (
                    <>
                      <ActionButton
                        action={
                          suspended_by === 'operator' ? resumeWebhook(id, reload) : suspendWebhook(id, reload)
                        }
                        kind="small"
                      >
                        {suspended_by === 'operator' ? 'Resume…' : 'Suspend…'}
                      </ActionButton>
                      <ActionButton action={deleteWebhook(id, false, reload)} kind="small danger-outline">
                        Delete…
                      </ActionButton>
                    </>
                  ),
                },
              ]}
            />
          )
        }
      </WhenLoaded>
    </Section>
  );
}
