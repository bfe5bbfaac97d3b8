import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const { compilerOptions } = ts.readConfigFile(
  fileURLToPath(new URL('../../../tsconfig.json', import.meta.url)),
  (path) => readFileSync(path, 'utf8'),
).config;
const options = ts.convertCompilerOptionsFromJson(
  { ...compilerOptions, inlineSourceMap: true, sourceMap: false },
  '.',
);

/** Imports, and the entry files of further processes, end in `.js`. The source is the `.ts` next to it. */
export async function resolve(specifier, context, next) {
  if (/^(?:\.|file:).*\.js$/.test(specifier)) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return { url: source.href, shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const text = readFileSync(fileURLToPath(url), 'utf8');
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { ...options.options, module: ts.ModuleKind.ESNext, isolatedModules: true },
    fileName: fileURLToPath(url),
  });
  return { format: 'module', source: outputText, shortCircuit: true };
}
