import type { UserId } from '../core/model/ids.js';

/** The limit for which a stream was cut off: its own, its user's, or that of all users together. */
export type ExceededLimit = 'stream' | 'user' | 'all';

/** How many bytes may wait. */
export interface BufferLimits {
  readonly perUser: number;
  readonly all: number;
}

/** A stream whose client may leave bytes unread. */
export interface BufferedStream {
  /** Bytes that wait for the client. */
  readonly waitingBytes: number;
  /** Ends the stream at once, and discards what waits for its client. */
  destroy(): void;
}

interface Account {
  readonly user: UserId;
  readonly streams: Set<BufferedStream>;
  bytes: number;
}

/** A stream reports here how much waits for its client. */
export interface StreamAccount {
  /** The number of waiting bytes has changed by `bytes`, which is negative if it has shrunk. */
  changed(bytes: number): void;
  /** The stream has exceeded its own limit, and ends. */
  exceeded(): void;
  /** The stream has ended. */
  close(): void;
}

/**
 * Limits the bytes that wait for slow clients, per user and for all users together. When a user exceeds the limit, the streams with
 * the most waiting bytes are cut off until the user is at half of the limit. When all users together exceed theirs, the same
 * happens to the user with the most waiting bytes, who is cut down to half of them.
 */
export class StreamBuffers {
  readonly #limits: BufferLimits;
  readonly #accounts = new Map<UserId, Account>();
  readonly #cut: Record<ExceededLimit, number> = { stream: 0, user: 0, all: 0 };
  #bytes = 0;

  constructor(limits: BufferLimits) {
    this.#limits = limits;
  }

  /** How many bytes wait for all clients together. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many streams have been cut off, by the limit that was exceeded. */
  get cut(): Readonly<Record<ExceededLimit, number>> {
    return this.#cut;
  }

  /** Adds a stream to those of its user. */
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
