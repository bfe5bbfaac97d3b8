import { pause } from '../../../../src/process/time.js';
import type { Attack } from '../attack.js';
import { EVENTUALLY_MS, eventually, withAbused } from '../abused-server.js';

const SESSIONS_MAX = 20;
const ROUNDS = 3;

/** The shortest allowed TTL of a session. */
const TTL_SECONDS = 10;

/** A user opens sessions and lets them expire, again and again. The server remembers them, up to a limit. */
export const expiredSessions: Attack = {
  name: 'expired-sessions',
  isLong: true,
  run: (context) =>
    withAbused(context, { MAX_SESSIONS_PER_USER: String(SESSIONS_MAX) }, async (abused) => {
      const greedy = abused.connection('greedy');
      let opened = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        for (let count = 0; count < SESSIONS_MAX; count += 1) {
          const { status } = await greedy.post('/sessions', { ttl_seconds: TTL_SECONDS }, EVENTUALLY_MS);
          if (status < 300) opened += 1;
        }
        await pause(TTL_SECONDS * 1000);
        const haveExpired = await eventually(async () => (await abused.metric('octostore_sessions')) === 0);
        context.findings.expect(haveExpired, 'sessions do not expire');
      }
      greedy.cut();
      const remembered = await abused.metric('octostore_sessions_remembered');
      context.findings.expect(
        remembered <= SESSIONS_MAX,
        `${remembered} expired sessions of one user are remembered, ${SESSIONS_MAX} are allowed`,
      );
      context.findings.addFigures({
        [`expired sessions remembered, of ${opened} opened by one user`]: remembered,
      });
    }),
};
