/** The parts of `src`, in groups from top to bottom, each with its description in the picture. */
export const GROUPS = {
  Start: {
    main: 'the entry point',
    cli: 'the command line',
    bench: 'octostore bench',
  },
  Application: {
    app: 'builds the application',
    openapi: 'the API document',
    'app.module': 'lists the modules',
    'term.module': 'provides loaded data',
    term: 'begins a term, loads data',
  },
  Features: {
    admin: 'routes for operators',
    metrics: 'Prometheus metrics',
    webhooks: 'deliveries to receivers',
    events: 'event streams',
    sessions: 'session routes',
    leases: 'lease routes',
    locks: 'lock routes',
    health: 'health and status',
    auth: 'accounts and tokens',
    lifecycle: 'running or stopping',
  },
  Services: {
    logging: 'log output',
    store: 'the one writer',
    journal: 'makes state durable',
    http: 'what all routes share',
    access: 'who may do what',
    secrets: 'encryption keys',
    installation: 'files of the installation',
  },
  Foundations: {
    config: 'settings',
    core: 'the rules, pure functions',
    errors: 'error codes',
    clock: 'time and timers',
    process: 'signals, standard streams',
    version: 'the version number',
  },
};
