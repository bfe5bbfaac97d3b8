import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { createApp } from '../app.js';
import { loadConfig } from '../config/config.js';
import { startLogging } from '../logging/start-logging.js';
import { createDocument, toYaml } from './document.js';

/** `node dist/openapi/emit.js FILE` writes the OpenAPI document without opening a database. */
const [, , path] = process.argv;
if (path === undefined) throw new Error('usage: node dist/openapi/emit.js FILE');
const config = loadConfig({ LOG_LEVEL: 'silent' });
startLogging(config);
const app = await createApp(config, null);
writeFileSync(path, toYaml(createDocument(app)));
await app.close();
