import { openSync } from 'node:fs';
import { EXIT } from '../../../src/cli/shared/exit-codes.js';
import { RequestRecorder, StoreClient } from './clients.js';
import { tuneJournals } from './connection-tuning.js';
import { appendNote } from './disk-log.js';
import { IDS_PER_CLIENT, type Load } from './load.js';
import type { Note } from './notes.js';
import { closeStore, openStore } from './proof-store.js';
import { Random } from '../../kit/random.js';

/*
 * A process under the shim: clients use the real store, and their requests and answers go into the shim's log. If the store
 * fails, it exits with 70 without closing anything, like the server.
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
const recorder = new RequestRecorder(note, load.firstClient * IDS_PER_CLIENT);
const random = new Random(load.seed);
const clients = Array.from({ length: load.clients }, (_, index) => {
  const neighbour = load.firstClient + ((index + 1) % load.clients);
  return new StoreClient(store, recorder, random, load.firstClient + index, neighbour);
});
await Promise.all(clients.map((client) => client.work(load.requests)));
await closeStore(store);
