import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Server, tokenSource } from './octostore.mjs';
import { fail, input, mask, saveState, setOutput, setVariable } from './runner.mjs';

const { RUNNER_TEMP, GITHUB_REPOSITORY, GITHUB_WORKFLOW, GITHUB_RUN_ID } = process.env;

try {
  await main();
} catch (error) {
  fail(error.message);
}

async function main() {
  const url = input('url');
  const token = input('token');
  mask(token);
  const names = input('locks')
    .split(/[\n,]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const ttl = wholeNumber('ttl', 30, 3600);
  const wait = wholeNumber('wait', 0, 6 * 3600);
  const audience = input('audience');
  const server = new Server(url, tokenSource({ token, audience, url, environment: process.env }));
  const leaseId = randomUUID();
  // Before the first request, so that the end of a job that was cancelled meanwhile releases the locks.
  saveState('lease-id', leaseId);
  const lease = await server.acquire(
    {
      lease_id: leaseId,
      locks: names.map((name) => ({ name })),
      ttl_seconds: ttl,
      metadata: input('metadata') || `${GITHUB_REPOSITORY} ${GITHUB_WORKFLOW}, run ${GITHUB_RUN_ID}`,
    },
    wait,
  );
  const fencingToken = String(lease.fencing_token);
  console.log(`Holding ${names.join(', ')} with the fencing token ${fencingToken}.`);
  setOutput('fencing-token', fencingToken);
  setOutput('lease-id', leaseId);
  setVariable('OCTOSTORE_FENCING_TOKEN', fencingToken);
  saveState('renewer', renewInBackground({ url, token, audience, leaseId, ttl }));
}

/** The runner kills this process at the end of the job. Returns its id. */
function renewInBackground(lease) {
  const log = openSync(join(RUNNER_TEMP, `octostore-${lease.leaseId}.log`), 'a', 0o600);
  const program = fileURLToPath(new URL('renew.mjs', import.meta.url));
  const child = spawn(process.execPath, [program], {
    detached: true,
    stdio: ['ignore', log, log],
    // In the environment, because every user of the machine can read arguments.
    env: { ...process.env, OCTOSTORE_LEASE: JSON.stringify(lease) },
  });
  child.unref();
  return String(child.pid);
}

function wholeNumber(name, min, max) {
  const value = Number(input(name));
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`"${name}" must be a whole number of seconds from ${min} to ${max}.`);
}
