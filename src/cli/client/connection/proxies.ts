const VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'];

/** Sends requests through the proxies that the environment names, except to the hosts in `NO_PROXY`, as `curl` does. */
export async function useProxies(): Promise<void> {
  if (VARIABLES.every((name) => (process.env[name] ?? '') === '')) return;
  const { EnvHttpProxyAgent, setGlobalDispatcher } = await import('undici');
  setGlobalDispatcher(new EnvHttpProxyAgent());
}
