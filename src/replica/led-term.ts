import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Clock } from '../clock/clock.js';
import type { TermEndedError } from '../journal/errors.js';
import type { Term } from '../term.js';

/**
 * How long the application may take to end what runs beside the requests, before others may lead, in milliseconds. The rest ends
 * afterwards, when it can no longer write.
 */
const END_MS = 200;

/** A term of this process, and the application that serves it. */
export class LedTerm {
  constructor(
    readonly term: Term,
    readonly app: NestExpressApplication,
    /** Resolves if this term is over, though the process goes on. */
    readonly lost: Promise<TermEndedError>,
  ) {}

  /** Discards the application of a term that is over. */
  async discard(): Promise<void> {
    await this.app.close();
  }

  /**
   * Makes everything durable that has been decided, lets others lead, and discards the application. Requests that it has not
   * decided yet are refused and certainly have no effect.
   *
   * @param resign lets others lead.
   */
  async handOver(clock: Clock, resign: () => Promise<void>): Promise<void> {
    const closing = this.app.close();
    await Promise.race([closing, clock.pause(END_MS)]);
    await this.term.store.close();
    await resign();
    await closing;
  }
}
