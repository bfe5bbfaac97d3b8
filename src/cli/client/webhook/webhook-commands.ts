import { Option, type Command } from 'commander';
import type { Delivery, EventFilter, Webhook, WebhookTest } from '@octostore/client';
import { runClient } from '../action.js';
import { clientCommand, type ClientOptions } from '../client-command.js';
import { connect } from '../connection/connection.js';
import { EVENT_LIST, eventFilters } from '../event-filters.js';
import { readTokenFile } from '../connection/token-file.js';
import { withHelp } from '../../shared/help.js';
import { fields, table } from '../../shared/output.js';
import { wholeNumber } from '../../shared/whole-number.js';

type Ordering = 'in_order' | 'none';

const ORDERINGS: readonly Ordering[] = ['in_order', 'none'];

interface CreateOptions extends ClientOptions {
  readonly events?: readonly EventFilter[];
  readonly lockPattern?: string;
  readonly secretFile?: string;
  readonly ordering?: Ordering;
}

interface DeliveriesOptions extends ClientOptions {
  readonly limit?: number;
  readonly before?: number;
}

/** `octostore webhook ...`. */
export function addWebhookCommands(program: Command): void {
  const webhook = program.command('webhook').description('send lock events to a server of yours');
  addCreate(webhook);
  addList(webhook);
  addDelete(webhook);
  addTest(webhook);
  addDeliveries(webhook);
  addRedeliver(webhook);
  addSkip(webhook);
}

function addCreate(webhook: Command): void {
  const command = clientCommand(webhook, 'create', 'create a webhook')
    .argument('<receiver>', 'the https URL to send events to')
    .option('--events <list>', `which events, separated by commas: ${EVENT_LIST}`, eventFilters)
    .option('--lock-pattern <glob>', 'which locks, such as billing/* (default: all)')
    .option('--secret-file <file>', 'a file with the signing secret, accessible to its owner only')
    .addOption(
      new Option(
        '--ordering <ordering>',
        'none: a failing event does not hold up later ones (default: in_order)',
      ).choices(ORDERINGS),
    )
    .action((receiver: string, options: CreateOptions) =>
      runClient(options, async (output) => {
        const { events, lockPattern, secretFile, ordering } = options;
        const secret = secretFile === undefined ? undefined : readTokenFile(secretFile);
        const created = await connect(options).webhooks.create({
          url: receiver,
          events,
          lockPattern,
          secret,
          ordering,
        });
        output.show(created, () => describe(created));
      }),
    );
  withHelp(command, {
    examples: [
      'octostore webhook create https://example.com/hooks --events acquired,released --lock-pattern "billing/*"',
    ],
  });
}

function addList(webhook: Command): void {
  const command = clientCommand(webhook, 'list', 'list your webhooks').action((options: ClientOptions) =>
    runClient(options, async (output) => {
      const webhooks = await connect(options).webhooks.list();
      output.show({ webhooks }, () => (webhooks.length === 0 ? 'no webhooks' : webhooksTable(webhooks)));
    }),
  );
  withHelp(command, { examples: ['octostore webhook list'] });
}

function addDelete(webhook: Command): void {
  const command = withId(clientCommand(webhook, 'delete', 'delete a webhook')).action(
    (id: string, options: ClientOptions) =>
      runClient(options, async (output) => {
        await connect(options).webhooks.delete(id);
        output.show({ status: 'deleted', id }, () => `deleted ${id}`);
      }),
  );
  withHelp(command, {
    examples: ['octostore webhook delete "$WEBHOOK"'],
    exits: { 66: 'there is no such webhook' },
  });
}

function addDeliveries(webhook: Command): void {
  const command = withId(clientCommand(webhook, 'deliveries', 'list the latest deliveries of a webhook'))
    .option('--limit <count>', 'how many deliveries to list', wholeNumber)
    .option(
      '--before <sequence>',
      'only older deliveries: next_before from the JSON of the previous page',
      wholeNumber,
    )
    .action((id: string, options: DeliveriesOptions) =>
      runClient(options, async (output) => {
        const { limit, before } = options;
        const page = await connect(options).webhooks.deliveries(id, { limit, before });
        output.show(page, () =>
          page.deliveries.length === 0 ? 'no deliveries' : deliveriesTable(page.deliveries),
        );
      }),
    );
  withHelp(command, {
    examples: ['octostore webhook deliveries "$WEBHOOK" --limit 10'],
    exits: { 66: 'there is no such webhook' },
  });
}

function addRedeliver(webhook: Command): void {
  const command = withId(clientCommand(webhook, 'redeliver', 'send a delivery again'))
    .argument('<delivery>', 'the delivery')
    .action((id: string, delivery: string, options: ClientOptions) =>
      runClient(options, async (output) => {
        const again = await connect(options).webhooks.redeliver(id, delivery);
        output.show(again, () => deliveriesTable([again]));
      }),
    );
  withHelp(command, {
    examples: ['octostore webhook redeliver "$WEBHOOK" "$DELIVERY"'],
    exits: { 66: 'there is no such webhook or delivery' },
  });
}

function addSkip(webhook: Command): void {
  const command = withId(
    clientCommand(webhook, 'skip', 'skip a pending delivery, so that it no longer holds up later ones'),
  )
    .argument('<delivery>', 'the delivery')
    .action((id: string, delivery: string, options: ClientOptions) =>
      runClient(options, async (output) => {
        const skipped = await connect(options).webhooks.skip(id, delivery);
        output.show(skipped, () => deliveriesTable([skipped]));
      }),
    );
  withHelp(command, {
    examples: ['octostore webhook skip "$WEBHOOK" "$DELIVERY"'],
    exits: { 66: 'there is no such webhook or delivery' },
  });
}

function addTest(webhook: Command): void {
  const command = withId(clientCommand(webhook, 'test', 'send an example event and show the outcome')).action(
    (id: string, options: ClientOptions) =>
      runClient(options, async (output) => {
        const test = await connect(options).webhooks.test(id);
        output.show(test, () => describeTest(test));
      }),
  );
  withHelp(command, {
    examples: ['octostore webhook test "$WEBHOOK"'],
    exits: { 66: 'there is no such webhook' },
  });
}

function withId(command: Command): Command {
  return command.argument('<id>', 'the webhook');
}

function describeTest({ id, delivered, status, error, durationMs }: WebhookTest): string {
  return fields({
    message: id,
    result: delivered ? 'delivered' : `failed: ${error ?? 'unknown reason'}`,
    status: status ?? 'none',
    'duration in ms': durationMs,
  });
}

function describe({ id, url, events, lockPattern, secret, ordering }: Webhook): string {
  return fields({
    webhook: id,
    url,
    events: events.join(','),
    locks: lockPattern ?? '*',
    ordering,
    signed: secret === null ? 'no' : 'yes',
  });
}

function webhooksTable(webhooks: readonly Webhook[]): string {
  const rows = webhooks.map(({ id, url, events, lockPattern, status, suspendedBy, disabledReason }) => [
    id,
    url,
    events.join(','),
    lockPattern ?? '*',
    [status, disabledReason ?? suspendedBy].filter(Boolean).join(': '),
  ]);
  return table(['webhook', 'url', 'events', 'locks', 'state'], rows);
}

function deliveriesTable(deliveries: readonly Delivery[]): string {
  const rows = deliveries.map(({ id, state, payload, attempts, deadReason, nextAttemptAt }) => [
    id,
    state,
    payload.event,
    payload.lock,
    attempts.length,
    deadReason ?? attempts.at(-1)?.error,
    nextAttemptAt,
  ]);
  return table(['delivery', 'state', 'event', 'lock', 'attempts', 'problem', 'next attempt at'], rows);
}
