import { defineConfig } from 'vite';

/** Where `npm run dev` and `vite preview` find a server to talk to. */
const server = process.env['OCTOSTORE_URL'] ?? 'http://localhost:3000';
/** Everything that is not the console itself. The Host header stays, so that the server takes the page for one of its own. */
const proxy = { '^/(?!console)': { target: server, changeOrigin: false } };

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    // The policy of the page allows no data URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy },
  preview: { proxy },
});
