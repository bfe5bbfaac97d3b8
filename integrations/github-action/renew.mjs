import { setTimeout as pause } from 'node:timers/promises';
import { Server, tokenSource } from './octostore.mjs';

/** Three attempts fit into the time that a lease lasts. */
const RENEWALS_PER_TTL = 3;

const { url, token, audience, leaseId, ttl } = JSON.parse(process.env.OCTOSTORE_LEASE);
const server = new Server(url, tokenSource({ token, audience, url, environment: process.env }));

for (;;) {
  await pause((ttl * 1000) / RENEWALS_PER_TTL);
  try {
    await server.renew(leaseId, ttl);
  } catch (error) {
    console.log(`${new Date().toISOString()} ${error.message}`);
    // The lease is lost. The step at the end of the job says so.
    if (!error.isTemporary) break;
  }
}
