import { openSync } from 'node:fs';
import { EXIT } from '../../../src/cli/shared/exit-codes.js';
import { NoteBook, StoreClient } from './clients.js';
import { tuneJournals } from './connection-tuning.js';
import { appendNote } from './disk-log.js';
import { IDS_PER_CLIENT, type Load } from './load.js';
import type { Note } from './notes.js';
import { openStore } from './proof-store.js';
import { Random } from '../../kit/random.js';

/*
 * A process that runs on top of the shim: clients use the real store, and what they ask and are told goes into the shim's log.
 * Like the server it ends with 70, and without closing anything, when the store fails.
 */
const load = JSON.parse(process.argv[2] ?? '') as Load;
const logFile = openSync(load.log, 'a');
const note = (entry: Note): void => appendNote(logFile, entry);

tuneJournals(load.tuning);
const store = await openStore(load.database).catch(() => process.exit(EXIT.databaseUnusable));
store.observe({
  committed: ({ events }) => {
    const last = events.at(-1);
    if (last !== undefined) note({ kind: 'committed', sequence: last.sequence });
  },
  failed: () => process.exit(EXIT.storeFailed),
});
note({ kind: 'opened', epoch: store.epoch });
const notes = new NoteBook(note, load.firstClient * IDS_PER_CLIENT);
const random = new Random(load.seed);
const crowd = Array.from({ length: load.clients }, (_, index) => {
  const neighbour = load.firstClient + ((index + 1) % load.clients);
  return new StoreClient(store, notes, random, load.firstClient + index, neighbour);
});
await Promise.all(crowd.map((client) => client.work(load.requests)));
await store.close();
