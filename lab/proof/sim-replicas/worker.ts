import { serveJobs } from '../sim/serve-jobs.js';
import { REPLICA_BUGS } from './bugs/replica-bugs.js';
import { noCounts } from './figures.js';
import { simulateReplicas } from './simulation.js';

serveJobs({ simulate: simulateReplicas, bugs: REPLICA_BUGS, noCounts });
