/** A part of the product whose tests must find nearly every change of its code. Its tests are in the folder of `test` of its name. */
export interface Area {
  readonly name: string;
  /** Every file of the area is below it. */
  readonly folder: string;
  /** Percent of the mutants that the tests must find, without those that are equivalent. */
  readonly least: number;
}

export const AREAS: readonly Area[] = [
  { name: 'core', folder: 'src/core/', least: 97 },
  { name: 'store', folder: 'src/store/', least: 95 },
];

/**
 * What to mutate of an area: everything, or those of the named files and folders that belong to it, as the patterns of Stryker.
 */
export function patternsOf({ folder }: Area, named: readonly string[]): string[] {
  if (named.length === 0) return [`${folder}**/*.ts`];
  return named.filter((path) => `${path}/`.startsWith(folder)).map(filesOf);
}

/** A folder stands for all of its files. */
function filesOf(path: string): string {
  return /\.ts(:|$)|\*/.test(path) ? path : `${path.replace(/\/$/, '')}/**/*.ts`;
}
