export { currentLock, type CurrentLock } from './current-lock.js';
export { LeaderElection, type Leader, type LeaderElectionOptions } from './leader-election.decorator.js';
export { LeaderElections } from './leader-elections.js';
export { LockRunner } from './lock-runner.js';
export { Locked, type LockName } from './locked.decorator.js';
export { OctoStoreModule } from './octostore.module.js';
export type { OctoStoreModuleExtras, OctoStoreModuleOptions } from './options.js';
export { SingleRun, type SingleRunOptions } from './single-run.decorator.js';
