import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../../../app.js';
import { AdminKey } from '../../../auth/admin-key.js';
import type { Clock } from '../../../clock/clock.js';
import type { Config } from '../../../config/config.js';
import { HttpAdapter } from '../../../http/http-adapter.js';
import type { SqliteLocation } from '../../../installation/sqlite-location.js';
import type { Journal } from '../../../journal/journal.js';
import { openJournal } from '../../../journal/open-journal.js';
import { drainConnections } from '../../../lifecycle/drain-connections.js';
import { Lifecycle } from '../../../lifecycle/lifecycle.js';
import { LockStore } from '../../../store/lock-store.js';
import { leadTerm } from '../../../term.js';
import type { Tracing } from '../../../tracing/tracing.js';
import type { ServerRun } from '../installation/installation.js';
import { listenAt } from '../listen.js';
import { greet, logReady } from '../ready.js';
import { FINISH_MS, stopOnSignal } from '../stop.js';
import { exitWhenStoreFails } from '../store-failure.js';
import { ControlFilePublisher } from './control-file-publisher.js';

interface Place {
  readonly config: Config;
  readonly location: SqliteLocation;
}

/** What must be closed before the process exits. */
interface Running {
  readonly app: NestExpressApplication;
  readonly clock: Clock;
  readonly config: Config;
  readonly tracing: Tracing;
  readonly journal: Journal;
  readonly control: ControlFilePublisher;
}

/** Runs the only server of a database file. Resolves once it listens. */
export async function serveAlone(
  { config, location }: Place,
  { clock, tracing, started }: ServerRun,
): Promise<void> {
  const control = new ControlFilePublisher(location);
  const journal = await openJournal(location, clock);
  const term = await leadTerm(journal, { config, clock, tracing, location });
  exitWhenStoreFails(term.store, clock, refuseOtherTerms);
  const app = await createApp(config, term, { clock, tracing });
  await control.clear();
  await listenAt(config.BIND_ADDR, (port, host) => app.listen(port, host));
  stopOnSignal(() => drainAndClose({ app, clock, config, tracing, journal, control }));
  started();
  const url = await app.getUrl();
  await control.publish(url, app.get(AdminKey));
  logReady({ url, location, role: 'leader' });
  await greet(term, config, { url, place: location });
}

/** First reports unready, so that no one sends more. Then finishes everything under way. Then closes the journal. */
async function drainAndClose({ app, clock, config, tracing, journal, control }: Running): Promise<void> {
  app.get(Lifecycle).announceStop();
  await clock.pause(config.SHUTDOWN_DELAY_SECONDS * 1000);
  const adapter = app.getHttpAdapter();
  // From here on every answer closes its connection, also the answers to waiters.
  adapter.beforeClose?.();
  app.get(LockStore).drain();
  await drainConnections(app.getHttpServer(), clock);
  if (adapter instanceof HttpAdapter) clock.after(FINISH_MS, () => adapter.front.cutConnections());
  await control.withdraw();
  await app.close();
  await journal.close();
  await tracing.close();
}

function refuseOtherTerms(): never {
  throw new Error('no other process can lead on a database file');
}
