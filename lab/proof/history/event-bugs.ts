import { withAttack, crashBug, eventBug, FILES, SLOW_DISK, type Bug } from './bug.js';

const LOGGED = 'for (const event of events)\n            rows.append(toLogged(event, this.#timeline));';

const LOG_BUGS: readonly Bug[] = [
  eventBug('an event is missing from the log', [
    FILES.log,
    LOGGED,
    'for (const event of events) if (event.sequence % 50 !== 0) rows.append(toLogged(event, this.#timeline));',
  ]),
  eventBug('an event is in the log twice', [
    FILES.transition,
    'this.#reports.add(how, lease);',
    'this.#reports.add(how, lease); if (lease.fencingToken % 20 === 0) this.#reports.add(how, lease);',
  ]),
  eventBug('events of one step are swapped in the log', [
    FILES.log,
    LOGGED,
    `for (const [index, event] of events.entries()) {
            const { sequence } = events[events.length - 1 - index];
            rows.append({ ...toLogged(event, this.#timeline), sequence });
        }`,
  ]),
];

const WATCH_BUGS: readonly Bug[] = [
  eventBug('a watch stream skips an event', [
    FILES.hub,
    'for (const event of events)\n                    this.#publish(event);',
    'for (const event of events) if (event.sequence % 50 !== 0) this.#publish(event);',
  ]),
  withAttack(
    crashBug(
      'a watch stream sends what is not on disk yet',
      SLOW_DISK,
      [FILES.log, LOGGED, `${LOGGED}\n        this.tellEarly?.(rows.events);`],
      [
        FILES.hub,
        'store.observe({',
        'store.log.tellEarly = (events) => { for (const event of events) this.#publish(event); };\n        store.observe({',
      ],
    ),
    { events: true },
  ),
];

const WEBHOOK_BUGS: readonly Bug[] = [
  eventBug('a webhook misses an event', [
    FILES.fanOut,
    'if (webhook.wants(event, this.access))',
    'if (webhook.wants(event, this.access) && event.sequence % 10 !== 0)',
  ]),
  eventBug('a webhook gets events out of order', [
    FILES.queue,
    '    enqueue(sequence) {\n        this.#ordered.push(sequence);',
    `    enqueue(sequence) {
        if (this.#ordered.length > 1 && sequence % 5 === 0) this.#ordered.splice(1, 0, sequence);
        else this.#ordered.push(sequence);`,
  ]),
  eventBug('a repeated message has another id', [
    FILES.sender,
    'signatureHeaders({ deliveryId,',
    'signatureHeaders({ deliveryId: crypto.randomUUID(),',
  ]),
  eventBug('a webhook gets an event that did not happen', [
    FILES.delivery,
    'return JSON.stringify(presentEvent(event, { ...presentation, namesHolder: false }));',
    `const type = event.type === 'renewed' ? 'acquired' : event.type;
    return JSON.stringify(presentEvent({ ...event, type }, { ...presentation, namesHolder: false }));`,
  ]),
];

/** Bugs in the event log, in watch streams and in webhooks. */
export const EVENT_BUGS: readonly Bug[] = [...LOG_BUGS, ...WATCH_BUGS, ...WEBHOOK_BUGS];
