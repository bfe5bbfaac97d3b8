import { Server, tokenSource } from './octostore.mjs';
import { fail, input, state } from './runner.mjs';

const leaseId = state('lease-id');

if (leaseId !== '') await release();

async function release() {
  stopRenewing(Number(state('renewer')));
  const [url, token, audience] = [input('url'), input('token'), input('audience')];
  try {
    const server = new Server(url, tokenSource({ token, audience, url, environment: process.env }));
    await server.release(leaseId);
    console.log('Released the locks.');
  } catch (error) {
    reportLoss(error);
  }
}

function stopRenewing(pid) {
  try {
    if (pid > 0) process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended already, because the lease was lost.
  }
}

/** If the job never had the locks, it has failed already. */
function reportLoss(error) {
  const wasHeld = state('renewer') !== '';
  if (!wasHeld) return;
  if (error.isTemporary) {
    fail(`The locks could not be released, so they end when their time is over. ${error.message}`);
    return;
  }
  fail(`The locks were lost while the job ran, so someone else may have had them too. ${error.message}`);
}
