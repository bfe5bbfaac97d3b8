import type { ServerResponse } from 'node:http';
import type { Clock } from '../../clock/clock.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { unserved } from '../../errors/unserved.js';
import type { Replies } from '../../http/answer/replies.js';
import type { Connection } from '../../http/connections/connection.js';
import { contextOf, type ServiceRequest } from '../../http/input/service-request.js';
import type { Tracing } from '../../tracing/tracing.js';
import { withRestOfWait } from './acquire-body.js';
import { Attempt, type AttemptEnd } from './attempt.js';
import type { ForwardObserver, ForwardOutcome } from './forward-observer.js';
import { Hold } from './hold.js';
import type { Leader } from './leader.js';
import type { Leaders } from './leaders.js';
import { forwardedHeaders } from './request-headers.js';
import { isAcquire, isRead, isRepeatable, isShort, isWait } from './request-kind.js';

export interface PendingParts {
  readonly clock: Clock;
  readonly replies: Replies;
  readonly leaders: Leaders;
  readonly observer: ForwardObserver;
  readonly tracing: Tracing;
  readonly clientOf: (request: ServiceRequest) => string;
}

/** A client's request that waits for the leader's answer. It is sent until it is answered, as far as that is safe. */
export class PendingRequest {
  readonly #request: ServiceRequest;
  readonly #response: ServerResponse;
  readonly #parts: PendingParts;
  readonly #headers: readonly string[];
  readonly #client: string;
  readonly #hold: Hold;
  #leader: Leader | null = null;
  #attempt: Attempt | null = null;
  #hasBeenHeld = false;
  /** The leader that has already lost this request once. */
  #lostBy: Leader | null = null;
  /** Whether a leader that did not answer may have carried out the request. */
  #mayBeDone = false;
  #isOver = false;
  #forgetDrain: () => void = () => undefined;

  constructor(request: ServiceRequest, response: ServerResponse, parts: PendingParts) {
    const { clock, leaders, observer, tracing } = parts;
    this.#request = request;
    this.#response = response;
    this.#parts = parts;
    this.#headers = forwardedHeaders(request, tracing.forwardedHeaders(request));
    this.#client = parts.clientOf(request);
    this.#hold = new Hold({ clock, leaders, onHeld: (durationMs) => observer.held(durationMs) });
  }

  start(connection: Connection): void {
    this.#response.once('close', () => this.#closed());
    // Nothing but the end of its input tells that a client that waits is gone.
    if (isWait(this.#request)) {
      connection.onClientGone(() => this.#clientGone());
      this.#forgetDrain = this.#parts.leaders.onDrain(() => this.#drained());
    }
    if (this.#isOver) return;
    if (this.#mustEnd) this.#giveUp();
    else this.#sendOrHold();
  }

  /** Whether this server stops too soon for the request to be sent again. */
  get #mustEnd(): boolean {
    const { isClosed, isDraining } = this.#parts.leaders;
    return isClosed || (isDraining && isWait(this.#request));
  }

  #sendOrHold(): void {
    const { current } = this.#parts.leaders;
    if (current === null) this.#holdOn();
    else this.#sendTo(current);
  }

  #sendTo(leader: Leader): void {
    if (leader.target.reign !== this.#leader?.target.reign) this.#hold.startOver();
    const attempt = new Attempt({
      response: this.#response,
      isLastAnswer: this.#parts.replies.isEndingConnections,
      mayBeDone: this.#mayBeDone,
      onEnd: (end) => this.#ended(leader, attempt, end),
    });
    this.#leader = leader;
    this.#attempt = attempt;
    const { method = 'GET', url = '/' } = this.#request;
    const forwarded = { method, url, client: this.#client, headers: this.#headers, body: this.#body() };
    if (isShort(this.#request)) leader.sendShort(forwarded, attempt);
    else leader.send(forwarded, attempt);
  }

  /** A request for a lease that was held has waited for it already. */
  #body(): Buffer {
    const { body } = this.#request;
    if (!this.#hasBeenSentOrHeld() || !isAcquire(this.#request)) return body;
    return withRestOfWait(body, this.#parts.clock.monotonicMs() - contextOf(this.#request).startedAtMs);
  }

  #hasBeenSentOrHeld(): boolean {
    return this.#hasBeenHeld || this.#lostBy !== null;
  }

  #ended(leader: Leader, attempt: Attempt, end: AttemptEnd): void {
    this.#attempt = null;
    leader.finished(attempt, end === 'answered' || end === 'unserved');
    switch (end) {
      case 'answered':
        return this.#over('answered');
      case 'broken':
        this.#over('broken');
        this.#request.socket.destroy();
        return;
      case 'invalid':
        return this.#fail(new OctoStoreError('malformed_request'), 'refused');
      case 'lost':
        return this.#lost(leader);
      case 'not_sent':
      case 'unserved':
        return this.#again(leader);
    }
  }

  #lost(leader: Leader): void {
    this.#mayBeDone ||= !isRead(this.#request);
    if (this.#mustEnd || !isRepeatable(this.#request)) return this.#giveUp();
    // An idle connection may have been closed just then. Another one tells whether the leader still answers.
    const isFirst = this.#lostBy !== leader;
    this.#lostBy = leader;
    if (isFirst) this.#sendOrHold();
    else this.#again(leader);
  }

  /** Sends the request again, to the next leader. */
  #again(leader: Leader): void {
    const { current } = this.#parts.leaders;
    if (this.#mustEnd) this.#giveUp();
    else if (current !== null && current !== leader) this.#sendTo(current);
    else this.#holdOn();
  }

  #holdOn(): void {
    if (this.#mustEnd) return this.#giveUp();
    this.#hasBeenHeld = true;
    this.#hold.begin(
      () => this.#sendOrHold(),
      () => this.#giveUp(),
    );
  }

  #giveUp(): void {
    const isStopping = this.#parts.leaders.isDraining;
    if (!this.#mayBeDone) {
      const reason = isStopping ? 'shutting_down' : 'no_leader';
      this.#fail(unserved(reason), reason);
      return;
    }
    const mayGoOn = isStopping && isAcquire(this.#request) && isRepeatable(this.#request);
    this.#fail(mayGoOn ? unknownUntilRepeated() : new OctoStoreError('outcome_unknown'), 'outcome_unknown');
  }

  /** This server is about to stop, and the client waits for longer than that. */
  #drained(): void {
    if (this.#isOver) return;
    if (this.#response.headersSent) this.#endStream();
    else if (this.#attempt !== null) this.#attempt.breakOff();
    else {
      this.#hold.cancel();
      this.#giveUp();
    }
  }

  /** An event stream ends between two pieces. Another answer that has begun is complete in a moment. */
  #endStream(): void {
    if (!isRead(this.#request)) return;
    this.#stop();
    this.#over('shutting_down');
    this.#response.end();
  }

  #fail(error: OctoStoreError, outcome: ForwardOutcome): void {
    this.#over(outcome);
    if (!this.#response.destroyed) this.#parts.replies.sendError(this.#response, error);
  }

  /** The client waits for an answer, but has closed its half of the connection, or all of it. */
  #clientGone(): void {
    if (this.#isOver) return;
    this.#stop();
    this.#over('abandoned');
    const { socket } = this.#request;
    if (socket.destroyed || !socket.writable) return;
    if (this.#response.headersSent) this.#response.end();
    else this.#parts.replies.sendError(this.#response, halfClosed());
  }

  #closed(): void {
    if (this.#isOver) return;
    this.#stop();
    this.#over('abandoned');
  }

  #stop(): void {
    this.#hold.cancel();
    const attempt = this.#attempt;
    this.#attempt = null;
    if (attempt === null) return;
    attempt.cancel();
    this.#leader?.finished(attempt, false);
  }

  #over(outcome: ForwardOutcome): void {
    this.#isOver = true;
    this.#forgetDrain();
    this.#parts.observer.ended(outcome);
  }
}

/**
 * The leader may have granted the lock just when this server left it. So it is not certain that there was no effect, which is what
 * `shutting_down` says.
 */
function unknownUntilRepeated(): OctoStoreError {
  return new OctoStoreError('outcome_unknown', {
    details:
      'The server is shutting down. Repeat the request with the same lease_id, which keeps its place in line.',
  });
}

/** As the leader answers. */
function halfClosed(): OctoStoreError {
  return new OctoStoreError('request_timeout', {
    details: 'You closed your half of the connection, so the wait ended. Keep it open while you wait.',
  });
}
