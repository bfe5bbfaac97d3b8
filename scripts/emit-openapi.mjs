// Writes the OpenAPI document of the built server to a file, without opening a database. With --check it writes nothing, and
// fails if the file differs.
import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { createApp } from '../dist/app.js';
import { loadConfig } from '../dist/config/config.js';
import { startLogging } from '../dist/logging/start-logging.js';
import { createDocument, toYaml } from '../dist/openapi/document.js';

const [, , path, option] = process.argv;
if (path === undefined) throw new Error('usage: node scripts/emit-openapi.mjs FILE [--check]');
const config = loadConfig({ LOG_LEVEL: 'silent' });
startLogging(config);
const app = await createApp(config, null);
const document = toYaml(createDocument(app));
await app.close();

if (option !== '--check') writeFileSync(path, document);
else if (readFileSync(path, 'utf8') !== document) {
  console.error(`${path} is out of date. Run \`npm run openapi\`.`);
  process.exitCode = 1;
}
