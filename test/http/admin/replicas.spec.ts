import { expect, test } from 'vitest';
import { ManualClock } from '../../support/manual-clock.js';
import { VERSION } from '../../../src/version.js';
import { useServer } from '../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

test('a server with SQLite is alone', async () => {
  const { status, body } = await suite.operator.get('/admin/replicas');
  expect(status).toBe(200);
  expect(body).toEqual({
    replicas: [
      {
        url: null,
        version: VERSION,
        role: 'leader',
        started_at: new Date(clock.wallMs()).toISOString(),
        seen_seconds_ago: 0,
        same_settings: true,
      },
    ],
    terms: [],
  });
});
