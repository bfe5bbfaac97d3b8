import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { errors, type Dispatcher } from 'undici';
import { UNSERVED_HEADER } from '../../errors/unserved.js';
import type { LinkAnswer } from '../../http/link/link-answer.js';
import { passedHeaders, valueOf } from './answer-headers.js';

/** How an attempt to get the leader's answer ended. */
export type AttemptEnd =
  /** The answer has been passed on to the client. */
  | 'answered'
  /** The leader did not get the request. */
  | 'not_sent'
  /** The leader says that the request had no effect. */
  | 'unserved'
  /** The request was sent, but no answer came. */
  | 'lost'
  /** The answer broke off after a part of it had been passed on. */
  | 'broken'
  /** The request cannot be sent to any server. */
  | 'invalid';

const UNSERVED = UNSERVED_HEADER.toLowerCase();

/** The end of an attempt that breaks off, by how far it had come. */
const BROKEN_OFF = {
  waiting: 'not_sent',
  sent: 'lost',
  refused: 'unserved',
  answering: 'broken',
} as const satisfies Record<string, AttemptEnd>;

/** The statuses of answers that turn a request away before it is known what it is about: it came too fast, or at a bad time. */
const TURNED_AWAY: ReadonlySet<number> = new Set([408, 429, 503, 507]);

/** Makes Node send the headers. Its own method would send them in UTF-8, and not together with what follows at once. */
const NOTHING = Buffer.alloc(0);

interface AttemptParts {
  readonly response: ServerResponse;
  /** Whether the client's connection must end with the answer. */
  readonly isLastAnswer: boolean;
  /**
   * Whether an earlier attempt may have carried out the request. A leader that turns the request away for now then says nothing about its
   * effect.
   */
  readonly mayBeDone: boolean;
  /** Called once, unless the attempt is cancelled. */
  readonly onEnd: (end: AttemptEnd) => void;
}

/**
 * One attempt to get the leader's answer to a request. Passes it on as it arrives, no faster than the client reads. Undici
 * calls its methods.
 */
export class Attempt implements Dispatcher.DispatchHandler {
  readonly #parts: AttemptParts;
  #stage: keyof typeof BROKEN_OFF | 'ended' = 'waiting';
  #announcedLength = '';
  /** The body, if it has arrived in one piece. Each character is one byte. */
  #whole: string | null = null;

  constructor(parts: AttemptParts) {
    this.#parts = parts;
  }

  /** The request is being written to a connection. */
  onRequestStart(): void {
    if (this.#stage === 'waiting') this.#stage = 'sent';
  }

  onResponseStart(
    { rawHeaders }: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    statusText?: string,
  ): void {
    // Answers below 200 precede the real one, and concern this connection.
    if (this.#stage !== 'sent' || status < 200) return;
    if (this.#isRefusal(status, headers[UNSERVED] === '1')) return;
    this.#announcedLength = headers['content-length'] ?? '';
    this.#begin(status, statusText, passedHeaders(rawHeaders, headers));
    const { response } = this.#parts;
    // The body of an answer without a length may begin much later, as that of an event stream does.
    if (this.#announcedLength === '') response.write(NOTHING);
  }

  /** The answer has arrived in one piece. */
  onWholeAnswer({ status, statusText, headers, body }: LinkAnswer): void {
    if (this.#stage !== 'sent') return;
    if (!this.#isRefusal(status, valueOf(headers, UNSERVED) === '1')) {
      this.#begin(status, statusText, passedHeaders(headers, { connection: valueOf(headers, 'connection') }));
      this.#whole = body.toString('latin1');
    }
    this.onResponseEnd();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { response } = this.#parts;
    if (this.#stage !== 'answering') return;
    if (String(chunk.length) === this.#announcedLength) {
      this.#whole = chunk.toString('latin1');
      return;
    }
    if (response.write(chunk)) return;
    controller.pause();
    response.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    if (this.#stage === 'answering') {
      this.#endAnswer();
      this.#end('answered');
    } else this.breakOff();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#stage === 'waiting' && error instanceof errors.InvalidArgumentError) this.#end('invalid');
    else this.breakOff();
  }

  /** Reports that there will be no answer, or no more of it. */
  breakOff(): void {
    if (this.#stage !== 'ended') this.#end(BROKEN_OFF[this.#stage]);
  }

  /** No one waits for the answer. Its end is not reported. */
  cancel(): void {
    this.#stage = 'ended';
  }

  #isRefusal(status: number, isUnserved: boolean): boolean {
    const isRefused = (status === 503 && isUnserved) || (this.#parts.mayBeDone && TURNED_AWAY.has(status));
    if (isRefused) this.#stage = 'refused';
    return isRefused;
  }

  #begin(status: number, statusText: string | undefined, headers: string[]): void {
    const { response, isLastAnswer } = this.#parts;
    this.#stage = 'answering';
    if (isLastAnswer) headers.push('Connection', 'close');
    response.writeHead(status, statusText, headers);
  }

  /** Node sends the headers and a text in one piece, which takes half the time that it takes to send two. */
  #endAnswer(): void {
    const { response } = this.#parts;
    if (this.#whole === null) response.end();
    else response.end(this.#whole, 'latin1');
  }

  #end(end: AttemptEnd): void {
    this.#stage = 'ended';
    this.#parts.onEnd(end);
  }
}
