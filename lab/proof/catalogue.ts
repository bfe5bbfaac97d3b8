import { abuse } from './abuse/abuse.js';
import { ioFaults } from './disk/io-faults.js';
import { powerLoss } from './disk/power-loss.js';
import { fuzz } from './fuzz/fuzz.js';
import { historyBugs } from './history/find-bugs.js';
import { killNine } from './history/kill-nine.js';
import { linearizable } from './history/linearizable.js';
import { protectedResource } from './resource/protected-resource.js';
import { time } from './time/time.js';
import { programs } from './programs/programs.js';
import { replicaBugs } from './replicas/find-replica-bugs.js';
import { replicas } from './replicas/replicas.js';
import { massExpiry } from './overload/mass-expiry.js';
import { overload } from './overload/overload.js';
import { secrets } from './secrets/secrets.js';
import { soak } from './soak/soak.js';
import { sim } from './sim/sim.js';
import { simReplicas } from './sim-replicas/sim-replicas.js';
import { ssrf } from './webhooks/ssrf.js';
import { undelayed } from './webhooks/undelayed.js';
import { webhookBugs } from './webhooks/find-webhook-bugs.js';
import { webhooks } from './webhooks/webhooks.js';
import type { Proof } from './proof.js';

/** Every proof, in running order. */
export const PROOFS: readonly Proof[] = [
  powerLoss,
  ioFaults,
  linearizable,
  killNine,
  historyBugs,
  protectedResource,
  programs,
  replicas,
  replicaBugs,
  time,
  massExpiry,
  overload,
  secrets,
  soak,
  fuzz,
  sim,
  simReplicas,
  webhooks,
  undelayed,
  ssrf,
  webhookBugs,
  abuse,
];
