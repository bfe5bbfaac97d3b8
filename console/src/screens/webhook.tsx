import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import { ApiError } from '../api/api-error';
import type { Delivery } from '../api/schemas';
import { codeWords } from '../format/words';
import { ActionButton } from '../parts/action-dialog';
import { Badge } from '../parts/badge';
import { Link } from '../parts/link';
import { Page, Section } from '../parts/page';
import { State, WhenLoaded } from '../parts/states';
import { Table } from '../parts/table';
import { RelativeTime } from '../parts/time';
import { navigate } from '../routes/navigation';
import { useLoad } from '../state/use-load';
import { deleteWebhook, redeliver, skipDelivery, testWebhook } from './webhook-actions';
import { WebhookStatus } from './webhooks';

const PAGE_SIZE = 50;

/** One webhook and what was sent to it. */
export function WebhookScreen({ id }: { readonly id: string }): JSX.Element {
  const webhook = useLoad(`webhook ${id}`, async () => {
    const found = (await ask(api.GET('/webhooks'))).find((one) => one.id === id);
    if (found === undefined) throw new ApiError(404, 'webhook_not_found', 'You have no such webhook.');
    return found;
  });
  return (
    <Page
      title={webhook.data?.url ?? 'Webhook'}
      above={
        <nav class="path" aria-label="Up">
          <Link to={{ screen: 'webhooks' }}>Webhooks</Link>
          <span aria-hidden="true">/</span>
        </nav>
      }
      heading={
        <>
          <span class="wrap">{webhook.data?.url ?? 'Webhook'}</span>
          {webhook.data === null ? null : <WebhookStatus of={webhook.data} />}
        </>
      }
      actions={
        webhook.data === null ? null : (
          <>
            <ActionButton action={testWebhook(id)}>Test…</ActionButton>
            <ActionButton
              action={deleteWebhook(id, true, () => navigate({ screen: 'webhooks' }))}
              kind="danger-outline"
            >
              Delete…
            </ActionButton>
          </>
        )
      }
    >
      <WhenLoaded what="the webhook" of={webhook}>
        {({ events, lock_pattern, ordering, secret, created_at }) => (
          <dl class="facts">
            <div>
              <dt>Events</dt>
              <dd>{events.join(', ')}</dd>
            </div>
            <div>
              <dt>Locks</dt>
              <dd>
                <code>{lock_pattern ?? 'all'}</code>
              </dd>
            </div>
            <div>
              <dt>If an event fails</dt>
              <dd>{ordering === 'in_order' ? 'later ones wait for it' : 'later ones are sent'}</dd>
            </div>
            <div>
              <dt>Signed</dt>
              <dd>{secret === null ? 'no secret' : 'with its secret'}</dd>
            </div>
            <div>
              <dt>Created</dt>
              <dd>
                <RelativeTime at={created_at} />
              </dd>
            </div>
          </dl>
        )}
      </WhenLoaded>
      <Deliveries id={id} />
    </Page>
  );
}

function Deliveries({ id }: { readonly id: string }): JSX.Element {
  const [before, setBefore] = useState<number | null>(null);
  const deliveries = useLoad(
    `deliveries ${id} ${before ?? ''}`,
    () =>
      ask(
        api.GET('/webhooks/{id}/deliveries', {
          params: { path: { id }, query: { limit: PAGE_SIZE, ...(before === null ? {} : { before }) } },
        }),
      ),
    { everyMs: 5000 },
  );
  const reload = (): void => void deliveries.reload();
  return (
    <Section title="Deliveries">
      <WhenLoaded what="the deliveries" of={deliveries}>
        {({ deliveries: rows, next_before }) =>
          rows.length === 0 ? (
            <State icon="inbox" title="Nothing has been sent yet." />
          ) : (
            <>
              <Table
                label="Deliveries"
                rows={rows}
                keyOf={(delivery) => delivery.id}
                columns={[
                  { title: 'State', cell: (delivery) => <DeliveryState of={delivery} /> },
                  {
                    title: 'Event',
                    cell: ({ payload }) => (
                      <>
                        {codeWords(payload.event)}{' '}
                        <Link to={{ screen: 'lock', name: payload.lock }} class="mono">
                          {payload.lock}
                        </Link>
                      </>
                    ),
                  },
                  { title: 'When', cell: ({ created_at }) => <RelativeTime at={created_at} /> },
                  { title: 'Attempts', kind: 'number', cell: ({ attempts }) => attempts.length },
                  { title: 'Last answer', cell: (delivery) => <LastAnswer of={delivery} /> },
                  {
                    title: 'Actions',
                    isUntitled: true,
                    kind: 'buttons',
                    cell: ({ id: deliveryId, state }) => (
                      <>
                        {state === 'pending' ? (
                          <ActionButton action={skipDelivery(id, deliveryId, reload)} kind="small danger-outline">
                            Skip…
                          </ActionButton>
                        ) : null}
                        <ActionButton action={redeliver(id, deliveryId, reload)} kind="small">
                          Send again…
                        </ActionButton>
                      </>
                    ),
                  },
                ]}
              />
              <div class="pager">
                {before === null ? null : (
                  <button type="button" onClick={() => setBefore(null)}>
                    Latest
                  </button>
                )}
                {next_before === null ? null : (
                  <button type="button" onClick={() => setBefore(next_before)}>
                    Earlier
                  </button>
                )}
              </div>
            </>
          )
        }
      </WhenLoaded>
    </Section>
  );
}

function DeliveryState({ of }: { readonly of: Delivery }): JSX.Element {
  switch (of.state) {
    case 'delivered':
      return (
        <Badge tone="good" icon="check">
          delivered
        </Badge>
      );
    case 'pending':
      return (
        <Badge tone="notice" icon="clock">
          pending
        </Badge>
      );
    case 'dead':
      return (
        <Badge tone="bad" icon="warning">
          {codeWords(of.dead_reason ?? 'dead').toLowerCase()}
        </Badge>
      );
  }
}

function LastAnswer({ of: { attempts, next_attempt_at } }: { readonly of: Delivery }): JSX.Element {
  const last = attempts.at(-1);
  return (
    <>
      {last === undefined ? 'none' : (last.status ?? codeWords(last.error ?? 'none'))}
      {next_attempt_at === undefined ? null : (
        <span class="faint">
          , again <RelativeTime at={next_attempt_at} />
        </span>
      )}
    </>
  );
}
