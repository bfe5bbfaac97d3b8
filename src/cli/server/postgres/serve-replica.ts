import type { Config } from '../../../config/config.js';
import type { Clock } from '../../../clock/clock.js';
import { Replies } from '../../../http/answer/replies.js';
import { createFront } from '../../../http/create-front.js';
import type { RequestListener } from '../../../http/pipeline/open-exchange.js';
import { routeTemplateOf } from '../../../http/routes/route-template.js';
import type { PostgresLocation } from '../../../installation/postgres-location.js';
import type { SharedDatabase } from '../../../journal/shared-database.js';
import { RequestLog } from '../../../logging/request-log.js';
import { Replica } from '../../../replica/replica.js';
import type { ReplicaState } from '../../../replica/standby/standby-parts.js';
import { Standby } from '../../../replica/standby/standby.js';
import { forwardingKeys } from '../../../secrets/forwarding-key.js';
import { RequiredKeys } from '../../../secrets/required-keys.js';
import type { SecretKeys } from '../../../secrets/secret-keys.js';
import type { Tracing } from '../../../tracing/tracing.js';
import { VERSION } from '../../../version.js';
import type { ServerRun } from '../installation/installation.js';
import { listenAt } from '../listen.js';
import { isOnTerminal } from '../ready.js';
import { stopOnSignal } from '../stop.js';
import { exitWhenStoreFails } from '../store-failure.js';
import { advertisedUrl } from './advertised-url.js';
import { assertSafeForSeveral, assertSameSecret } from './check-company.js';
import { connectPatiently } from './connect-patiently.js';
import { withExplanation } from './explained-database.js';
import { keyTurnOf } from './key-turn.js';
import { Roles } from './roles.js';
import { settingsDigest } from './settings-digest.js';

interface Place {
  readonly config: Config;
  readonly location: PostgresLocation;
  readonly database: SharedDatabase;
  readonly keys: SecretKeys;
}

const STARTING: ReplicaState = { role: 'standby', term: null, isStopping: false };

/** Runs one of the servers on a PostgreSQL database. Ends when it is told to stop. */
export async function serveReplica(place: Place, { clock, tracing, started }: ServerRun): Promise<void> {
  const { config, location, database } = place;
  const front = createFront(config, clock, forwardingKeys(place.keys));
  const replies = new Replies();
  const standby = new Standby({
    clock,
    config,
    replies,
    tracing,
    connections: front.connections,
    onDone: requestListener(config, clock, tracing),
    state: () => replica?.state ?? STARTING,
  });
  let replica: Replica | null = null;
  front.serveThrough(standby);
  const listening = await listenAt(config.BIND_ADDR, (port, host) => front.listen({ host, port }));
  const patience = { clock, database: location.name };
  const journal = await connectPatiently(() => database.connect(clock), patience);
  const required = new RequiredKeys(place.keys);
  await connectPatiently(() => assertSameSecret(database, required), patience);
  await connectPatiently(() => assertSafeForSeveral(database, config, clock), patience);
  const roles = new Roles(place, journal, listening, clock);
  const url = advertisedUrl(config, listening);
  journal.join({ url, version: VERSION, settings: settingsDigest(config, place.keys) });
  replica = new Replica({
    config,
    clock,
    tracing,
    location,
    journal,
    front,
    standby,
    replies,
    url,
    keyTurn: keyTurnOf(journal, required),
    mayShowToken: isOnTerminal(),
    onTerm: (term, lost) => exitWhenStoreFails(term.store, clock, lost),
    onLeading: (led) => roles.leads(led, url),
    onFollowing: (leader) => roles.follows(leader),
  });
  const running = replica;
  const run = withExplanation(() => running.run());
  stopOnSignal(async () => {
    await running.stop();
    await run;
    await tracing.close();
  });
  started();
  await run;
}

function requestListener(config: Config, clock: Clock, tracing: Tracing): RequestListener {
  const log = RequestLog.of(clock, config, tracing);
  return (request, response, context) => {
    log.requestDone(request, response, context, clock.monotonicMs() - context.startedAtMs);
    tracing.requestDone(request, response, {
      route: routeTemplateOf(request),
      requestId: context.requestId,
    });
  };
}
