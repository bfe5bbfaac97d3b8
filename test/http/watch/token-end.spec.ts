import { describe, expect, test } from 'vitest';
import { TokenTimesJob } from '../../../src/auth/tokens/token-times.job.js';
import { ManualClock } from '../../support/manual-clock.js';
import { SseStream } from '../../support/sse.js';
import { useServer } from '../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

async function newToken(): Promise<{ id: string; token: string }> {
  const { body } = await suite.alice.post('/tokens', { label: 'watcher', expires_in_seconds: 60 });
  return { id: String(body['id']), token: String(body['token']) };
}

describe('a stream whose token ends', () => {
  test.each([
    ['revoked', 'unauthorized', (_: string, id: string) => suite.alice.delete(`/tokens/${id}`)],
    ['rotated', 'unauthorized', (token: string) => suite.alice.as(token).post('/auth/token/rotate')],
    [
      'expired',
      'token_expired',
      () => {
        clock.advance(60_000);
        return suite.server.app.get(TokenTimesJob).endExpired();
      },
    ],
  ])('says so in its last frame: %s', async (_how, code, end) => {
    const { id, token } = await newToken();
    const stream = await SseStream.open(`${suite.server.url}/watch`, { token });
    expect((await stream.next()).event).toBe('state');
    await end(token, id);
    const last = await stream.next();
    expect(last).toMatchObject({ event: 'end', data: { code } });
    // The client resumes where it was.
    expect(last.id).toBeNull();
    await stream.ended;
    expect(stream.isWhole).toBe(true);
  });
});
