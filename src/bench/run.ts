import type { LoadTask, Second } from './load/load.js';
import { runLoad } from './load/run-load.js';
import { summarize, type WorkloadReport } from './report/summary.js';
import { workBetween, type Scrape } from './server/metrics.js';
import type { ServerUnderTest } from './server/server-under-test.js';

/** Loads a server with one workload and summarizes the results. */
export async function runWorkload(
  { target, scrape }: ServerUnderTest,
  settings: Omit<LoadTask, 'target'>,
  onSecond?: (second: Second) => void,
): Promise<WorkloadReport> {
  const scrapes: Promise<Scrape>[] = [];
  const takeScrape = (): void => {
    if (scrape === null) return;
    const taken = scrape();
    taken.catch(() => undefined); // It is awaited below, after the run.
    scrapes.push(taken);
  };
  const result = await runLoad(
    { ...settings, target },
    {
      ...(onSecond === undefined ? {} : { onSecond }),
      onMeasuring: takeScrape,
      onMeasured: takeScrape,
    },
  );
  const [before, after] = await Promise.all(scrapes);
  const work = before === undefined || after === undefined ? null : workBetween(before, after);
  return summarize(settings, result, work);
}
