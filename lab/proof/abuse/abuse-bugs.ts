import type { Patch } from '../../kit/server/test-build.js';

/** A mistake that somebody could make in what keeps clients from hurting one another. */
export interface AbuseBug {
  readonly name: string;
  /** The name of the attack that must notice it. */
  readonly attack: string;
  /** Fits what must be among the violations: a bug must be noticed for what it is. */
  readonly evidence: RegExp;
  readonly patches: readonly Patch[];
}

type Change = readonly [file: string, find: string, replace: string];

const CONNECTION = 'http/connections/connection.js';
const CONNECTIONS = 'http/connections/connections.js';
const ROOM = 'http/connections/connection-room.js';
const REFUSE = 'http/connections/refuse.js';

function bug(name: string, attack: string, evidence: RegExp, ...changes: readonly Change[]): AbuseBug {
  const patches = changes.map(([file, find, replace]) => ({ file, find, replace }));
  return { name, attack, evidence, patches };
}

const OF_CONNECTIONS: readonly AbuseBug[] = [
  bug('nobody listens for errors of a tunnel', 'strangers', /the process ended/, [
    REFUSE,
    "socket.on('error', () => socket.destroy());",
    '',
  ]),
  bug('a refused client decides when its connection ends', 'strangers', /descriptors are still open/, [
    REFUSE,
    'clock.after(LINGER_MS, () => socket.destroy())',
    '() => undefined',
  ]),
  bug('all requests of a connection are served at once', 'pipelines', /descriptors for/, [
    CONNECTION,
    'if (this.#current === null)\n            this.#serve(exchange);',
    'if (true)\n            this.#serve(exchange);',
  ]),
  bug('any number of requests may stand behind one that waits', 'pipelines', /may stand behind/, [
    CONNECTION,
    'const BEHIND_A_WAIT_MAX = 100;',
    'const BEHIND_A_WAIT_MAX = 1_000_000;',
  ]),
  bug('answers that nobody reads are kept for ever', 'pipelines', /that nobody reads/, [
    CONNECTIONS,
    "server.once('listening', () => unread.start());",
    '',
  ]),
  bug('held requests are served in the wrong order', 'pipelines', /not in order/, [
    CONNECTION,
    'const next = this.#held.shift();',
    'const next = this.#held.pop();',
  ]),
  bug('the number of connections is not limited', 'crowd', /connections allowed/, [
    ROOM,
    'server.maxConnections = this.#max;',
    '',
  ]),
  bug('idle connections are not closed to make room', 'crowd', /no chance in a crowd/, [
    ROOM,
    'if (this.#open.size < this.#max * CROWDED_SHARE)',
    'if (true)',
  ]),
];

const CLIENT_GONE = 'http/connections/client-gone.decorator.js';

const OF_DEPARTURES: readonly AbuseBug[] = [
  bug('whether a client has gone is told by its response', 'gone-clients', /stand in line/, [
    CLIENT_GONE,
    'onClientGone(request, () => controller.abort());',
    "context.switchToHttp().getResponse().once('close', () => controller.abort());",
  ]),
  bug('a client that has gone stays in line', 'gone-clients', /was granted a lock/, [
    CLIENT_GONE,
    'onClientGone(request, () => controller.abort());',
    '',
  ]),
  bug('the socket is not read behind a wait', 'gone-clients', /stand in line|was granted a lock/, [
    CONNECTION,
    'if (this.#held.length > 0 && this.#goneListeners === null)',
    'if (this.#held.length > 0)',
  ]),
  bug('a half-closed event stream is kept', 'gone-clients', /event streams of clients that have gone/, [
    'events/watches.js',
    'onClientGone(request, () => stream.end());',
    '',
  ]),
  bug('a client that has closed its half is not answered', 'gone-clients', /of 3 answers/, [
    CONNECTIONS,
    'Object.assign(server, { httpAllowHalfOpen: true });',
    '',
  ]),
];

const OF_USERS: readonly AbuseBug[] = [
  bug('one user may have all waits', 'greedy-user', /one user has \d+ waiters/, [
    'core/rules/quota.js',
    'if (state.waiterCountOf(userId) >= maxWaitersPerUser)',
    'if (false)',
  ]),
  bug('all expired sessions of a user are remembered', 'expired-sessions', /are remembered/, [
    'core/rules/session-memory.js',
    'while (state.rememberedSessionCountOf(userId) >= options.maxSessionsPerUser)',
    'while (false)',
  ]),
];

const CALLERS = 'http/pipeline/callers.js';

const OF_LOAD: readonly AbuseBug[] = [
  bug('what looks like upkeep is never sent away', 'shedding', /is never sent away/, [
    CALLERS,
    '(request, route) => route.isUpkeep',
    '(request, route) => /\\/(?:renew|release|keepalive)$/.test(request.url) || route.isUpkeep',
  ]),
  bug('upkeep is served whatever its token', 'shedding', /without a valid token is never sent away/, [
    CALLERS,
    '(!route.needsCaller || callers.isBehind(request))',
    'true',
  ]),
];

const OF_STREAMS: readonly AbuseBug[] = [
  bug(
    'any number of bytes may wait for a user',
    'slow-readers',
    /MiB wait for the event streams|unread event streams took/,
    ['events/stream-buffers.js', 'if (account.bytes > this.#limits.perUser)', 'if (false)'],
    ['events/stream-buffers.js', 'while (this.#bytes > this.#limits.all)', 'while (false)'],
    ['events/event-stream.js', 'const UNREAD_BYTES_MAX = 1024 * 1024;', 'const UNREAD_BYTES_MAX = Infinity;'],
  ),
  bug('one user may have all watches', 'greedy-user', /one user has \d+ watches/, [
    'events/watchers.js',
    'if (own >= perUser)',
    'if (false)',
  ]),
];

const OF_DATABASES: readonly AbuseBug[] = [
  bug('a restore puts a file in the place of a link', 'linked-database', /replaces the link/, [
    'journal/sqlite/restore.js',
    'await moveDurably(location.restoring, location.path);',
    'await moveDurably(location.restoring, location.given);',
  ]),
  bug('commands make the database that they miss', 'empty-folder', /in an empty folder/, [
    'journal/sqlite/sqlite-file.js',
    '(statSync(this.#location.path, { throwIfNoEntry: false })?.size ?? 0) > 0',
    'true',
  ]),
];

const LOG_OUTPUT = 'logging/output/log-output.js';

const OF_LOGS: readonly AbuseBug[] = [
  bug('a line that cannot be written is thrown at whoever logs', 'bad-logs', /with a log on a full disk/, [
    LOG_OUTPUT,
    'if (!descriptor.isNonBlocking)',
    `writeSync(descriptor.fd, '\\n');
        if (!descriptor.isNonBlocking)`,
  ]),
  bug('the log waits for its reader', 'bad-logs', /with a log that nobody reads/, [
    LOG_OUTPUT,
    'this.#wrote(batch, this.#writes.sync(fd, batch.bytes, batch.written));',
    `for (let count = -1; count < 0;) {
                try {
                    count = this.#writes.sync(fd, batch.bytes, batch.written);
                } catch (error) {
                    if (!isFull(error)) throw error;
                }
                if (count >= 0) this.#wrote(batch, count);
            }`,
  ]),
];

export const ABUSE_BUGS: readonly AbuseBug[] = [
  ...OF_CONNECTIONS,
  ...OF_DEPARTURES,
  ...OF_USERS,
  ...OF_LOAD,
  ...OF_STREAMS,
  ...OF_LOGS,
  ...OF_DATABASES,
];
