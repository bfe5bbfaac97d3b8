import type { DiagLogger } from '@opentelemetry/api';
import { Logger } from '@nestjs/common';
import type { Clock } from '../../clock/clock.js';

/** How long one line stands for all complaints, in milliseconds. */
const SILENT_MS = 60_000;

/** Logs what OpenTelemetry complains about, such as a collector that does not answer, at most once a minute. */
export class RareComplaints implements DiagLogger {
  readonly #logger = new Logger('Tracing');
  readonly #clock: Clock;
  #silentUntilMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  error(message: string): void {
    this.#complain(message);
  }

  warn(message: string): void {
    this.#complain(message);
  }

  info(): void {
    // Not interesting to operators.
  }

  debug(): void {
    // Not interesting to operators.
  }

  verbose(): void {
    // Not interesting to operators.
  }

  #complain(reason: string): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#silentUntilMs) return;
    this.#silentUntilMs = nowMs + SILENT_MS;
    this.#logger.warn({ message: 'Traces could not be exported. The service goes on without them', reason });
  }
}
