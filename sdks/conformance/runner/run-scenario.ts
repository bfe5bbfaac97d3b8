import { nowMs, pause } from '../../../src/process/time.js';
import type { Json } from './driver.js';
import { difference, memberAt, shown } from './match.js';
import type { Scenario, Step, StepOf } from './scenario.js';
import { claimsOf } from './proofs.js';
import { problemOfSeen } from './seen.js';
import type { Running, ScenarioRun } from './scenario-run.js';

/** Requests without a client. The others use client `c` unless they name another. */
const WITHOUT_CLIENT = new Set([
  'client',
  'handle',
  'await_lost',
  'close',
  'describe',
  'end_block',
  'next',
  'verify_webhook',
  'rules',
]);

/** Even on a slow machine, an answer that has not arrived by then never will. */
const PATIENCE_MS = 30_000;

const POLL_MS = 20;

/** Runs the steps of a scenario in order. Throws at the first one that fails. */
export async function runScenario({ steps }: Scenario, scenarioRun: ScenarioRun): Promise<void> {
  for (const [at, template] of steps.entries()) {
    const step = scenarioRun.variables.fill(template);
    try {
      await runStep(step, scenarioRun);
    } catch (error) {
      throw new Error(`step ${at + 1}, ${shown(step)}: ${String(error)}`, { cause: error });
    }
  }
}

async function runStep(step: Step, scenarioRun: ScenarioRun): Promise<void> {
  if ('do' in step) return runRequest(step, scenarioRun);
  if ('finish' in step) return expectOutcome(runningNamed(step.finish, scenarioRun), step, scenarioRun);
  if ('event' in step) return expectEvent(step, scenarioRun);
  if ('lost' in step) return expectLoss(step, scenarioRun);
  if ('seen' in step) return expectSeen(step, scenarioRun);
  if ('http' in step) return requestDirectly(step, scenarioRun);
  if ('fault' in step) return scenarioRun.proxies.at[step.at].faults.add(step.fault);
  if ('faults' in step) return scenarioRun.proxies.at[step.at].faults.clear();
  if ('network' in step) return scenarioRun.proxies.at[step.at][step.network]();
  if ('server' in step) return changeServer(step, scenarioRun);
  if ('driver' in step) return changeDriver(step, scenarioRun);
  if ('proof' in step)
    return expectNone(
      difference(step.gives, await claimsOf(step.proof, scenarioRun.server.url), 'the claims'),
    );
  return pause(step.pause_ms);
}

async function runRequest(step: StepOf<'do'>, scenarioRun: ScenarioRun): Promise<void> {
  const given = WITHOUT_CLIENT.has(step.do) ? step.with : { client: 'c', ...step.with };
  const running = { startedAtMs: nowMs(), reply: scenarioRun.request(step.do, given) };
  if (step.start === undefined) return expectOutcome(running, step, scenarioRun);
  // The `finish` step handles the result.
  running.reply.catch(() => undefined);
  scenarioRun.running.set(step.start, running);
}

function runningNamed(name: string, scenarioRun: ScenarioRun): Running {
  const running = scenarioRun.running.get(name);
  if (running === undefined) throw new Error('there is no such request');
  return running;
}

type Outcome = Pick<StepOf<'finish'>, 'gives' | 'fails' | 'save' | 'at_least_ms' | 'at_most_ms'>;

async function expectOutcome(
  { startedAtMs, reply }: Running,
  expected: Outcome,
  scenarioRun: ScenarioRun,
): Promise<void> {
  const { gives, fails, save, at_least_ms = 0, at_most_ms = Infinity } = expected;
  const { value, error } = await inTime(reply);
  const tookMs = nowMs() - startedAtMs;
  if (fails !== undefined) {
    if (error === undefined) throw new Error(`it should have failed, but gave ${shown(value)}`);
    expectNone(difference(fails, error, 'the error'));
    if (typeof error['message'] !== 'string' || error['message'] === '')
      throw new Error('the error has no message');
  } else if (error !== undefined) throw new Error(`it failed: ${shown(error)}`);
  if (gives !== undefined) expectNone(difference(gives, value));
  if (tookMs < at_least_ms) throw new Error(`it took only ${Math.round(tookMs)} ms`);
  if (tookMs > at_most_ms) throw new Error(`it took ${Math.round(tookMs)} ms`);
  remember(save, error ?? value, scenarioRun);
}

async function expectEvent(
  { event, of, gives, within_ms, save }: StepOf<'event'>,
  scenarioRun: ScenarioRun,
): Promise<void> {
  const found = await scenarioRun.driver.event(scenarioRun.scope, event, of, within_ms);
  if (found === null) throw new Error('there is no such event');
  if (gives !== undefined) expectNone(difference(gives, found, 'the event'));
  remember(save, found, scenarioRun);
}

async function expectLoss(step: StepOf<'lost'>, scenarioRun: ScenarioRun): Promise<void> {
  const { since, at, status, at_least_ms, at_most_ms } = step;
  const { value, error } = await inTime(
    scenarioRun.request('await_lost', { ...step.lost, timeout_ms: PATIENCE_MS / 2 }),
  );
  const lostAtMs = nowMs();
  if (error !== undefined) throw new Error(`it failed: ${shown(error)}`);
  expectNone(difference({ is_lost: true }, value));
  const answered = scenarioRun.proxies.seen(at, since).filter((exchange) => exchange.status === status);
  const cause = status < 300 ? answered.at(-1) : answered[0];
  if (cause === undefined) throw new Error(`no ${since} was answered with ${status}`);
  expectNone(
    difference(
      { $gte: at_least_ms, $lte: at_most_ms },
      Math.round(lostAtMs - cause.atMs),
      'the time of the signal',
    ),
  );
}

async function expectSeen(step: StepOf<'seen'>, { proxies }: ScenarioRun): Promise<void> {
  const problem = (): string | null => problemOfSeen(proxies.seen(step.at, step.seen), step);
  await proxies.until(step.at, () => problem() === null, step.within_ms);
  expectNone(problem());
}

async function requestDirectly(step: StepOf<'http'>, scenarioRun: ScenarioRun): Promise<void> {
  const endMs = nowMs() + step.within_ms;
  for (;;) {
    const [status, body] = await exchangeDirectly(step, scenarioRun);
    const problem =
      status === step.status
        ? difference(step.gives ?? '$any', body)
        : `it answered ${status} ${shown(body)}`;
    if (problem === null) return remember(step.save, body, scenarioRun);
    if (nowMs() >= endMs) throw new Error(problem);
    await pause(POLL_MS);
  }
}

async function exchangeDirectly(
  { http, body, as }: StepOf<'http'>,
  scenarioRun: ScenarioRun,
): Promise<[number, unknown]> {
  const [method = '', path = ''] = http.split(' ');
  const response = await fetch(scenarioRun.server.url + path, {
    method,
    headers: { authorization: `Bearer ${scenarioRun.tokens[as]}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return [response.status, text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text];
}

async function changeServer({ server }: StepOf<'server'>, scenarioRun: ScenarioRun): Promise<void> {
  if (server === 'kill') await scenarioRun.server.end('SIGKILL');
  else if (server === 'start') await scenarioRun.server.start();
  else scenarioRun.server.signal(server === 'stop' ? 'SIGSTOP' : 'SIGCONT');
}

async function changeDriver(
  { driver: change, within_ms }: StepOf<'driver'>,
  { driver }: ScenarioRun,
): Promise<void> {
  switch (change) {
    case 'stop':
      return driver.signal('SIGSTOP');
    case 'continue':
      return driver.signal('SIGCONT');
    case 'terminate':
      return driver.terminate(within_ms);
  }
}

function remember(
  save: Readonly<Record<string, string>> | undefined,
  from: unknown,
  scenarioRun: ScenarioRun,
): void {
  for (const [name, path] of Object.entries(save ?? {}))
    scenarioRun.variables.set(name, memberAt(from, path));
}

async function inTime<T extends Json | object>(result: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the driver did not answer within ${PATIENCE_MS} ms`)),
      PATIENCE_MS,
    );
  });
  return Promise.race([result, tooLate]).finally(() => clearTimeout(timer));
}

function expectNone(problem: string | null): void {
  if (problem !== null) throw new Error(problem);
}
