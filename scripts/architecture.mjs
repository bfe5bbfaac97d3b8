// Draws docs/architecture.svg: the parts of src in their layers, and the imports between them. With --check it changes nothing, and
// fails if the picture is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import layers from '../.dependency-cruiser.cjs';
import { draw } from './architecture/draw.mjs';
import { graphOf } from './architecture/graph.mjs';
import { importsBetweenParts, withoutImplied } from './architecture/imports.mjs';
import { sortLevels } from './architecture/order.mjs';
import { placeNodes } from './architecture/place.mjs';
import { rowsOf } from './architecture/rows.mjs';

const root = join(import.meta.dirname, '..');
const picture = join(root, 'docs', 'architecture.svg');

const imports = importsBetweenParts(join(root, 'src'));
const rows = rowsOf(layers.TOP_TO_BOTTOM, imports);
const graph = graphOf(rows, withoutImplied(imports));
sortLevels(graph.levels);
placeNodes(graph.levels);
const drawn = draw(rows, graph);

if (!process.argv.includes('--check')) writeFileSync(picture, drawn);
else if (readFileSync(picture, 'utf8') !== drawn) {
  console.error('docs/architecture.svg is out of date. Run `npm run architecture`.');
  process.exit(1);
}
