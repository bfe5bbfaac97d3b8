import type { Clock } from '../../clock/clock.js';
import type { Config } from '../../config/config.js';
import type { Replies } from '../../http/answer/replies.js';
import type { Connections } from '../../http/connections/connections.js';
import type { RequestListener } from '../../http/pipeline/open-exchange.js';
import type { Role } from '../../lifecycle/roles.js';
import type { Tracing } from '../../tracing/tracing.js';

/** What a standby must be told about its own server. */
export interface ReplicaState {
  readonly role: Role;
  /** The number of the newest term that this server knows. Null if it knows none. */
  readonly term: number | null;
  /** Whether the server is about to exit, and should get no more requests. */
  readonly isStopping: boolean;
}

export interface StandbyParts {
  readonly clock: Clock;
  readonly config: Config;
  /** Writes the answers. If it ends connections, forwarded answers end theirs too. */
  readonly replies: Replies;
  readonly tracing: Tracing;
  /** The connections of the listening server, for the metrics. */
  readonly connections: Connections;
  /** Called for each request whose answer has been sent, or whose client has disconnected. */
  readonly onDone: RequestListener;
  readonly state: () => ReplicaState;
  /** The folder of a built console. If left out, the one that comes with the program. */
  readonly consoleAt?: string;
}
