export { InMemoryOctoStore, type DoubleClientOptions } from './in-memory-octostore.js';
