interface Package {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string | undefined;
}

export function licenceOf(one: Package): string;

export function refuseOthers(packages: readonly Package[]): void;
