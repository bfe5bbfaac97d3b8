import { writeFileSync } from 'node:fs';
import { dump } from 'js-yaml';
import { createApp } from '../app.js';
import { loadConfig } from '../config/config.js';
import { createDocument } from './document.js';

/** `node dist/openapi/emit.js FILE` writes the OpenAPI document without opening a database. */
const [, , path] = process.argv;
if (path === undefined) throw new Error('usage: node dist/openapi/emit.js FILE');
const app = await createApp(loadConfig({ LOG_LEVEL: 'silent' }), { preview: true });
writeFileSync(path, dump(createDocument(app), { noRefs: true, lineWidth: 120 }));
await app.close();
