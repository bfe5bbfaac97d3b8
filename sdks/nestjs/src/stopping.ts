import { Injectable, ServiceUnavailableException, type BeforeApplicationShutdown } from '@nestjs/common';

/** Says when the application begins to shut down, before it waits for the requests under way. */
@Injectable()
export class Stopping implements BeforeApplicationShutdown {
  readonly #controller = new AbortController();

  /** Aborted when the shutdown begins. The reason becomes a 503 for an HTTP request that was waiting for a lock. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  beforeApplicationShutdown(): void {
    const message = 'The application is shutting down. Try again.';
    this.#controller.abort(new ServiceUnavailableException(message));
  }

  /** A signal that is aborted by the shutdown too. */
  or(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.signal : AbortSignal.any([signal, this.signal]);
  }
}
