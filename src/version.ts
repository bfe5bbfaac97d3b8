import { readManifest } from './program/own-files.js';

/** The version in package.json. */
export const VERSION: string = readManifest().version;
