// Shows in a few seconds why a lock needs a fencing token.
//
//   OCTOSTORE_BASE_URL=http://127.0.0.1:3000 OCTOSTORE_TOKEN=octo_... node examples/guarded-write.mjs
//
// Two workers add to the same balance. The first one pauses until its lease has expired (a long garbage collection, a suspended
// laptop, a hanging network). It resumes between the other worker's read and write, and believes that it still holds the lock.
// The row stores the highest fencing token that it has seen, so the late write is refused.
import { setTimeout as sleep } from 'node:timers/promises';
import sqlite3 from 'sqlite3';

const url = process.env.OCTOSTORE_BASE_URL ?? 'http://127.0.0.1:3000';
const token = process.env.OCTOSTORE_TOKEN;
const lock = `examples/guarded-write/${process.pid}`;

const database = new sqlite3.Database(':memory:');
await run('create table account (id integer primary key, balance integer, fence integer)');
await run('insert into account values (1, 0, 0)');

const slow = await acquire({ ttl_seconds: 1 });
const slowRead = await guardedRead(slow.fencing_token);
console.log(`worker A has fencing token ${slow.fencing_token}, reads a balance of ${slowRead}, and pauses`);
await sleep(1500);

const quick = await acquire({ ttl_seconds: 60 });
const quickRead = await guardedRead(quick.fencing_token);
console.log(`worker B has fencing token ${quick.fencing_token}, and reads a balance of ${quickRead}`);

console.log('worker A resumes as if nothing had happened');
console.log(`worker A writes: ${await guardedWrite(slowRead + 100, slow.fencing_token)}`);
console.log(`worker B writes: ${await guardedWrite(quickRead + 200, quick.fencing_token)}`);

/** Stores the token before it reads, so that no earlier holder can change the balance after the read. */
async function guardedRead(fencingToken) {
  const rows = await run(
    'update account set fence = ? where id = 1 and fence <= ?',
    fencingToken,
    fencingToken,
  );
  if (rows === 0) throw new Error('the lock has had another holder since');
  return (await get('select balance from account where id = 1')).balance;
}

/** The last condition is the whole trick: it refuses a token that is lower than the stored one. */
async function guardedWrite(balance, fencingToken) {
  const rows = await run(
    'update account set balance = ?, fence = ? where id = 1 and fence <= ?',
    balance,
    fencingToken,
    fencingToken,
  );
  return rows === 1 ? 'accepted' : 'refused, the lock has had another holder since';
}

async function acquire(request) {
  const response = await fetch(`${url}/locks/${lock}/acquire`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    // Each worker chooses its own lease_id, so two workers with the same token cannot share a lease.
    body: JSON.stringify({ ...request, lease_id: crypto.randomUUID(), wait_seconds: 10 }),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(`${body.code}: ${body.error}`);
  return body;
}

/** Resolves with the number of changed rows. */
function run(sql, ...parameters) {
  return new Promise((resolve, reject) => {
    database.run(sql, parameters, function done(error) {
      if (error) reject(error);
      else resolve(this.changes);
    });
  });
}

function get(sql) {
  return new Promise((resolve, reject) => {
    database.get(sql, (error, row) => (error ? reject(error) : resolve(row)));
  });
}
