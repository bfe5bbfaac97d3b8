/** A part of the product whose tests must find nearly every mutant. Its tests are in the folder of `test` with the same name. */
export interface Area {
  readonly name: string;
  /** The folder with all files of the area. */
  readonly folder: string;
  /** The percentage of the mutants that the tests must find. Equivalent ones do not count. */
  readonly least: number;
}

export const AREAS: readonly Area[] = [
  { name: 'core', folder: 'src/core/', least: 97 },
  { name: 'store', folder: 'src/store/', least: 95 },
];

/**
 * What to mutate in an area, as patterns for Stryker: everything, or the named files and folders that belong to it.
 */
export function patternsOf({ folder }: Area, named: readonly string[]): string[] {
  if (named.length === 0) return [`${folder}**/*.ts`];
  return named.filter((path) => `${path}/`.startsWith(folder)).map(filesOf);
}

/** A folder means all of its files. */
function filesOf(path: string): string {
  return /\.ts(:|$)|\*/.test(path) ? path : `${path.replace(/\/$/, '')}/**/*.ts`;
}
