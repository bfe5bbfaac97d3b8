import type { Patch } from '../../kit/server/test-build.js';
import { FILES, SLOW_DISK } from '../history/bug.js';

/** A deliberate bug in the server's webhooks. */
export interface WebhookBug {
  readonly name: string;
  /** The attack that must find it. */
  readonly attack: 'trial' | 'hanging-receivers' | 'ssrf';
  /** Must match one of the violations, so that the bug is found for the right reason. */
  readonly evidence: RegExp;
  readonly patches: readonly Patch[];
}

type Change = readonly [file: string, find: string, replace: string];

const LOST = /was never delivered/;
const WRONG_ORDER = /arrived after event/;
const UNWANTED = /not subscribed to/;
const INVENTED = /did not happen/;
const FORBIDDEN_CONNECTION = /a connection to|connections to/;

const WORKER = 'webhooks/delivery/delivery-worker.js';
const LOOKUP = 'webhooks/transport/guarded-lookup.js';
const WEBHOOK = 'webhooks/subscriptions/webhook.js';

function bug(
  name: string,
  attack: WebhookBug['attack'],
  evidence: RegExp,
  ...changes: readonly Change[]
): WebhookBug {
  return {
    name,
    attack,
    evidence,
    patches: changes.map(([file, find, replace]) => ({ file, find, replace })),
  };
}

const LOSS_BUGS: readonly WebhookBug[] = [
  bug('the cursor is stored before the deliveries', 'trial', LOST, [
    FILES.fanOut,
    '            await this.store.write(rows);\n        }\n        this.#moveTo(reached);',
    `            await this.store.write(new RowChanges().put('cursors', { reader: READER, sequence: this.#savedCursor }));
            await new Promise((resolve) => setTimeout(resolve, 40));
            await this.store.write(rows);
        }
        this.#moveTo(reached);`,
  ]),
  bug('a delivery counts as made before it is sent', 'trial', LOST, [
    WORKER,
    'const result = await this.#send(visible, webhook);',
    `const outcome = { status: 200, error: null, retryAfterMs: null, durationMs: 0 };
        await this.#services.recorder.record({ delivery, at: 0, outcome }, queue);
        await this.#send(visible, webhook);
        const result = { kind: 'aborted' };`,
  ]),
  bug('a redirect counts as success', 'trial', LOST, [
    'webhooks/transport/receiver-connection.js',
    'if (status >= 200 && status < 300)',
    'if (status >= 200 && status < 400)',
  ]),
];

const CONTENT_BUGS: readonly WebhookBug[] = [
  bug(
    'a change is sent before it is on disk, and may be lost',
    'trial',
    INVENTED,
    SLOW_DISK,
    [
      FILES.log,
      'rows.append(toLogged(event, this.#timeline));',
      'this.tellEarly?.(rows.append(toLogged(event, this.#timeline)).events.at(-1));',
    ],
    [
      FILES.fanOut,
      'this.store.observe({',
      `this.store.log.tellEarly = (event) => {
            for (const webhook of this.registry.active()) {
                if (webhook.wants(event, this.access)) this.dispatchers.sendEarly(webhook, newDelivery(webhook.id, event.sequence, new EventPayloads(() => 'someone', this.access).of(event, event.type, webhook), 0));
            }
        };
        this.store.observe({`,
    ],
    [
      'webhooks/delivery/webhook-dispatchers.js',
      '    get(webhookId) {',
      `    sendEarly(webhook, delivery) {
        const { sender } = this.#services;
        const { url, sealedSecret } = webhook.row;
        void sender.send(delivery, sealedSecret, sender.connectionTo(url), new AbortController().signal);
    }
    get(webhookId) {`,
    ],
  ),
  bug('a repeated message has another time', 'trial', INVENTED, [
    FILES.sender,
    "Buffer.from(payload, 'utf8')",
    'Buffer.from(payload.replace(/"timestamp":"[^"]*"/, `"timestamp":"${new Date(at).toISOString()}"`))',
  ]),
  bug('a repeated message has another id', 'trial', /another webhook-id/, [
    FILES.sender,
    'signatureHeaders({ deliveryId,',
    'signatureHeaders({ deliveryId: `${deliveryId}-${at}`,',
  ]),
  bug('the signature leaves out the time', 'trial', /webhook-signature is wrong/, [
    'webhooks/transport/signature.js',
    '`${deliveryId}.${timestamp}.`',
    '`${deliveryId}..`',
  ]),
];

const ORDER_BUGS: readonly WebhookBug[] = [
  bug('the next message overtakes a failed one', 'trial', WRONG_ORDER, [
    FILES.queue,
    'const [first] = this.#ordered;',
    'const first = this.#ordered.slice(0, 2).find((sequence) => !this.#retries.has(sequence));',
  ]),
  bug('after a start, the newest delivery comes first', 'trial', WRONG_ORDER, [
    'webhooks/delivery/stored-deliveries.js',
    'return loaded.toReversed();',
    'return loaded;',
  ]),
];

const FILTER_BUGS: readonly WebhookBug[] = [
  bug('the pattern is ignored', 'trial', UNWANTED, [WEBHOOK, 'this.#isAbout(event.subject) &&', '']),
  bug('the types of events are ignored', 'trial', UNWANTED, [WEBHOOK, 'this.typeOf(event) !== null &&', '']),
  bug(
    'a deleted webhook is called until the next start',
    'trial',
    UNWANTED,
    [
      'webhooks/subscriptions/webhook-registry.js',
      '        this.#webhooks.delete(id, rows);\n        this.#active.delete(id);\n',
      "        rows.put('webhooks', { ...this.#webhooks.ahead.get(id).row, deletedAt: 1 });\n        return;\n",
    ],
    ['webhooks/management/webhooks.service.js', '        this.dispatchers.remove(webhook.id);\n', ''],
  ),
];

const DELAY_BUGS: readonly WebhookBug[] = [
  bug('calls wait for each other', 'hanging-receivers', /./, [
    'webhooks/delivery/call-limit.js',
    'const CALLS_BEGINNING_MAX = 64;',
    'const CALLS_BEGINNING_MAX = 1;',
  ]),
];

const SSRF_BUGS: readonly WebhookBug[] = [
  bug('an address is checked before the connection looks it up again', 'ssrf', FORBIDDEN_CONNECTION, [
    LOOKUP,
    'resolver.addressesOf(hostname).then(answer,',
    `resolver.addressesOf(hostname).then(async (seen) => {
            if (!seen.every((address) => reachable.includes(address))) return answer(seen);
            const now = await resolver.addressesOf(hostname);
            callback(null, now.map((address) => ({ address, family: familyOf(address) })));
        },`,
  ]),
  bug('a host that was public once stays trusted', 'ssrf', FORBIDDEN_CONNECTION, [
    LOOKUP,
    'if (!addresses.every((address) => reachable.includes(address)))',
    `if (addresses.every((address) => reachable.includes(address))) (resolver.trusted ??= new Set()).add(hostname);
            if (resolver.trusted?.has(hostname) !== true)`,
  ]),
  bug('only the first address is checked', 'ssrf', FORBIDDEN_CONNECTION, [
    LOOKUP,
    'addresses.every((address) => reachable.includes(address))',
    'reachable.includes(first)',
  ]),
  bug('a loopback address in IPv6 notation counts as public', 'ssrf', FORBIDDEN_CONNECTION, [
    'webhooks/transport/public-address.js',
    '    if (carried !== null)',
    `    if (carried?.range() === 'loopback')
        return true;
    if (carried !== null)`,
  ]),
];

export const WEBHOOK_BUGS: readonly WebhookBug[] = [
  ...LOSS_BUGS,
  ...CONTENT_BUGS,
  ...ORDER_BUGS,
  ...FILTER_BUGS,
  ...DELAY_BUGS,
  ...SSRF_BUGS,
];
