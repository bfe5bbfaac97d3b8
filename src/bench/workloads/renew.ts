import type { Workload } from '../load/script.js';
import { Holding } from './holding.js';

export const renew: Workload = {
  name: 'renew',
  about: 'each client renews the lease of its own lock; every reply is a durable write',
  begin: (site) => (client) => new Holding(site, client, 'renew'),
};
