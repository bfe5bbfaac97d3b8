import type { ServerOptions } from './server-options.js';

export type PolicyOptions = ServerOptions;

export interface ReplaceOptions extends PolicyOptions {
  /** The version that must be in force. */
  readonly replace?: string;
}
