import type { Actor } from './actor.js';
import { runJob } from './shapes/ci-jobs.js';
import { deploy } from './shapes/deployment.js';
import { readOrWrite } from './shapes/document.js';
import { dineAtOnce, dineInOrder } from './shapes/philosophers.js';
import { useGpus } from './shapes/worker-pool.js';

/** What one actor of a program does again and again. */
export type Act = (actor: Actor) => Promise<void>;

/** The programs, in the shapes that users have. */
export const SHAPES: Readonly<Record<string, Act>> = {
  'philosopher with both forks at once': dineAtOnce,
  'philosopher with one fork after the other': dineInOrder,
  'reader and writer': readOrWrite,
  'worker of a pool': useGpus,
  'job with several resources': runJob,
  deployment: deploy,
};

/** The name of one of the actors with this shape. */
export function actorName(shape: string, number: number): string {
  return `${shape} ${number}`;
}
