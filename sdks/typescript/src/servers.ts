/** The URLs at which a client reaches the service, and the one that it uses now. All calls of the client share this. */
export class Servers {
  #current: string;

  /** @param urls without trailing slashes, each once. The client begins with the first. */
  constructor(readonly urls: readonly [string, ...string[]]) {
    this.#current = urls[0];
  }

  get current(): string {
    return this.#current;
  }

  /** All URLs, the current one first. */
  get fromCurrent(): string[] {
    const at = this.urls.indexOf(this.#current);
    return [...this.urls.slice(at), ...this.urls.slice(0, at)];
  }

  /** A server that works is kept. */
  keep(url: string): void {
    this.#current = url;
  }

  /** Goes on with the next server after one that does not work, unless another call has done so already. */
  leave(url: string): void {
    if (url === this.#current) this.#current = this.fromCurrent[1] ?? url;
  }
}
