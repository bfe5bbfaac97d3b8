import type { Patch } from '../../kit/server/test-build.js';

/** A bug in the code that protects clients from one another. */
export interface AbuseBug {
  readonly name: string;
  /** The attack that must find it. */
  readonly attack: string;
  /** Must match one of the violations, so that the bug is found for the right reason. */
  readonly evidence: RegExp;
  readonly patches: readonly Patch[];
}

type Change = readonly [file: string, find: string, replace: string];

const CONNECTION = 'http/connections/connection.js';
const CONNECTIONS = 'http/connections/connections.js';
const LIMITER = 'http/connections/connection-limiter.js';
const REFUSE = 'http/connections/refuse.js';

function bug(name: string, attack: string, evidence: RegExp, ...changes: readonly Change[]): AbuseBug {
  const patches = changes.map(([file, find, replace]) => ({ file, find, replace }));
  return { name, attack, evidence, patches };
}

const CONNECTION_BUGS: readonly AbuseBug[] = [
  bug('errors of a tunnel are not handled', 'strangers', /the process ended/, [
    REFUSE,
    "socket.on('error', () => socket.destroy());",
    '',
  ]),
  bug('a refused client can keep its connection open', 'strangers', /descriptors are still open/, [
    REFUSE,
    'clock.after(LINGER_MS, () => socket.destroy())',
    '() => undefined',
  ]),
  bug('requests of one connection are served concurrently', 'pipelines', /descriptors for/, [
    CONNECTION,
    'if (this.#current === null)\n            this.#serve(exchange);',
    'if (true)\n            this.#serve(exchange);',
  ]),
  bug('any number of requests may queue behind one that waits', 'pipelines', /were accepted behind/, [
    CONNECTION,
    'const BEHIND_A_WAIT_MAX = 100;',
    'const BEHIND_A_WAIT_MAX = 1_000_000;',
  ]),
  bug('unread answers are kept forever', 'pipelines', /kept for unread/, [
    CONNECTIONS,
    "server.once('listening', () => unread.start());",
    '',
  ]),
  bug('queued requests are served in the wrong order', 'pipelines', /not in order/, [
    CONNECTION,
    'const next = this.#held.shift();',
    'const next = this.#held.pop();',
  ]),
  bug('the number of connections is not limited', 'crowd', /connections allowed/, [
    LIMITER,
    'server.maxConnections = this.#max;',
    '',
  ]),
  bug('idle connections are not closed to make room', 'crowd', /is not served while/, [
    LIMITER,
    'if (this.#open.size < this.#max * NEAR_LIMIT_SHARE)',
    'if (true)',
  ]),
];

const CLIENT_GONE = 'http/connections/client-gone.decorator.js';

const DISCONNECT_BUGS: readonly AbuseBug[] = [
  bug('a disconnect is detected from the response', 'gone-clients', /still in line/, [
    CLIENT_GONE,
    'onClientGone(request, () => controller.abort());',
    "context.switchToHttp().getResponse().once('close', () => controller.abort());",
  ]),
  bug('a disconnected client stays in line', 'gone-clients', /was granted a lock/, [
    CLIENT_GONE,
    'onClientGone(request, () => controller.abort());',
    '',
  ]),
  bug('the socket is not read during a wait', 'gone-clients', /still in line|was granted a lock/, [
    CONNECTION,
    'if (this.#held.length > 0 && this.#goneListeners === null)',
    'if (this.#held.length > 0)',
  ]),
  bug('a half-closed event stream is kept open', 'gone-clients', /event streams of disconnected clients/, [
    'events/watches.js',
    'onClientGone(request, () => stream.end());',
    '',
  ]),
  bug('a half-closed connection gets no answers', 'gone-clients', /of 3 answers/, [
    CONNECTIONS,
    'Object.assign(server, { httpAllowHalfOpen: true });',
    '',
  ]),
];

const USER_BUGS: readonly AbuseBug[] = [
  bug('one user may use every waiter', 'greedy-user', /one user has \d+ waiters/, [
    'core/rules/line-limits.js',
    'if (!makeWay(making, state.silentTickets(holder.userId), ownExcess)) {',
    'if (false) {',
  ]),
  bug('every expired session of a user is remembered', 'expired-sessions', /are remembered/, [
    'core/rules/session-memory.js',
    'while (state.rememberedSessionCountOf(userId) >= limit)',
    'while (false)',
  ]),
];

const CALLERS = 'http/pipeline/callers.js';

const LOAD_BUGS: readonly AbuseBug[] = [
  bug('requests that look like upkeep are never shed', 'shedding', /is never shed/, [
    CALLERS,
    '(request, route) => route.isUpkeep',
    '(request, route) => /\\/(?:renew|release|keepalive)$/.test(request.url) || route.isUpkeep',
  ]),
  bug('upkeep with any token is served', 'shedding', /without a valid token is never shed/, [
    CALLERS,
    '(!route.needsCaller || callers.isKnown(request))',
    'true',
  ]),
];

const STREAM_BUGS: readonly AbuseBug[] = [
  bug(
    'the bytes buffered for one user are not limited',
    'slow-readers',
    /MiB were buffered|unread event streams took/,
    ['events/stream-buffers.js', 'if (account.bytes > this.#limits.perUser)', 'if (false)'],
    ['events/stream-buffers.js', 'while (this.#bytes > this.#limits.all)', 'while (false)'],
    ['events/event-stream.js', 'const UNREAD_BYTES_MAX = 1024 * 1024;', 'const UNREAD_BYTES_MAX = Infinity;'],
  ),
  bug('one user may use every watcher', 'greedy-user', /one user has \d+ watches/, [
    'events/watchers.js',
    'if (own >= perUser)',
    'if (false)',
  ]),
];

const DATABASE_BUGS: readonly AbuseBug[] = [
  bug('a restore replaces a link with a file', 'linked-database', /replaces the link/, [
    'journal/sqlite/restore.js',
    'await moveDurably(location.restoring, location.path);',
    'await moveDurably(location.restoring, location.given);',
  ]),
  bug('commands create a missing database', 'empty-folder', /in an empty folder/, [
    'journal/sqlite/sqlite-file.js',
    '(statSync(this.#location.path, { throwIfNoEntry: false })?.size ?? 0) > 0',
    'true',
  ]),
];

const LOG_OUTPUT = 'logging/output/log-output.js';

const LOG_BUGS: readonly AbuseBug[] = [
  bug('logging throws if a line cannot be written', 'bad-logs', /with a log on a full disk/, [
    LOG_OUTPUT,
    'if (!descriptor.isNonBlocking)',
    `writeSync(descriptor.fd, '\\n');
        if (!descriptor.isNonBlocking)`,
  ]),
  bug('logging blocks until the log is read', 'bad-logs', /with an unread log/, [
    LOG_OUTPUT,
    'this.#wrote(batch, this.#writes.sync(fd, batch.bytes, batch.written));',
    `for (let count = -1; count < 0;) {
                try {
                    count = this.#writes.sync(fd, batch.bytes, batch.written);
                } catch (error) {
                    if (!wouldBlock(error)) throw error;
                }
                if (count >= 0) this.#wrote(batch, count);
            }`,
  ]),
];

export const ABUSE_BUGS: readonly AbuseBug[] = [
  ...CONNECTION_BUGS,
  ...DISCONNECT_BUGS,
  ...USER_BUGS,
  ...LOAD_BUGS,
  ...STREAM_BUGS,
  ...LOG_BUGS,
  ...DATABASE_BUGS,
];
