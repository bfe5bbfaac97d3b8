/**
 * The folders and files of src from top to bottom: each of them imports only what stands below it. So no two of them import each
 * other, not even by way of a third.
 */
const TOP_TO_BOTTOM = [
  'main', // puts the process in order and runs the command line
  'cli', // the commands: server/ runs the server and handles its files, client/ asks a server
  'bench', // the load generator of `octostore bench`
  'replica', // stands by, and forwards to the server that leads
  'app', // puts the application together
  'openapi', // describes it
  'console', // the files of the console
  'app.module',
  'term.module', // provides what a term has loaded
  'term', // begins a term and loads its data
  'admin', // from here to auth: the features, which see of one another only what PUBLIC lists
  'policy',
  'metrics',
  'webhooks',
  'history',
  'events',
  'fences',
  'sessions',
  'leases',
  'locks',
  'health',
  'proofs',
  'auth',
  'lifecycle', // whether the application is stopping
  'logging',
  'store', // the one writer
  'audit', // the chain of records of who did what
  'journal', // makes state durable: the port, and the engines below it
  'http', // what all routes share
  'access', // who may do what
  'secrets', // the key of an installation
  'installation', // the files of an installation
  'tracing', // follows requests to what they cause
  'config', // from here on nothing knows of the rest
  'core',
  'errors',
  'clock',
  'process',
  'version',
  'program', // the program's own files and processes, however it is packaged
];

const FEATURES = [
  'admin',
  'auth',
  'events',
  'fences',
  'health',
  'history',
  'leases',
  'locks',
  'metrics',
  'policy',
  'proofs',
  'sessions',
  'webhooks',
];
const ASSEMBLY = ['app', 'cli', 'lifecycle', 'main', 'openapi', 'term'];

/** The files of each feature that other features may import. What is not listed here is the feature's own affair. */
const PUBLIC = {
  admin: [],
  auth: [
    'accounts.ts',
    'admin-only.decorator.ts',
    'audit-refusals.ts',
    'auth-failures.ts',
    'authenticated.decorator.ts',
    'caller.ts',
    'current-admin.decorator.ts',
    'operator-access.ts',
    'operator.ts',
    'rate-limiter.ts',
    'request-origins.ts',
    'tokens/bearer-token.ts',
    'tokens/named-user.ts',
    'tokens/token-facts.ts',
  ],
  events: [
    'duration-in-words.ts',
    'event-fields.ts',
    'event-presenter.ts',
    'event-types.ts',
    'event.dto.ts',
    'events.module.ts',
    'slots.ts',
    'warning-words.ts',
    'watches.ts',
  ],
  fences: [],
  history: ['history.module.ts', 'past-leases.ts'],
  health: ['health.dto.ts', 'health.module.ts', 'service-status.ts'],
  leases: ['leases.module.ts'],
  locks: [
    'acquire/acquirer.ts',
    'acquire/api-acquire.decorator.ts',
    'acquire/demand-of.ts',
    'acquire/lease-request.ts',
    'administrator.ts',
    'api-lease-broken.decorator.ts',
    'dto/demand.dto.ts',
    'dto/examples.ts',
    'dto/hold.dto.ts',
    'dto/lease.dto.ts',
    'dto/lock-responses.dto.ts',
    'dto/lock-status.dto.ts',
    'dto/new-lease.dto.ts',
    'dto/release-requested.dto.ts',
    'lease-keeper.ts',
    'lease-presenter.ts',
    'lock-presenter.ts',
    'locks.module.ts',
    'lost-lease-presenter.ts',
    'present-hold.ts',
    'scoped-leases.ts',
  ],
  metrics: ['metrics-registry.ts', 'metrics.module.ts'],
  policy: [],
  proofs: ['lease-prover.ts', 'proof-field.ts', 'proofs.module.ts'],
  sessions: [],
  webhooks: ['delivery/delivery-backlog.ts', 'transport/call-times.ts', 'webhooks.module.ts'],
};

/** What is loaded whatever the command is. */
const STARTS_FAST =
  '^src/cli/([^/]+|server/(admin-commands|audit-commands|cluster-commands|config-options|fencing-commands|import-commands|policy-commands|server-commands|server-options|service-commands|token-commands)|shared/[^/]+)\\.ts$';

/** What each folder of HTTP may import of the others. */
const HTTP_FOLDERS = {
  tls: [],
  input: [],
  routes: ['input'],
  answer: ['input', 'routes'],
  connections: ['input', 'answer'],
  forwarded: ['input', 'connections'],
  link: ['input', 'connections', 'forwarded'],
  pipeline: ['input', 'routes', 'answer', 'connections', 'forwarded'],
};

/** The folder of an engine. `rows` holds what all engines keep, `sql` what those that speak SQL share, and `copy` serves all of them. */
const ENGINE = '^src/journal/(?!(rows|sql|copy)/)[^/]+/';

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

/** The whole of a folder of src, or a file there. */
const part = (...names) => `^src/(${names.map(escape).join('|')})(/|\\.ts$)`;

/** What stands above `name` is none of its business. */
const floorOf = (name, index) => ({
  name: `floor-${name}`,
  comment: `${name} stands below ${TOP_TO_BOTTOM.slice(0, index).join(', ')} (see TOP_TO_BOTTOM).`,
  severity: 'error',
  from: { path: part(name) },
  to: { path: part(...TOP_TO_BOTTOM.slice(0, index)) },
});

/** The same for a part of the law. */
const partOfCore = (from, others, comment) => ({
  name: `core-${from.replaceAll(/\W.*/g, '')}`,
  comment,
  severity: 'error',
  from: { path: `^src/core/${from}` },
  to: { path: '^src/', pathNot: [from, ...others].map((part) => `^src/core/${part}`) },
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

/** The folders of webhooks from the bottom up. Each may import only the ones before it. */
const WEBHOOK_FLOORS = ['transport', 'subscriptions', 'delivery', 'fan-out', 'management'];

const webhookFloor = (floor, index) => ({
  name: `webhooks-${floor}`,
  comment: `Inside of webhooks, ${floor} knows nothing of what stands above it (see WEBHOOK_FLOORS).`,
  severity: 'error',
  from: { path: `^src/webhooks/${floor}/` },
  to: {
    path: [
      '^src/webhooks/webhooks[.-]',
      ...WEBHOOK_FLOORS.slice(index + 1).map((above) => `^src/webhooks/${above}/`),
    ],
  },
});

const folderOfHttp = ([name, others]) => ({
  name: `http-${name}`,
  comment: 'The folders of HTTP stand on one another (see HTTP_FOLDERS).',
  severity: 'error',
  from: { path: `^src/http/${name}/` },
  to: {
    path: '^src/http/',
    pathNot: ['^src/http/request-server\\.ts$', ...[name, ...others].map((other) => `^src/http/${other}/`)],
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
      name: 'no-place',
      comment: 'A new folder needs a place in TOP_TO_BOTTOM.',
      severity: 'error',
      from: { path: '^src/', pathNot: part(...TOP_TO_BOTTOM) },
      to: {},
    },
    ...TOP_TO_BOTTOM.map(floorOf).slice(1),
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
    partOfCore('model/', [], 'The values that go in and out of the law depend on nothing.'),
    partOfCore('state/', ['model/'], 'The state decides nothing, so it needs no rule.'),
    partOfCore('reports\\.ts$', ['model/', 'state/'], 'What happened is already decided.'),
    partOfCore(
      'transition\\.ts$',
      ['model/', 'state/', 'reports\\.ts$'],
      'What records a step asks no rule.',
    ),
    partOfCore(
      'rules/',
      ['model/', 'state/', 'transition\\.ts$'],
      'Rules are picked by `step` and do not know of it.',
    ),
    layer('errors', [], 'Errors know nothing of who throws them.'),
    layer('clock', [], 'The clock is a port.'),
    layer('config', ['errors'], 'The configuration is a value.'),
    {
      name: 'layer-tracing',
      comment: 'What follows requests does not know who serves them.',
      severity: 'error',
      from: { path: folder('tracing') },
      to: { path: '^src/', pathNot: [folder('tracing', 'clock', 'config'), '^src/version\\.ts$'] },
    },
    {
      name: 'open-telemetry-on-demand',
      comment: 'OpenTelemetry is loaded only if it is switched on.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/tracing/open-telemetry/' },
      to: { path: ['^node_modules/@opentelemetry/', '^src/tracing/open-telemetry/'], dynamic: false },
    },
    layer('process', [], 'How a process begins concerns all programs, so it depends on none.'),
    layer('installation', ['config', 'errors'], 'Where the database is does not depend on what is in it.'),
    layer(
      'access',
      ['core', 'errors'],
      'Who may do what depends on who asks, not on how it is asked or done.',
    ),
    layer(
      'secrets',
      ['config', 'errors', 'installation'],
      'Sealing secrets takes a key from the configuration, or from a file beside the database.',
    ),
    layer(
      'journal',
      ['clock', 'core', 'errors', 'installation'],
      'The journal knows rows, and nothing of those who keep them in memory.',
    ),
    layer(
      'audit',
      ['clock', 'core', 'errors', 'journal'],
      'The audit knows records, and nothing of the acts that they are about.',
    ),
    layer(
      'store',
      ['audit', 'clock', 'config', 'core', 'errors', 'journal', 'tracing'],
      'The store knows neither HTTP nor any feature.',
    ),
    {
      name: 'replica-forward',
      comment: 'What forwards requests does not know who receives them.',
      severity: 'error',
      from: { path: '^src/replica/forward/' },
      to: {
        path: '^src/',
        pathNot: [
          folder('clock', 'config', 'core', 'errors', 'http', 'logging', 'tracing'),
          '^src/replica/forward/',
        ],
      },
    },
    {
      name: 'replica-standby',
      comment: 'A standby is no application. It has neither a store nor a journal.',
      severity: 'error',
      from: { path: '^src/replica/standby/' },
      to: {
        path: [
          `^src/(${ASSEMBLY.filter((part) => part !== 'lifecycle').join('|')})`,
          folder('store', 'journal'),
        ],
      },
    },
    layer(
      'http',
      ['clock', 'config', 'core', 'errors', 'logging', 'tracing'],
      'What routes share knows no feature and no store.',
    ),
    ...Object.entries(HTTP_FOLDERS).map(folderOfHttp),
    {
      name: 'framework-internals-in-one-file',
      comment:
        'What Nest does not promise may change with any version. One file takes it, and a test looks after it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/http/routes/framework-internals\\.ts$' },
      to: { path: '^node_modules/@nestjs/(common|core)/', pathNot: '/(common|core)/index\\.' },
    },
    {
      name: 'clients-know-the-sdk',
      comment: 'A command that asks a server knows of it what the SDK knows.',
      severity: 'error',
      from: { path: ['^src/cli/(client|shared)/', folder('bench')] },
      to: { path: '^src/', pathNot: ['^src/cli/(client|shared)/', folder('bench', 'process', 'program')] },
    },
    {
      name: 'clients-asked-by-the-command-line-only',
      comment: 'The server is no client of its own.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: ['^src/cli/(client|shared)/', '^src/cli/[^/]+\\.ts$', folder('bench')],
      },
      to: { path: ['^src/cli/client/', folder('bench'), '^sdks/'] },
    },
    {
      name: 'sides-of-the-command-line',
      comment: 'Commands that run the server and commands that ask one share only what all commands share.',
      severity: 'error',
      from: { path: '^src/cli/(server|client|shared)/' },
      to: { path: '^src/cli/', pathNot: ['^src/cli/shared/', '^src/cli/$1/'] },
    },
    {
      name: 'commands-start-fast',
      comment:
        'What a command needs is loaded when it runs, so that a client never waits for the server to load.',
      severity: 'error',
      from: { path: ['^src/main\\.ts$', STARTS_FAST] },
      to: {
        path: '^(src|node_modules)/',
        pathNot: [
          '^src/cli/client/',
          folder('bench', 'process', 'program'),
          '^src/version\\.ts$',
          STARTS_FAST,
          '^node_modules/commander/',
        ],
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'engine-below-the-journal',
      comment:
        'These files choose the engine by the location of the database. No one else knows which one it is.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '^src/journal/(open-journal|database-file-at|foreign-file|shared-database-at)\\.ts$',
          '^src/journal/[^/]+/',
        ],
      },
      to: { path: ENGINE },
    },
    {
      name: 'engines-apart',
      comment: 'An engine knows no other one.',
      severity: 'error',
      from: { path: '^src/journal/([^/]+)/' },
      to: { path: ENGINE, pathNot: '^src/journal/$1/' },
    },
    {
      name: 'typeorm-inside-the-engine',
      comment:
        'Everything that is written passes through the journal, so nobody else has a database connection.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/journal/(sql|sqlite|postgres)/' },
      to: { path: '^node_modules/typeorm/' },
    },
    {
      name: 'sqlite3-inside-its-engine',
      comment: 'Only the engine for SQLite knows its driver.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/journal/sqlite/' },
      to: { path: '^node_modules/sqlite3/' },
    },
    {
      name: 'pg-inside-its-engine',
      comment: 'Only the engine for PostgreSQL knows its driver.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/journal/postgres/' },
      to: { path: '^node_modules/(pg|@types/pg)/' },
    },
    {
      name: 'sql-below-the-engines',
      comment: 'What the engines share knows none of them, and no one else needs it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/journal/[^/]+/' },
      to: { path: '^src/journal/sql/' },
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
    {
      name: 'product-stands-alone',
      comment: 'What only tests, proofs and benchmarks use does not ship.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: ['^lab/', '^test/', '^sdks/conformance/'] },
    },
    {
      name: 'kit-below-all',
      comment: 'What tests, proofs, benchmarks and conformance share knows none of them.',
      severity: 'error',
      from: { path: '^lab/kit/' },
      to: { path: ['^lab/', '^test/', '^sdks/conformance/'], pathNot: '^lab/kit/' },
    },
    {
      name: 'proofs-and-benchmarks-apart',
      comment: 'Proofs, benchmarks and the mutation run share only the kit, and know no test.',
      severity: 'error',
      from: { path: '^lab/(proof|bench|mutation|teams)/' },
      to: { path: ['^lab/', '^test/', '^sdks/conformance/'], pathNot: '^lab/(kit|$1)/' },
    },
    {
      name: 'tests-without-proofs',
      comment: 'What a test and a proof share belongs into the kit.',
      severity: 'error',
      from: { path: '^test/' },
      to: { path: '^lab/proof/' },
    },
    {
      name: 'benchmarks-tested-in-one-place',
      comment: 'Only the tests of the benchmarks know them.',
      severity: 'error',
      from: { path: '^test/', pathNot: '^test/bench/' },
      to: { path: '^lab/bench/' },
    },
    {
      name: 'mutation-tested-in-one-place',
      comment: 'Only the tests of the mutation run know it.',
      severity: 'error',
      from: { path: '^test/', pathNot: '^test/mutation/' },
      to: { path: '^lab/mutation/' },
    },
    {
      name: 'conformance-tested-in-one-place',
      comment: 'Only the tests of the conformance suite know it.',
      severity: 'error',
      from: { path: '^test/', pathNot: '^test/sdks/' },
      to: { path: '^sdks/conformance/' },
    },
    {
      name: 'conformance-from-outside',
      comment: 'The suite plays clients against the built server: it needs the kit and the time.',
      severity: 'error',
      from: { path: '^sdks/conformance/' },
      to: {
        path: ['^src/', '^lab/', '^test/', '^sdks/'],
        pathNot: ['^sdks/conformance/', '^lab/kit/', '^src/process/time\\.ts$'],
      },
    },
    {
      name: 'sdk-on-its-own',
      comment: 'The SDK is a package of its own.',
      severity: 'error',
      from: { path: '^sdks/typescript/' },
      to: { path: ['^src/', '^lab/', '^test/', '^sdks/'], pathNot: '^sdks/typescript/' },
    },
    {
      name: 'integration-beside-the-sdk',
      comment: 'The integration with NestJS knows only what the SDK exports.',
      severity: 'error',
      from: { path: '^sdks/nestjs/' },
      to: {
        path: ['^src/', '^lab/', '^test/', '^sdks/'],
        pathNot: ['^sdks/nestjs/', '^sdks/typescript/dist/index\\.(js|d\\.ts)$'],
      },
    },
    ...WEBHOOK_FLOORS.map(webhookFloor),
  ],
  options: {
    doNotFollow: { path: '(node_modules/|^sdks/typescript/dist/)' },
    // Made by the tests of the generators.
    exclude: { path: '^test/generators/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
    tsConfig: { fileName: 'tsconfig.json' },
    // Types count as well: who knows another's type knows the other.
    tsPreCompilationDeps: true,
  },
};

// scripts/architecture.mjs draws the picture of the floors from this list. depcruise rejects keys that it does not know, so the
// property must not be enumerable.
Object.defineProperty(module.exports, 'TOP_TO_BOTTOM', { value: TOP_TO_BOTTOM });
