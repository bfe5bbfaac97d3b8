import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '../../../src/clock/system-clock.js';
import type { ServerRow } from '../../../src/journal/rows/server-row.js';
import type { Watermarks } from '../../../src/journal/batch.js';
import type { Journal } from '../../../src/journal/journal.js';
import { RowChanges } from '../../../src/journal/row-changes.js';
import { eventFromRow } from '../../../src/journal/rows/event-columns.js';
import { SqliteLocation } from '../../../src/installation/sqlite-location.js';
import { openJournal } from '../../../src/journal/open-journal.js';
import { nanosecondsOfAsync } from './measure.js';
import type { MicroBenchmark, Timing } from './micro-benchmark.js';

const SIZES = [1, 8, 32, 128, 512] as const;
const MS = 1_700_000_000_000;

/** The cost of one commit, by the number of grants in it. */
export const batch: MicroBenchmark = {
  name: 'a commit to the SQLite journal, with its sync',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'octostore-bench-'));
    const journal = await openJournal(
      await SqliteLocation.find(join(folder, 'octostore.db')),
      new SystemClock(),
    );
    try {
      const writer = new Writer(journal, await journal.lead());
      const timings: Timing[] = [];
      for (const size of SIZES) timings.push(await commitOf(writer, size));
      return timings;
    } finally {
      await journal.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function commitOf(writer: Writer, grants: number): Promise<Timing> {
  const nanoseconds = await nanosecondsOfAsync(() => writer.commit(grants), grants);
  return { operation: 'one grant in a commit', size: `${grants} per commit`, nanoseconds };
}

/** Grants locks and releases those of the previous commit, so that the table does not grow. */
class Writer {
  readonly #journal: Journal;
  readonly #server: ServerRow;
  #last = 0;
  #previous = 0;

  constructor(journal: Journal, server: ServerRow) {
    this.#journal = journal;
    this.#server = server;
  }

  commit(grants: number): Promise<void> {
    const rows = new RowChanges();
    for (let token = this.#previous + 1; token <= this.#last; token += 1) rows.remove('leases', token);
    this.#previous = this.#last;
    for (let count = 0; count < grants; count += 1) this.#grant(rows);
    return this.#journal.commit({ epoch: this.#server.epoch, watermarks: this.#watermarks, rows });
  }

  #grant(rows: RowChanges): void {
    this.#last += 1;
    const lock = { lockName: `bench/lock-${this.#last}`, userId: 'user', sessionId: null, metadata: null };
    const fencingToken = this.#last;
    const lease = { leaseId: randomUUID(), ttlSeconds: 60, deadline: MS, terms: null };
    rows.put('leases', { ...lock, ...lease, fencingToken });
    const event = {
      sequence: this.#last,
      type: 'acquired',
      expiresAt: MS,
      occurredAt: MS,
      details: null,
    } as const;
    rows.append(eventFromRow({ ...lock, ...event, fencingToken }));
  }

  get #watermarks(): Watermarks {
    return { ...this.#server, lastFencingToken: this.#last, lastSequence: this.#last };
  }
}
