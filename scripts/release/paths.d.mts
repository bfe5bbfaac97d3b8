/** The server and the command line in one file, with the packages that they use. */
export const bundle: string;

export const artefacts: Readonly<
  Record<'executable' | 'npm' | 'debian' | 'sbom' | 'licences' | 'checksums', string>
>;
