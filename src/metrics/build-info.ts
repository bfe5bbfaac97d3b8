import { Gauge } from 'prom-client';
import { VERSION } from '../version.js';
import type { MetricsRegistry } from './metrics-registry.js';

/** Adds the versions of the server and of Node.js. */
export function addBuildInfo(registers: MetricsRegistry[]): void {
  new Gauge({
    name: 'octostore_build_info',
    help: 'Always 1. The labels are the versions of the server and of Node.js',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version: VERSION, node: process.version }, 1);
}
