// Makes clients of openapi.yaml with generators that others wrote, compiles them and uses them against the built server.
import { pythonClient } from './checks/python-client.mjs';
import { withServer } from './checks/server.mjs';
import { typescriptClient } from './checks/typescript-client.mjs';

for (const client of [typescriptClient, pythonClient]) {
  const begun = performance.now();
  await withServer((access) => client.run(access));
  console.log(`${client.what}: ok (${((performance.now() - begun) / 1000).toFixed(0)} s)`);
}
