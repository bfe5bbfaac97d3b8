import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { document, userOf, workshop } from './paths.mjs';
import { run } from './run.mjs';

const VERSION = '7.16.0';
const JAR = `openapi-generator-cli-${VERSION}.jar`;

/** openapi-generator generates its native Java client, Maven compiles it, and a program uses it against a server. */
export const javaClient = {
  what: 'openapi-generator, Java native, compiled with Maven and used',
  version: () => VERSION,
  run(access) {
    const folder = workshop('java');
    const client = join(folder, 'client');
    const artifact = `org.openapitools:openapi-generator-cli:${VERSION}`;
    const copy = (...args) => run('mvn', ['-q', '-B', ...args], { cwd: folder });
    copy(COPY, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`);
    run('java', [
      '-jar',
      join(folder, JAR),
      'generate',
      '-g',
      'java',
      '--library',
      'native',
      '-i',
      document,
      '-o',
      client,
    ]);
    const classes = join(client, 'target', 'classes');
    const libraries = join(folder, 'libraries');
    run('mvn', ['-q', '-B', '-DskipTests', 'compile', COPY_ALL, `-DoutputDirectory=${libraries}`], {
      cwd: client,
    });
    copyFileSync(join(userOf('java'), 'Use.java'), join(folder, 'Use.java'));
    return run('java', ['-cp', `${classes}:${libraries}/*`, 'Use.java'], { cwd: folder, env: access });
  },
};

const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
const COPY = `${PLUGIN}:copy`;
const COPY_ALL = `${PLUGIN}:copy-dependencies`;
