import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Compiler } from '../../lab/mutation/compiler.js';
import { testFolder } from '../support/temp-folder.js';

test('a mutant counts only if it compiles', () => {
  const folder = testFolder();
  const [project, file] = [join(folder, 'tsconfig.json'), join(folder, 'past.ts')];
  const compilerOptions = { strict: true, noUnusedParameters: true, lib: ['es5'], types: [] };
  writeFileSync(project, JSON.stringify({ compilerOptions, files: ['past.ts'] }));
  const bodies = ['now > deadline', 'now >= deadline', '"now"', 'now >', 'true', 'now > deadline'];
  const texts = bodies.map(
    (body) => `export const isPast = (deadline: number, now: number): boolean => ${body};`,
  );
  writeFileSync(file, texts[0] ?? '');
  const compiler = new Compiler(project);
  const accepted = bodies.filter((_, index) => compiler.accepts({ file, text: texts[index] ?? '' }));
  expect(accepted).toEqual(['now > deadline', 'now >= deadline', 'true', 'now > deadline']);
});
