interface Settings {
  readonly OCTOSTORE_BASE_URL?: string;
  readonly OCTOSTORE_TOKEN?: string;
}

/** The settings of the process, where there is such a thing. */
export function environment(): Settings {
  const engine = globalThis as { process?: { env?: Settings } };
  return engine.process?.env ?? {};
}
