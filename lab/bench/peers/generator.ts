import { generateLoad } from '../../../src/bench/load/generate.js';
import { WORKLOADS } from '../../../src/bench/workloads/catalogue.js';
import { PEER_WORKLOADS } from './workloads.js';

await generateLoad([...WORKLOADS, ...PEER_WORKLOADS]);
