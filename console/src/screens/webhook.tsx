import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import { ApiError } from '../api/api-error';
import type { Delivery, Webhook } from '../api/schemas';
import { codeWords } from '../format/words';
import { ActionButton } from '../parts/action-dialog';
import { Badge, type Tone } from '../parts/badge';
import type { IconName } from '../parts/icon';
import { Link } from '../parts/link';
import { Page, Section } from '../parts/page';
import { State, WhenLoaded } from '../parts/states';
import { Table, type Column } from '../parts/table';
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
  const name = webhook.data?.url ?? 'Webhook';
  return (
    <Page
      title={name}
      above={
        <nav class="path" aria-label="Up">
          <Link to={{ screen: 'webhooks' }}>Webhooks</Link>
          <span aria-hidden="true">/</span>
        </nav>
      }
      heading={
        <>
          <span class="wrap">{name}</span>
          {webhook.data === null ? null : <WebhookStatus of={webhook.data} />}
        </>
      }
      actions={webhook.data === null ? null : <Actions id={id} />}
    >
      <WhenLoaded what="the webhook" of={webhook}>
        {(data) => <Facts of={data} />}
      </WhenLoaded>
      <Deliveries id={id} />
    </Page>
  );
}

function leave(): void {
  navigate({ screen: 'webhooks' });
}

function Actions({ id }: { readonly id: string }): JSX.Element {
  return (
    <>
      <ActionButton action={testWebhook(id)}>Test…</ActionButton>
      <ActionButton action={deleteWebhook(id, true, leave)} kind="danger-outline">
        Delete…
      </ActionButton>
    </>
  );
}

function Facts({
  of: { events, lock_pattern, ordering, secret, created_at },
}: {
  readonly of: Webhook;
}): JSX.Element {
  const facts: readonly [string, ComponentChildren][] = [
    ['Events', events.join(', ')],
    ['Locks', <code>{lock_pattern ?? 'all'}</code>],
    ['If an event fails', ordering === 'in_order' ? 'later ones wait for it' : 'later ones are sent'],
    ['Signed', secret === null ? 'no secret' : 'with its secret'],
    ['Created', <RelativeTime at={created_at} />],
  ];
  return (
    <dl class="facts">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Deliveries({ id }: { readonly id: string }): JSX.Element {
  const [before, setBefore] = useState<number | null>(null);
  const deliveries = useLoad(
    `deliveries ${id} ${before ?? ''}`,
    () => {
      const query = { limit: PAGE_SIZE, ...(before === null ? {} : { before }) };
      return ask(api.GET('/webhooks/{id}/deliveries', { params: { path: { id }, query } }));
    },
    { everyMs: 5000 },
  );
  const columns = columnsOf(id, () => void deliveries.reload());
  return (
    <Section title="Deliveries">
      <WhenLoaded what="the deliveries" of={deliveries}>
        {({ deliveries: rows, next_before }) =>
          rows.length === 0 ? (
            <State icon="inbox" title="Nothing has been sent yet." />
          ) : (
            <>
              <Table label="Deliveries" rows={rows} keyOf={(delivery) => delivery.id} columns={columns} />
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

function columnsOf(id: string, reload: () => void): Column<Delivery>[] {
  return [
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
  ];
}

const STATES: Record<Delivery['state'], { readonly tone: Tone; readonly icon: IconName }> = {
  delivered: { tone: 'good', icon: 'check' },
  pending: { tone: 'notice', icon: 'clock' },
  dead: { tone: 'bad', icon: 'warning' },
};

function DeliveryState({ of: { state, dead_reason } }: { readonly of: Delivery }): JSX.Element {
  return (
    <Badge {...STATES[state]}>{dead_reason === null ? state : codeWords(dead_reason).toLowerCase()}</Badge>
  );
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
