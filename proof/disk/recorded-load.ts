import { openSync } from 'node:fs';
import { NoteBook, StoreClient } from './clients.js';
import { tuneJournals } from './connection-tuning.js';
import { appendNote } from './disk-log.js';
import type { Note } from './notes.js';
import { openStore } from './proof-store.js';
import { Random } from './random.js';

/*
 * A process that runs on top of the shim: clients use the real store, and what they ask and are told goes into the shim's log.
 * Arguments: database, log, clients, requests of each, seed, and SQL to tune the connection with.
 */
const [database = '', log = '', clients = '', requests = '', seed = '', tuning = ''] = process.argv.slice(2);
const logFile = openSync(log, 'a');
const note = (entry: Note): void => appendNote(logFile, entry);

if (tuning !== '') tuneJournals(tuning);
const store = await openStore(database);
store.observe({
  committed: ({ events }) => {
    const last = events.at(-1);
    if (last !== undefined) note({ kind: 'committed', sequence: last.sequence });
  },
});
note({ kind: 'opened', epoch: store.epoch });
const notes = new NoteBook(note);
const random = new Random(Number(seed));
const crowd = Array.from(
  { length: Number(clients) },
  (_, number) => new StoreClient(store, notes, random, number, Number(clients)),
);
await Promise.all(crowd.map((client) => client.work(Number(requests))));
await store.close();
