import { nowMs, pause } from '../../../src/process/time.js';
import type { Json } from './driver.js';
import { difference, memberAt, shown } from './match.js';
import type { Scenario, Step, StepOf } from './scenario.js';
import { problemOfSeen } from './seen.js';
import type { Running, Stage } from './stage.js';

/** Requests that take a client; `c` is the one of most scenarios. */
const WITHOUT_CLIENT = new Set([
  'client',
  'handle',
  'await_lost',
  'close',
  'next',
  'verify_webhook',
  'rules',
]);

/** However slow the machine is: an answer that has not come by then never will. */
const PATIENCE_MS = 30_000;

const LOOK_AGAIN_MS = 20;

/** Plays the steps of a scenario one after the other. Throws at the first that does not come out as it should. */
export async function play({ steps }: Scenario, stage: Stage): Promise<void> {
  for (const [at, template] of steps.entries()) {
    const step = stage.variables.fill(template);
    try {
      await playStep(step, stage);
    } catch (error) {
      throw new Error(`step ${at + 1}, ${shown(step)}: ${String(error)}`, { cause: error });
    }
  }
}

async function playStep(step: Step, stage: Stage): Promise<void> {
  if ('do' in step) return playRequest(step, stage);
  if ('finish' in step) return expectOutcome(runningNamed(step.finish, stage), step, stage);
  if ('event' in step) return expectEvent(step, stage);
  if ('lost' in step) return expectLoss(step, stage);
  if ('seen' in step) return expectSeen(step, stage);
  if ('http' in step) return askDirectly(step, stage);
  if ('fault' in step) return stage.proxy.faults.add(step.fault);
  if ('faults' in step) return stage.proxy.faults.clear();
  if ('network' in step) return stage.proxy[step.network]();
  if ('server' in step) return changeServer(step, stage);
  if ('driver' in step) return stage.driver.signal(step.driver === 'stop' ? 'SIGSTOP' : 'SIGCONT');
  return pause(step.pause_ms);
}

async function playRequest(step: StepOf<'do'>, stage: Stage): Promise<void> {
  const given = WITHOUT_CLIENT.has(step.do) ? step.with : { client: 'c', ...step.with };
  const running = { startedAtMs: nowMs(), reply: stage.request(step.do, given) };
  if (step.start === undefined) return expectOutcome(running, step, stage);
  // It is looked at when it is finished.
  running.reply.catch(() => undefined);
  stage.running.set(step.start, running);
}

function runningNamed(name: string, stage: Stage): Running {
  const running = stage.running.get(name);
  if (running === undefined) throw new Error('there is no such request');
  return running;
}

type Outcome = Pick<StepOf<'finish'>, 'gives' | 'fails' | 'save' | 'at_least_ms' | 'at_most_ms'>;

async function expectOutcome(
  { startedAtMs, reply }: Running,
  expected: Outcome,
  stage: Stage,
): Promise<void> {
  const { gives, fails, save, at_least_ms = 0, at_most_ms = Infinity } = expected;
  const { value, error } = await inTime(reply);
  const tookMs = nowMs() - startedAtMs;
  if (fails !== undefined) {
    if (error === undefined) throw new Error(`it should fail and gave ${shown(value)}`);
    expectNone(difference(fails, error, 'the error'));
    if (typeof error['message'] !== 'string' || error['message'] === '')
      throw new Error('the error has no message');
  } else if (error !== undefined) throw new Error(`it failed: ${shown(error)}`);
  if (gives !== undefined) expectNone(difference(gives, value));
  if (tookMs < at_least_ms) throw new Error(`it took ${Math.round(tookMs)} ms only`);
  if (tookMs > at_most_ms) throw new Error(`it took ${Math.round(tookMs)} ms`);
  remember(save, error ?? value, stage);
}

async function expectEvent({ event, of, within_ms, save }: StepOf<'event'>, stage: Stage): Promise<void> {
  const found = await stage.driver.event(stage.scope, event, of, within_ms);
  if (found === null) throw new Error('there is no such event');
  remember(save, found, stage);
}

async function expectLoss(step: StepOf<'lost'>, stage: Stage): Promise<void> {
  const { since, status, at_least_ms, at_most_ms } = step;
  const { value, error } = await inTime(
    stage.request('await_lost', { ...step.lost, timeout_ms: PATIENCE_MS / 2 }),
  );
  const lostAtMs = nowMs();
  if (error !== undefined) throw new Error(`it failed: ${shown(error)}`);
  expectNone(difference({ is_lost: true }, value));
  const answered = stage.proxy.seen(since).filter((exchange) => exchange.status === status);
  const told = status < 300 ? answered.at(-1) : answered[0];
  if (told === undefined) throw new Error(`no ${since} was answered with ${status}`);
  expectNone(
    difference(
      { $gte: at_least_ms, $lte: at_most_ms },
      Math.round(lostAtMs - told.atMs),
      'the time of the signal',
    ),
  );
}

async function expectSeen(step: StepOf<'seen'>, { proxy }: Stage): Promise<void> {
  const problem = (): string | null => problemOfSeen(proxy.seen(step.seen), step);
  await proxy.until(() => problem() === null, step.within_ms);
  expectNone(problem());
}

async function askDirectly(step: StepOf<'http'>, stage: Stage): Promise<void> {
  const endMs = nowMs() + step.within_ms;
  for (;;) {
    const [status, body] = await exchangeDirectly(step, stage);
    const problem =
      status === step.status
        ? difference(step.gives ?? '$any', body)
        : `it answered ${status} ${shown(body)}`;
    if (problem === null) return remember(step.save, body, stage);
    if (nowMs() >= endMs) throw new Error(problem);
    await pause(LOOK_AGAIN_MS);
  }
}

async function exchangeDirectly(
  { http, body, as }: StepOf<'http'>,
  stage: Stage,
): Promise<[number, unknown]> {
  const [method = '', path = ''] = http.split(' ');
  const response = await fetch(stage.server.url + path, {
    method,
    headers: { authorization: `Bearer ${stage.tokens[as]}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return [response.status, text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text];
}

async function changeServer({ server }: StepOf<'server'>, stage: Stage): Promise<void> {
  if (server === 'kill') await stage.server.end('SIGKILL');
  else if (server === 'start') await stage.server.start();
  else stage.server.signal(server === 'stop' ? 'SIGSTOP' : 'SIGCONT');
}

function remember(save: Readonly<Record<string, string>> | undefined, from: unknown, stage: Stage): void {
  for (const [name, path] of Object.entries(save ?? {})) stage.variables.set(name, memberAt(from, path));
}

async function inTime<T extends Json | object>(result: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer of the driver within ${PATIENCE_MS} ms`)),
      PATIENCE_MS,
    );
  });
  return Promise.race([result, tooLate]).finally(() => clearTimeout(timer));
}

function expectNone(problem: string | null): void {
  if (problem !== null) throw new Error(problem);
}
