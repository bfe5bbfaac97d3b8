/*
 * What may import what. From the bottom up:
 *   core, errors, clock, config, process   know nothing of the rest
 *   installation, secrets                  the files of an installation, and the key among them
 *   journal                                what makes state durable: the port, and the engines below it
 *   store, http                            the one writer, and what all routes share; neither knows the other
 *   features                               one folder each; they see of one another only what PUBLIC lists
 *   app, lifecycle, commands, openapi      put it together
 *   cli, bench                             the command line's clients; a program of their own beside the server
 */

const FEATURES = ['admin', 'auth', 'events', 'health', 'locks', 'metrics', 'sessions', 'webhooks'];
const ASSEMBLY = ['app', 'commands', 'lifecycle', 'main', 'openapi', 'term'];

/** The files of each feature that other features may import. What is not listed here is the feature's own affair. */
const PUBLIC = {
  admin: [],
  auth: [
    'accounts.ts',
    'admin-only.decorator.ts',
    'auth-failures.ts',
    'authenticated.decorator.ts',
    'caller.ts',
    'rate-limiter.ts',
    'tokens/bearer-token.ts',
    'tokens/named-user.ts',
  ],
  events: ['event-presenter.ts', 'event.dto.ts', 'events.module.ts', 'visibility.ts', 'watches.ts'],
  health: ['health.dto.ts', 'health.module.ts', 'service-status.ts'],
  locks: ['dto/lock-responses.dto.ts', 'lock-presenter.ts', 'locks.module.ts'],
  metrics: ['metrics-registry.ts', 'metrics.module.ts'],
  sessions: [],
  webhooks: ['delivery-backlog.ts', 'delivery-times.ts', 'webhooks.module.ts'],
};

const folder = (...names) => `^src/(${names.join('|')})/`;
const escape = (text) => text.replaceAll('.', '\\.');

/** `from` may import of this project only what lies in its own folder and in `others`. */
const layer = (from, others, comment) => ({
  name: `layer-${from}`,
  comment,
  severity: 'error',
  from: { path: folder(from) },
  to: { path: '^src/', pathNot: [folder(from), ...others.map((name) => folder(name))] },
});

const insideOf = (feature) => ({
  name: `insides-of-${feature}`,
  comment: `Other features import of ${feature} only its public files (see PUBLIC).`,
  severity: 'error',
  from: { path: folder(...FEATURES.filter((other) => other !== feature)) },
  to: {
    path: folder(feature),
    pathNot: PUBLIC[feature].map((file) => `^src/${feature}/${escape(file)}$`),
  },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one file, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependencies',
      comment: 'A server that was installed without its development tools has to start.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'core-is-pure',
      comment:
        'The law imports nothing but itself: no package, nothing of Node. Time and ids come in with a command.',
      severity: 'error',
      from: { path: folder('core') },
      to: { pathNot: folder('core') },
    },
    layer('errors', [], 'Errors know nothing of who throws them.'),
    layer('clock', [], 'The clock is a port.'),
    layer('config', ['errors'], 'The configuration is a value.'),
    layer('process', [], 'How a process begins concerns all programs, so it depends on none.'),
    layer('installation', ['config', 'errors'], 'Where the database is does not depend on what is in it.'),
    layer(
      'secrets',
      ['config', 'installation'],
      'Sealing secrets takes a key from the configuration, or from a file beside the database.',
    ),
    layer(
      'journal',
      ['core', 'errors', 'installation'],
      'The journal knows rows, and nothing of those who keep them in memory.',
    ),
    layer(
      'store',
      ['clock', 'config', 'core', 'errors', 'journal'],
      'The store knows neither HTTP nor any feature.',
    ),
    layer(
      'http',
      ['clock', 'config', 'core', 'errors', 'logging'],
      'What routes share knows no feature and no store.',
    ),
    {
      name: 'layer-cli',
      comment:
        'A client knows of the server what the SDK knows; what they share is how commands say why they ended.',
      severity: 'error',
      from: { path: folder('cli', 'bench') },
      to: { path: '^src/', pathNot: [folder('cli', 'bench', 'process'), '^src/commands/exit-codes\\.ts$'] },
    },
    {
      name: 'clients-asked-by-the-command-line-only',
      comment:
        'The server is no client of its own. How help and output are written is the same for all commands.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [folder('cli', 'bench'), '^src/commands/(command-line|admin-commands|token-commands)\\.ts$'],
      },
      to: { path: [folder('cli', 'bench'), '^sdks/'], pathNot: '^src/cli/output\\.ts$' },
    },
    {
      name: 'commands-start-fast',
      comment:
        'What a command needs is loaded when it runs, so that a client never waits for the server to load.',
      severity: 'error',
      from: {
        path: '^src/(main|commands/(command-line|admin-commands|config-options|server-commands|token-commands|with-config))\\.ts$',
      },
      to: {
        path: '^(src|node_modules)/',
        pathNot: [
          folder('cli', 'bench', 'process'),
          '^src/version\\.ts$',
          '^src/commands/(command-line|admin-commands|config-options|server-commands|token-commands|with-config|exit-codes)\\.ts$',
          '^node_modules/commander/',
        ],
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'engine-below-the-journal',
      comment:
        'Two files choose the engine by the location of the database. Nobody else knows which one it is.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/journal/(sqlite/|open-journal\\.ts$|database-file-at\\.ts$)' },
      to: { path: '^src/journal/sqlite/' },
    },
    {
      name: 'typeorm-inside-the-engine',
      comment:
        'Everything that is written passes through the journal, so nobody else has a database connection.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/journal/sqlite/' },
      to: { path: '^node_modules/(typeorm|sqlite3)/' },
    },
    {
      name: 'features-do-not-assemble',
      comment:
        'A feature does not know the application that it is part of. It may learn whether that is stopping.',
      severity: 'error',
      from: { path: folder(...FEATURES) },
      to: { path: `^src/(${ASSEMBLY.join('|')})`, pathNot: folder('lifecycle') },
    },
    ...FEATURES.map(insideOf),
  ],
  options: {
    doNotFollow: { path: '(node_modules|^sdks)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
    tsConfig: { fileName: 'tsconfig.json' },
    // Types count as well: who knows another's type knows the other.
    tsPreCompilationDeps: true,
  },
};
