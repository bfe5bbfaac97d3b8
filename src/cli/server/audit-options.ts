import type { ConfigOptions } from './config-options.js';

/** Where the records are read. */
export interface AuditOptions extends ConfigOptions {
  readonly url?: string;
}

export interface VerifyOptions extends AuditOptions {
  readonly from?: string;
  readonly head?: string;
  readonly json?: boolean;
}
