import type { UserId } from '../core/model/ids.js';

/** Which limit a stream was cut off for: its own, that of its user, or that of all users together. */
export type ExceededLimit = 'stream' | 'user' | 'all';

/** Bytes that may wait. */
export interface BufferLimits {
  readonly perUser: number;
  readonly all: number;
}

/** A stream whose client may leave bytes unread. */
export interface BufferedStream {
  /** Bytes that wait for the client. */
  readonly waitingBytes: number;
  /** Ends the stream at once. From then on nothing waits for its client. */
  destroy(): void;
}

interface Account {
  readonly user: UserId;
  readonly streams: Set<BufferedStream>;
  bytes: number;
}

/** What a stream tells of what waits for its client. */
export interface StreamAccount {
  /** That has become more by `bytes`, or less if they are negative. */
  changed(bytes: number): void;
  /** The stream exceeds its own limit and ends. */
  exceeded(): void;
  /** The stream is over. */
  close(): void;
}

/**
 * Bounds the bytes that wait for clients that read slowly, for each user and for all. When a user exceeds its limit, those of its
 * streams are cut off for which most is waiting, until it is down to half the limit. When all together exceed theirs, the same is
 * done to the user for whom most is waiting.
 */
export class StreamBuffers {
  readonly #limits: BufferLimits;
  readonly #accounts = new Map<UserId, Account>();
  readonly #cut: Record<ExceededLimit, number> = { stream: 0, user: 0, all: 0 };
  #bytes = 0;

  constructor(limits: BufferLimits) {
    this.#limits = limits;
  }

  /** Bytes that wait for all clients. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many streams were cut off so far, by the limit that was exceeded. */
  get cut(): Readonly<Record<ExceededLimit, number>> {
    return this.#cut;
  }

  /** Counts a stream among those of its user. */
  open(user: UserId, stream: BufferedStream): StreamAccount {
    const account = this.#accountOf(user);
    account.streams.add(stream);
    return {
      changed: (bytes) => this.#changed(account, bytes),
      exceeded: () => (this.#cut.stream += 1),
      close: () => this.#close(account, stream),
    };
  }

  #accountOf(user: UserId): Account {
    let account = this.#accounts.get(user);
    if (account === undefined) {
      account = { user, streams: new Set(), bytes: 0 };
      this.#accounts.set(user, account);
    }
    return account;
  }

  #close({ user, streams }: Account, stream: BufferedStream): void {
    streams.delete(stream);
    if (streams.size === 0) this.#accounts.delete(user);
  }

  #changed(account: Account, bytes: number): void {
    account.bytes += bytes;
    this.#bytes += bytes;
    if (bytes <= 0) return;
    if (account.bytes > this.#limits.perUser) this.#cutDown(account, this.#limits.perUser / 2, 'user');
    while (this.#bytes > this.#limits.all) {
      const largest = this.#largest();
      this.#cutDown(largest, largest.bytes / 2, 'all');
    }
  }

  #cutDown(account: Account, bytes: number, limit: ExceededLimit): void {
    for (const stream of [...account.streams].toSorted((a, b) => b.waitingBytes - a.waitingBytes)) {
      if (account.bytes <= bytes) return;
      this.#cut[limit] += 1;
      stream.destroy();
    }
  }

  #largest(): Account {
    return [...this.#accounts.values()].reduce((a, b) => (b.bytes > a.bytes ? b : a));
  }
}
