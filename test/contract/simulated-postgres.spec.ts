import { SimulatedDatabase } from '../support/postgres/simulated-database.js';
import { journalContract } from './journal-contract.js';

// The simulation of replicas proves something only if its database behaves as the real one does.
journalContract('the simulated PostgreSQL', async () => {
  const database = await SimulatedDatabase.create();
  return {
    connect: () => Promise.resolve(database.connect()),
    depose: () => Promise.resolve(database.leadAndResign()),
    remove: () => Promise.resolve(database.remove()),
  };
});
