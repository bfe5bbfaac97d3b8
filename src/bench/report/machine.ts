import { cpus, loadavg, release, totalmem } from 'node:os';
import { wallMs } from '../../process/time.js';

/** The machine and the software that something was measured with. */
export interface Machine {
  readonly at: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  /** The load average of the last minute. Other busy processes make the figures worse. */
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

/** Describes the machine in one line. */
export function describeMachine(machine: Machine): string {
  const { processor, cores, memoryGib, system, node, loadAverage } = machine;
  return `${processor}, ${cores} cores, ${memoryGib} GiB; ${system}, Node.js ${node}; load average ${loadAverage}`;
}
