import { bug, type Bug } from './bug.js';

const CHECKS = 'src/checks.js';
const REPEATING = 'src/repeating.js';
const ROUTE = 'src/route.js';
const SERVERS = 'src/servers.js';

/** Bugs of clients that have the URLs of several servers. */
export const SEVERAL_SERVERS_BUGS: readonly Bug[] = [
  bug('only the first URL is used', CHECKS, 'return [first, ...others];', 'return [first];', [
    'several-refused-connection',
    'several-in-the-environment',
    'several-first-hangs',
    'several-watch',
    'several-elections',
    'several-keepalives',
  ]),
  bug(
    'only the first URL is checked',
    CHECKS,
    '.filter(isNotBlank).map(checkedBaseUrl)',
    '.map((text, at) => (at === 0 ? checkedBaseUrl(text) : text))',
    ['several-unusable'],
  ),
  bug('the client keeps a server that does not work', SERVERS, 'if (url === this.#current)', 'if (false)', [
    'several-unsafe-unknown-cut',
    'several-unsafe-unknown-overloaded',
  ]),
  bug('the client always begins with the first URL', ROUTE, '= servers.current', '= servers.urls[0]', [
    'several-refused-connection',
    'several-first-hangs',
    'several-renewal-in-time',
  ]),
  bug(
    'the client leaves a server that works',
    SERVERS,
    'this.#current = url;',
    'this.#current = url; this.leave(url);',
    ['several-first-works'],
  ),
  bug(
    'the Retry-After of one server holds for all',
    ROUTE,
    'this.#busyUntilMs.get(url) ?? 0',
    'Math.max(0, ...this.#busyUntilMs.values())',
    ['several-first-answers-503', 'several-retry-after', 'several-watch-begins-unavailable'],
  ),
  bug(
    'a change of servers counts as a repeat',
    ROUTE,
    'if (choice === null)',
    'this.#round += 1; if (choice === null || this.#round > 4)',
    ['several-all-fail'],
  ),
  bug('a limit sends the client to another server', ROUTE, 'isFaultOfServer(error) ?', 'true ?', [
    'several-rate-limit',
  ]),
  bug(
    'a request without effect counts as carried out',
    REPEATING,
    '&& NOTHING_DONE.has(error.code)',
    '&& false',
    [
      'several-unsafe-without-effect-no_leader',
      'several-unsafe-without-effect-shutting_down',
      'no-effect-no_leader',
      'no-release-without-effect',
    ],
  ),
  bug('an unknown outcome counts as no effect', REPEATING, '&& NOTHING_DONE.has(error.code)', '&& true', [
    'several-unsafe-unknown-outcome-unknown',
    'several-unsafe-unknown-overloaded',
    'several-unsafe-unknown-bad-gateway',
    'several-release-after-outcome-unknown',
    'several-release-with-an-unknown-outcome',
  ]),
  bug(
    'an unsafe call goes to another server after it was sent',
    REPEATING,
    'return !error.wasSent;',
    'return true;',
    ['several-unsafe-unknown-cut'],
  ),
  bug('a renewal may take a third of the TTL', 'src/keeper.js', 'RULES.renewal_timeouts_per_ttl', '3', [
    'several-renewal-soon',
    'several-keepalives',
  ]),
  bug(
    'a watch stays with its server',
    'src/watch.js',
    'this.#stream(route.url)',
    'this.#stream(servers.urls[0])',
    ['several-watch', 'several-watch-begins-hang'],
  ),
  bug(
    'a renewal after a long wait may hang',
    'src/hold.js',
    'renewalTimeoutMs({ ttlMs, timeoutMs })',
    'timeoutMs',
    ['several-renewal-after-a-wait'],
  ),
];
