import { cpus, loadavg, release, totalmem } from 'node:os';
import { readFileSync } from 'node:fs';
import { wallMs } from '../../process/time.js';

/** On what and with what something was measured. */
export interface Machine {
  readonly at: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  /** Processes that wanted to run in the last minute; more than those measured spoil figures. */
  readonly loadAverage: number;
}

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    at: new Date(wallMs()).toISOString(),
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    node: process.version,
    loadAverage: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

/** In one line. */
export function describeMachine(machine: Machine): string {
  const { processor, cores, memoryGib, system, node, loadAverage } = machine;
  return `${processor}, ${cores} cores, ${memoryGib} GiB; ${system}, Node.js ${node}; load average ${loadAverage}`;
}

/** Linux counts processor time in hundredths of a second. */
const MS_PER_TICK = 10;

/** Processor time that a process of this machine has had, in milliseconds; `NaN` where the system does not tell. */
export function processorMsOf(processId: number): number {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    // After the name, which may contain anything, in parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  } catch {
    return NaN;
  }
}
