import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { createApp } from '../app.js';
import { loadConfig } from '../config/config.js';
import { createDocument, toYaml } from './document.js';

/** `node dist/openapi/emit.js FILE` writes the OpenAPI document without opening a database. */
const [, , path] = process.argv;
if (path === undefined) throw new Error('usage: node dist/openapi/emit.js FILE');
const app = await createApp(loadConfig({ LOG_LEVEL: 'silent' }), { preview: true });
writeFileSync(path, toYaml(createDocument(app)));
await app.close();
