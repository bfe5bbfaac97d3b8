// `node --import` of this file lets a plain Node process run the TypeScript sources, so that a test can kill it.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
