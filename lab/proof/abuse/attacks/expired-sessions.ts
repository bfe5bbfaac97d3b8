import { pause } from '../../../../src/process/time.js';
import type { Attack } from '../attack.js';
import { SOON_MS, soon, withAbused } from '../abused-server.js';

const SESSIONS_MAX = 20;
const ROUNDS = 3;

/** The shortest that a session may last. */
const TTL_SECONDS = 10;

/** A user opens sessions and lets them expire, again and again. They are remembered, but not without bounds. */
export const expiredSessions: Attack = {
  name: 'expired-sessions',
  isLong: true,
  run: (stage) =>
    withAbused(stage, { MAX_SESSIONS_PER_USER: String(SESSIONS_MAX) }, async (abused) => {
      const greedy = abused.connection('greedy');
      let opened = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        for (let count = 0; count < SESSIONS_MAX; count += 1) {
          const { status } = await greedy.post('/sessions', { ttl_seconds: TTL_SECONDS }, SOON_MS);
          if (status < 300) opened += 1;
        }
        await pause(TTL_SECONDS * 1000);
        const areOver = await soon(async () => (await abused.metric('octostore_sessions')) === 0);
        stage.findings.expect(areOver, 'sessions do not expire');
      }
      greedy.cut();
      const remembered = await abused.metric('octostore_sessions_remembered');
      stage.findings.expect(
        remembered <= SESSIONS_MAX,
        `${remembered} expired sessions of one user are remembered, ${SESSIONS_MAX} may be alive`,
      );
      stage.findings.note({ [`expired sessions remembered of ${opened} of one user`]: remembered });
    }),
};
