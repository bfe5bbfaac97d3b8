export const artefacts: Readonly<
  Record<'executable' | 'npm' | 'debian' | 'sbom' | 'licences' | 'checksums', string>
>;
