interface Settings {
  readonly OCTOSTORE_BASE_URL?: string;
  readonly OCTOSTORE_TOKEN?: string;
}

/** The process's environment variables. Empty in browsers. */
export function environment(): Settings {
  const engine = globalThis as { process?: { env?: Settings } };
  return engine.process?.env ?? {};
}
