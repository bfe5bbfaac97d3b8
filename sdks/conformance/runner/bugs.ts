import { bug, type Bug } from './bug.js';
import { KINDS_OF_LOCKS_BUGS } from './kinds-of-locks-bugs.js';
import { REAL_PROGRAMS_BUGS } from './real-programs-bugs.js';
import { SEVERAL_SERVERS_BUGS } from './several-servers-bugs.js';
import { TOKEN_FUNCTION_BUGS } from './token-function-bugs.js';

const KEEPER = 'src/keeper.js';
const BEARER = 'src/bearer.js';
const CALLS = 'src/calls.js';
const ROUTE = 'src/route.js';
const ACQUIRING = 'src/acquiring.js';
const LOCKS = 'src/lock-api.js';
const WATCH = 'src/watch.js';

/** Typical bugs of SDKs. The scenarios must find all of them. */
export const BUGS: readonly Bug[] = [
  bug('nothing is renewed', KEEPER, 'await this.#renew();', 'await new Promise(() => {});', [
    'renewals',
    'session-keepalives',
  ]),
  bug('the loss is signalled when the lease has expired', KEEPER, '+ ttlMs - marginMs(ttlMs)', '+ ttlMs', [
    'loss-by-silence',
    'loss-by-hanging',
    'session-loss-by-silence',
  ]),
  bug('the loss is signalled far too early', KEEPER, '+ ttlMs - marginMs(ttlMs)', '+ ttlMs / 2', [
    'loss-by-silence',
  ]),
  bug(
    'a lease counts from the answer',
    'src/transport.js',
    'response.text(), sentAtMs }',
    'response.text(), sentAtMs: nowMs() }',
    ['loss-counts-from-the-sending'],
  ),
  bug(
    'a lease counts from the last attempt',
    ACQUIRING,
    "lease.status === 'held' ? firstAskedAtMs : sentAtMs",
    'sentAtMs',
    ['loss-counts-from-the-first-attempt'],
  ),
  bug(
    'a lease is not renewed after a long wait',
    'src/hold.js',
    'if (nowMs() - sentAtMs <',
    'if (true || nowMs() - sentAtMs <',
    ['wait-longer-than-the-ttl'],
  ),
  bug(
    'renewals stop after a failure',
    KEEPER,
    'await pauseInBackground(Math.min(periodMs',
    'throw error; await pauseInBackground(Math.min(periodMs',
    ['renewals-go-on-after-failures'],
  ),
  bug(
    'a 404 is treated like any other failure',
    KEEPER,
    'if (error instanceof NotFoundError)',
    'if (false)',
    ['loss-by-404', 'session-loss-by-404', 'session-loss-by-410'],
  ),
  bug('a lock outlives its session', 'src/hold.js', 'within: session?.keeper', 'within: undefined', [
    'session-loss-by-silence',
    'session-loss-by-404',
    'session-keepalives',
  ]),
  bug(
    'a handle does not release',
    'src/held-lease.js',
    'keeping.release(this.leaseId, limits)',
    'Promise.resolve()',
    ['hold-and-close', 'hand-over'],
  ),
  bug(
    'a release that overtakes its acquire is not repeated',
    ACQUIRING,
    'if (!(error instanceof NotFoundError))',
    'if (true)',
    ['release-that-overtakes-its-acquire', 'release-of-what-never-arrives'],
  ),
  bug(
    'closing fails without a network',
    'src/lock.js',
    'await this.release().catch(() => undefined)',
    'await this.release()',
    ['close-without-network'],
  ),
  bug(
    'the leader does not learn of the loss',
    'src/election.js',
    'const signals = [lock.signal, ...',
    'const signals = [...',
    ['leader-loses-the-lock', 'leader-without-network'],
  ),
  bug('an election ends with its first failure', 'src/election.js', 'if (isFinal(error))', 'if (true)', [
    'campaign-goes-on-after-500',
  ]),
  bug(
    'an election ends with a server error',
    'src/election.js',
    'isFinal(error)',
    "error.type === 'server'",
    ['campaign-goes-on-after-500'],
  ),
  bug('a watch ends with a server error', WATCH, '? isFinal(error)', '? !mayRepeat(error, true)', [
    'watch-goes-on-after-500',
  ]),
  bug(
    'a watch waits for any Retry-After',
    WATCH,
    'this.#caller.limitedRoute();',
    'this.#caller.limitedRoute(); route.restart();',
    ['watch-refused-for-long'],
  ),
  bug('creating a session is repeated', 'src/session.js', 'isSafe: false', 'isSafe: true', [
    'not-repeated-create_session',
  ]),
  bug('a 401 is final even if the token was replaced', BEARER, 'if (answer.status !== 401)', 'if (true)', [
    'rotate-while-waiting',
    'rotate-while-campaigning',
    'rotate-what-is-not-safe-to-repeat',
  ]),
  bug(
    'a stream that ends with its token is not resumed with the new one',
    BEARER,
    'return ended !== this.#token;',
    'return false;',
    ['rotate-while-watching'],
  ),
  bug(
    'requests do not wait for a running rotation',
    BEARER,
    '(token === this.#token)\n                await withPatience(',
    '(token === this.#token)\n                void withPatience(',
    ['rotate-with-a-late-answer', 'rotate-what-is-not-safe-to-repeat'],
  ),
  bug('rotations run concurrently', BEARER, 'this.#rotated.then(async', 'Promise.resolve().then(async', [
    'rotate-twice-at-once',
  ]),
  bug('nothing is repeated', CALLS, '1 + RULES.repeats_max', '1', [
    'lost-answer-of-acquire',
    'repeated-if-never-connected',
    'unavailable-502',
  ]),
  bug('there are too many repeats', CALLS, '1 + RULES.repeats_max', '6', [
    'four-attempts',
    'timeout',
    'rubbish-html',
  ]),
  bug(
    'each repeat has a new lease id',
    ACQUIRING,
    'lease_id: options.leaseId,\n            metadata',
    'get lease_id() { return crypto.randomUUID(); },\n            metadata',
    ['lost-answer-of-acquire', 'long-wait'],
  ),
  bug('Retry-After is ignored', ROUTE, 'atMs + retryAfterMs', 'atMs', [
    'retry-after-429',
    'retry-after-503',
    'several-retry-after',
    'no-effect-no_leader',
  ]),
  bug('every Retry-After is waited for', ROUTE, 'inMs <= mostMs', 'inMs <= Infinity', [
    'refused-at-once-429',
    'wait-with-a-retry-after-beyond-it',
  ]),
  bug('an abandoned acquire leaves its lock held', ACQUIRING, 'if (outcome.isUnknown &&', 'if (false &&', [
    'release-after-giving-up',
    'release-after-hold-timed-out',
  ]),
  bug('every failed acquire is followed by a release', ACQUIRING, 'if (outcome.isUnknown &&', 'if (', [
    'no-release-without-need',
  ]),
  bug('a 404 to a repeated release is an error', CALLS, "'goneIs' in call", 'false', [
    'lost-answer-of-release',
    'lost-answer-of-end-session',
    'lost-answer-of-delete-webhook',
  ]),
  bug(
    'a 404 to a release is never an error',
    CALLS,
    'if (wasUnknown && error instanceof',
    'if (error instanceof',
    ['release-of-a-lost-lock'],
  ),
  bug(
    "an error quotes a proxy's answer",
    'src/answers.js',
    '|| `the server answered with status',
    '|| text || `the server answered with status',
    ['unavailable-502'],
  ),
  bug(
    'the text form contains the token',
    'src/client.js',
    'this.#sessions = new',
    'this.toString = () => `OctoStoreClient(${url}, ${bearer})`; this.#sessions = new',
    ['token-is-not-shown'],
  ),
  bug('redirects are followed', 'src/transport.js', "redirect: 'manual'", "redirect: 'follow'", [
    'redirect-is-not-followed',
  ]),
  bug('a list has only one page', LOCKS, 'if (page.cursor === null)', 'if (true)', ['list-all-pages']),
  bug('slashes in names are not encoded', 'src/lease-routes.js', 'encodeURIComponent(name)', 'name', [
    'name-verb',
  ]),
  bug('names are not checked', 'src/checks.js', 'if (problem !== null)', 'if (false)', [
    'invalid-name-dot-dot',
    'invalid-name-newline',
  ]),
  bug('a broken watch starts over', WATCH, 'if (this.#lastEventId !== undefined)', 'if (false)', [
    'watch-resumes',
  ]),
  bug(
    'a watch skips an event after it breaks',
    WATCH,
    "['last-event-id'] = this.#lastEventId",
    "['last-event-id'] = String(Number(this.#lastEventId) + 1)",
    ['watch-resumes'],
  ),
  ...SEVERAL_SERVERS_BUGS,
  ...REAL_PROGRAMS_BUGS,
  ...KINDS_OF_LOCKS_BUGS,
  ...TOKEN_FUNCTION_BUGS,
  bug('old messages are accepted', 'src/verify-webhook.js', 'if (!(age <=', 'if (false && !(age <=', [
    'verify-old',
    'verify-future',
  ]),
  bug(
    'signatures are not compared',
    'src/verify-webhook.js',
    'if (await crypto.subtle.verify(',
    'if (signature.length > 0 || await crypto.subtle.verify(',
    ['verify-tampered', 'verify-wrong-key', 'verify-text-of-base64-key'],
  ),
  bug(
    'whsec_ secrets are used as text',
    'src/verify-webhook.js',
    'secret.startsWith(BASE64_KEY_PREFIX)',
    'false',
    ['verify-base64-key'],
  ),
];
