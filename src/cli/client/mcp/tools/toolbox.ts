import type { Agent } from '../agent/agent.js';
import type { Workspace } from '../agent/workspace.js';

/** What every tool works with. */
export interface Toolbox {
  readonly agent: Agent;
  readonly workspace: Workspace;
  /** The servers, for messages. */
  readonly urls: readonly [string, ...string[]];
}
