import { fileURLToPath } from 'node:url';

/** The folder of the repository. This file is compiled to build/sdks/conformance/runner. */
export const ROOT = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '');
