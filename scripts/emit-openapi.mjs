// Writes the OpenAPI document of the built server to a file, without opening a database.
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { createApp } from '../dist/app.js';
import { loadConfig } from '../dist/config/config.js';
import { startLogging } from '../dist/logging/start-logging.js';
import { createDocument, toYaml } from '../dist/openapi/document.js';

const [, , path] = process.argv;
if (path === undefined) throw new Error('usage: node scripts/emit-openapi.mjs FILE');
const config = loadConfig({ LOG_LEVEL: 'silent' });
startLogging(config);
const app = await createApp(config, null);
writeFileSync(path, toYaml(createDocument(app)));
await app.close();
