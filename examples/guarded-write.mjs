// Why a lock needs a fencing token, in one minute.
//
//   OCTOSTORE_URL=http://127.0.0.1:3000 OCTOSTORE_TOKEN=octo_... node examples/guarded-write.mjs
//
// Two workers write to the same row. The first one pauses (a long garbage collection, a suspended laptop, a network that
// hangs) until its lease has run out, and wakes up believing that it still holds the lock. The row remembers the highest
// fencing token that has written to it, so the late write is refused.
import { setTimeout as sleep } from 'node:timers/promises';
import sqlite3 from 'sqlite3';

const url = process.env.OCTOSTORE_URL ?? 'http://127.0.0.1:3000';
const token = process.env.OCTOSTORE_TOKEN;
const lock = `examples/guarded-write/${process.pid}`;

const database = new sqlite3.Database(':memory:');
const run = (sql, ...parameters) =>
  new Promise((resolve, reject) => {
    database.run(sql, parameters, function done(error) {
      if (error) reject(error);
      else resolve(this.changes);
    });
  });

await run('create table account (id integer primary key, balance integer, fence integer)');
await run('insert into account values (1, 0, 0)');

const slow = await acquire({ ttl_seconds: 1 });
console.log(`worker A holds the lock with fencing token ${slow.fencing_token}, and pauses`);
await sleep(1500);

const quick = await acquire({ ttl_seconds: 60 });
console.log(`worker B holds the lock with fencing token ${quick.fencing_token}`);
console.log(`worker B writes: ${await guardedWrite(200, quick.fencing_token)}`);

console.log('worker A wakes up and goes on as if nothing had happened');
console.log(`worker A writes: ${await guardedWrite(100, slow.fencing_token)}`);

/** The whole trick is the last condition: a token lower than one that has been here is refused. */
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
    // Each worker names its own lease, so two workers with one token never take each other for themselves.
    body: JSON.stringify({ ...request, lease_id: crypto.randomUUID(), wait_seconds: 10 }),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(`${body.code}: ${body.error}`);
  return body;
}
