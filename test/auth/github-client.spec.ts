import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GitHubClient } from '../../src/auth/github/github-client.js';
import { GitHubDouble } from '../../lab/kit/doubles/github-double.js';
import { ManualClock } from '../support/manual-clock.js';

Logger.overrideLogger(false);

let gitHub: GitHubDouble;

beforeAll(async () => {
  gitHub = await GitHubDouble.start();
});

afterAll(() => gitHub.close());

function getUser(client: GitHubClient): ReturnType<GitHubClient['send']> {
  return client.send({ method: 'GET', url: `${gitHub.url}/api/v3/user`, headers: {}, body: null });
}

describe('the GitHub client', () => {
  test.each(['no answer', 'a body that stalls'] as const)('gives up after ten seconds: %s', async (how) => {
    const clock = new ManualClock();
    gitHub.misbehave('user', how);
    const answer = getUser(new GitHubClient(clock)).then(
      () => 'answered',
      (error: unknown) => error,
    );
    await gitHub.nextRequest();
    clock.advance(9_999);
    expect(await Promise.race([answer, Promise.resolve('waiting')])).toBe('waiting');
    clock.advance(1);
    expect(await answer).toMatchObject({ code: 'github_unavailable' });
    expect(clock.pendingTimers).toBe(0);
  });

  test('leaves no timer behind', async () => {
    const clock = new ManualClock();
    gitHub.behave();
    expect(await getUser(new GitHubClient(clock))).toMatchObject({ status: 401 });
    gitHub.misbehave('user', 'a reset connection');
    await expect(getUser(new GitHubClient(clock))).rejects.toMatchObject({ code: 'github_unavailable' });
    expect(clock.pendingTimers).toBe(0);
  });

  test('sends a User-Agent, which GitHub requires', async () => {
    gitHub.behave();
    gitHub.requests.length = 0;
    await getUser(new GitHubClient(new ManualClock()));
    expect(gitHub.requests[0]?.headers['user-agent']).toBe('OctoStore');
  });
});
