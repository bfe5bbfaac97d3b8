// The checks that take too long to run on every change. Records in docs/checked.md what ran, when and on which commit. Stops at
// the first failure.
import { goClient } from './checks/go-client.mjs';
import { javaClient } from './checks/java-client.mjs';
import { pythonClient } from './checks/python-client.mjs';
import { writeRecord } from './checks/record.mjs';
import { schemathesis } from './checks/schemathesis.mjs';
import { withServer } from './checks/server.mjs';
import { typescriptClient } from './checks/typescript-client.mjs';

const STEPS = [typescriptClient, pythonClient, goClient, javaClient, schemathesis];

const done = [];
for (const step of STEPS) {
  const startedMs = performance.now();
  await withServer((access) => step.run(access));
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  console.log(`${step.what}: ok (${seconds} s)`);
  done.push({ what: step.what, version: step.version(), seconds });
}
writeRecord(done);
