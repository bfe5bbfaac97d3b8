// Generates clients from openapi.yaml with third-party generators, compiles them, and uses them against the built server.
import { pythonClient } from './checks/python-client.mjs';
import { withServer } from './checks/server.mjs';
import { typescriptClient } from './checks/typescript-client.mjs';

for (const client of [typescriptClient, pythonClient]) {
  const startedMs = performance.now();
  await withServer((access) => client.run(access));
  console.log(`${client.what}: ok (${((performance.now() - startedMs) / 1000).toFixed(0)} s)`);
}
