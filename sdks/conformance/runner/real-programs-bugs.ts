import { bug, type Bug } from './bug.js';

const ACQUIRING = 'src/acquiring.js';
const CLIENT = 'src/client.js';
const ENDING = 'src/ending.js';
const EXIT = 'src/exit.js';
const ROUTE = 'src/route.js';

/** Bugs that show in programs that run for long, and that meet what goes wrong there. */
export const REAL_PROGRAMS_BUGS: readonly Bug[] = [
  bug(
    'closing takes as long as its retries do',
    ENDING,
    'deadlineMs: nowMs() + withinMs',
    'deadlineMs: Infinity',
    ['close-when-hanging', 'close-when-refused', 'session-end-when-hanging', 'election-stop-when-hanging'],
  ),
  bug('a lost lock is released like any other', ENDING, 'this.#send(briefLimits())', 'await this.#send({})', [
    'close-when-lost-and-hanging',
  ]),
  bug('what the server has ended is ended again', ENDING, 'if (isGone)', 'if (false)', [
    'close-after-the-end-sends-nothing-404',
    'close-after-the-end-sends-nothing-410',
  ]),
  bug('a candidate gives up its place in many attempts', CLIENT, '{ isBrief: true }', '{}', [
    'election-stop-while-it-campaigns',
  ]),
  bug(
    'an exit leaves locks despite the option',
    EXIT,
    '.prependListener(signal, this.#onSignal)',
    '.prependListener(signal, () => process.exit())',
    ['exit-releases'],
  ),
  bug(
    'an exit waits for every release',
    EXIT,
    'Promise.race([Promise.all(closed), tooLate])',
    'Promise.all(closed)',
    ['exit-is-bounded'],
  ),
  bug('every exit releases locks', CLIENT, 'releaseOnExit ? CLOSED_ON_EXIT : LEFT_OPEN', 'CLOSED_ON_EXIT', [
    'exit-leaves-locks',
  ]),
  bug(
    'a request waits for as long as the server allows',
    ACQUIRING,
    'Math.min(sliceSeconds,',
    'Math.min(60,',
    ['wait-slices', 'wait-slices-of-a-call', 'wait-slice-by-default', 'several-long-wait'],
  ),
  bug(
    'a call has no slice of its own',
    ACQUIRING,
    'sliceSeconds: waitSliceSeconds',
    'sliceSeconds: this.#caller.waitSliceSeconds',
    ['wait-slices-of-a-call'],
  ),
  bug('slices are not checked', ACQUIRING, 'checkWaitSlice(waitSliceSeconds)', 'void 0', [
    'invalid-wait-slice-0',
    'invalid-wait-slice-61',
  ]),
  bug(
    'a wait ends after the usual retries',
    ACQUIRING,
    'patientUntilMs: wait.untilMs',
    'patientUntilMs: undefined',
    [
      'wait-over-an-outage',
      'wait-through-a-proxy-that-cuts',
      'wait-over-failures-overloaded',
      'wait-over-failures-limited',
      'wait-over-failures-bad-gateway',
      'wait-over-failures-unreadable',
      'wait-ends-with-the-last-error',
      'wait-with-a-long-retry-after',
    ],
  ),
  bug(
    'a short wait has fewer retries',
    ROUTE,
    'this.#round >= this.#roundsMax && patienceMs',
    '(this.#round >= this.#roundsMax || this.#patientUntilMs > 0) && patienceMs',
    ['wait-with-few-seconds'],
  ),
  bug('delays go on growing after a request that waited', ROUTE, 'lastedMs >= WAITED_MS_MIN', 'false', [
    'wait-through-a-proxy-that-cuts',
  ]),
  bug('an election does not say why it ended', 'src/election.js', '(error) => error)', '() => undefined)', [
    'election-function-fails',
    'election-token-revoked',
    'messages-no-token',
  ]),
  bug(
    'a lost lock is a success',
    CLIENT,
    'throw new LockLostError(lock.name, signal.reason, result)',
    'void 0',
    ['with-lock-lost', 'with-lock-lost-by-time'],
  ),
  bug(
    'a loss hides the error of the block',
    CLIENT,
    'throw error;',
    'throw isLost ? new LockLostError(lock.name, signal.reason) : error;',
    ['with-lock-failed-and-lost'],
  ),
  bug(
    'the held error does not say by whom',
    'src/answers.js',
    'isHeld ? heldBy(name, holder, expiresAt) : message',
    'message',
    ['messages-held'],
  ),
  bug(
    'an error of the network does not name the server',
    'src/transport.js',
    'the connection to ${server} failed',
    'the connection failed',
    ['messages-network'],
  ),
  bug('a call without a token is sent', 'src/calls.js', 'this.bearer.checkPresent()', 'void 0', [
    'messages-no-token',
  ]),
  bug(
    'the text form of a handle contains the lease id',
    'src/lock.js',
    'fencing token ${this.fencingToken}',
    'fencing token ${this.fencingToken}, ${this.leaseId}',
    ['describe-handle'],
  ),
];
