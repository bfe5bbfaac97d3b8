import type { ReleaseRequest } from './lock-types.js';

type Listener = (request: ReleaseRequest) => void;

/** Tells a listener once of each request to release a lock. The server shows a request at every renewal. */
export class ReleaseNotices {
  #current: ReleaseRequest | null = null;
  /** The last one that was shown, whether or not it still is. */
  #known: ReleaseRequest | null = null;
  #isTold = true;
  #listener: Listener | null = null;

  /** The request that stands now. Null if there is none. */
  get current(): ReleaseRequest | null {
    return this.#current;
  }

  /** What the last renewal has shown. */
  show(request: ReleaseRequest | null): void {
    this.#current = request;
    if (request === null || isSame(request, this.#known)) return;
    this.#known = request;
    this.#isTold = false;
    this.#tell();
  }

  /** Replaces any previous listener. If there is a request that no listener knows of, this one learns of it. */
  listen(listener: Listener): void {
    this.#listener = listener;
    this.#tell();
  }

  /** The listener runs on its own, so that its errors are not taken for those of a renewal. */
  #tell(): void {
    const [request, listener] = [this.#known, this.#listener];
    if (this.#isTold || request === null || listener === null) return;
    this.#isTold = true;
    queueMicrotask(() => listener(request));
  }
}

function isSame(one: ReleaseRequest, other: ReleaseRequest | null): boolean {
  return one.at.getTime() === other?.at.getTime() && one.by === other.by && one.message === other.message;
}
