import type { ConfigOptions } from './config-options.js';

/** Where the running server is, and how to print. */
export interface PolicyOptions extends ConfigOptions {
  /** A server elsewhere. Otherwise the one that the configuration names. */
  readonly url?: string;
  readonly json?: boolean;
}

export interface ReplaceOptions extends PolicyOptions {
  /** The version that must be in force. */
  readonly replace?: string;
}
