import { ownMain } from '../../../src/program/own-files.js';

/** The built program. `OCTOSTORE_MAIN` can name another build. */
export const BUILT_MAIN = process.env['OCTOSTORE_MAIN'] ?? ownMain();
