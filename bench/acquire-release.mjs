// Measures durable acquires and releases of distinct locks over HTTP.
//
//   node bench/acquire-release.mjs [--url URL --token TOKEN] [--connections 64] [--duration 10]
//
// Without --url it starts a server of its own, on a free port and a new database in a temporary folder. The load generator
// shares the machine with the server, so compare runs with one another and not with other people's numbers.
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { startOwnServer } from './own-server.mjs';

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    token: { type: 'string' },
    connections: { type: 'string', default: '64' },
    duration: { type: 'string', default: '10' },
  },
});

const server =
  values.url === undefined ? await startOwnServer() : { url: values.url, token: values.token, stop() {} };
try {
  await run({ ...server, connections: Number(values.connections), duration: 2, quiet: true });
  await run({
    ...server,
    connections: Number(values.connections),
    duration: Number(values.duration),
    quiet: false,
  });
} finally {
  await server.stop();
}

async function run({ url, token, connections, duration, quiet }) {
  const prefix = `bench/${randomUUID()}`;
  let next = 0;
  const result = await autocannon({
    url,
    connections,
    duration,
    setupClient(client) {
      next += 1;
      client.setRequests(acquireThenRelease(`${prefix}/${next}`, token));
    },
  });
  if (quiet) return;
  const { requests, latency, non2xx, errors } = result;
  console.log(
    `${connections} connections, ${duration} s, acquire then release of distinct locks, each reply after fsync`,
  );
  console.log(
    `  requests/s  ${Math.round(requests.average)} on average, ${requests.min} in the slowest second`,
  );
  console.log(`  latency ms  p50 ${latency.p50}  p90 ${latency.p90}  p99 ${latency.p99}  max ${latency.max}`);
  console.log(`  failures    ${non2xx} answers, ${errors} connections`);
  if (non2xx + errors > 0) process.exitCode = 1;
}

/** The client chooses the lease's id, so that the release is known beforehand. */
function acquireThenRelease(name, token) {
  const lease_id = randomUUID();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const post = (verb, body) => ({
    method: 'POST',
    path: `/locks/${encodeURIComponent(name)}/${verb}`,
    headers,
    body: JSON.stringify(body),
  });
  return [post('acquire', { ttl_seconds: 60, lease_id }), post('release', { lease_id })];
}
