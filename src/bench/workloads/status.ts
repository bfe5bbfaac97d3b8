import type { Workload } from '../load/script.js';
import { Holding } from './holding.js';

export const status: Workload = {
  name: 'status',
  about: 'each client asks who holds a lock; nothing is written',
  begin: (site) => (client) => new Holding(site, client, 'status'),
};
