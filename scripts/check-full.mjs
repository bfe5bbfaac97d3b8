// The checks that take longer than one may wait for at every change. Writes what was run, when and on which commit into
// docs/checked.md. Stops at the first that fails.
import { goClient } from './checks/go-client.mjs';
import { javaClient } from './checks/java-client.mjs';
import { mutation } from './checks/mutation.mjs';
import { pythonClient } from './checks/python-client.mjs';
import { writeRecord } from './checks/record.mjs';
import { schemathesis } from './checks/schemathesis.mjs';
import { withServer } from './checks/server.mjs';
import { typescriptClient } from './checks/typescript-client.mjs';

const STEPS = [typescriptClient, pythonClient, goClient, javaClient, schemathesis, mutation];

const done = [];
for (const step of STEPS) {
  const begun = performance.now();
  await withServer((access) => step.run(access));
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(`${step.what}: ok (${seconds} s)`);
  done.push({ what: step.what, version: step.version(), seconds });
}
writeRecord(done);
