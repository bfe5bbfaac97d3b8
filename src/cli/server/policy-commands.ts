import type { Command } from 'commander';
import { withHelp } from '../shared/help.js';
import type { PolicyOptions, ReplaceOptions } from './policy-options.js';
import { withServer } from './server-options.js';

const AS_JSON = ['--json', 'print JSON, for programs'] as const;

const FILE = ['<file>', 'the policy, in YAML or JSON; - for standard input'] as const;

const MISTAKES = { 2: 'the policy has mistakes' };

/** `octostore policy ...`. */
export function addPolicyCommands(program: Command): void {
  const policy = program.command('policy').description('say who may do what on which locks');
  addCheck(policy);
  addDiff(policy);
  addApply(policy);
  addShow(policy);
  addWhy(policy);
  addVersions(policy);
  addRemove(policy);
  addSchema(policy);
}

function addCheck(policy: Command): void {
  const check = policy
    .command('check')
    .description('find all mistakes in a policy, without a server')
    .argument(...FILE)
    .option(...AS_JSON)
    .action(async (file: string, options: { json?: boolean }) =>
      (await import('./policy.js')).checkPolicy(file, options),
    );
  withHelp(check, { examples: ['octostore policy check policy.yaml'], exits: MISTAKES });
}

function addDiff(policy: Command): void {
  const diff = withServer(policy.command('diff'))
    .description('show what would change if you applied a policy')
    .argument(...FILE)
    .action(async (file: string, options: PolicyOptions) =>
      (await import('./policy.js')).diffPolicy(file, options),
    );
  withHelp(diff, { examples: ['octostore policy diff policy.yaml'], exits: MISTAKES });
}

function addApply(policy: Command): void {
  const apply = withReplaced(withServer(policy.command('apply')))
    .description('put a policy in force, in place of the present one')
    .argument(...FILE)
    .action(async (file: string, options: ReplaceOptions) =>
      (await import('./policy.js')).applyPolicy(file, options),
    );
  withHelp(apply, {
    examples: ['octostore policy apply policy.yaml', 'octostore policy apply policy.yaml --replace 7'],
    exits: { ...MISTAKES, 75: 'another version is in force than the one you named' },
  });
}

function addShow(policy: Command): void {
  const show = withServer(policy.command('show'))
    .description('print the policy in force, as it was applied')
    .argument('[version]', 'the number of an earlier version')
    .action(async (version: string | undefined, options: PolicyOptions) =>
      (await import('./policy.js')).showPolicy(version, options),
    );
  withHelp(show, {
    examples: ['octostore policy show > policy.yaml', 'octostore policy show 6'],
    exits: { 66: 'there is no policy, or no such version' },
  });
}

function addWhy(policy: Command): void {
  const why = withServer(policy.command('why'))
    .description('say which grant lets a user do something, or that none does')
    .argument('<user>', 'a login, or a login with its source, such as github:ada')
    .argument('<action>', 'observe, acquire, break or administer')
    .argument('<lock>', 'the name of a lock or fence')
    .action(async (user: string, action: string, lock: string, options: PolicyOptions) =>
      (await import('./policy.js')).explainPolicy({ user, action, lock }, options),
    );
  withHelp(why, {
    examples: ['octostore policy why github:ada acquire billing/nightly'],
    exits: { 77: 'the user may not do this' },
  });
}

function addVersions(policy: Command): void {
  const versions = withServer(policy.command('versions'))
    .description('list the versions of the policy, newest first')
    .action(async (options: PolicyOptions) => (await import('./policy.js')).listVersions(options));
  withHelp(versions, { examples: ['octostore policy versions'] });
}

function addRemove(policy: Command): void {
  const remove = withReplaced(withServer(policy.command('remove')))
    .description('have no policy, so that every user may observe and acquire every lock')
    .action(async (options: ReplaceOptions) => (await import('./policy.js')).removePolicy(options));
  withHelp(remove, {
    examples: ['octostore policy remove'],
    exits: { 75: 'another version is in force than the one you named' },
  });
}

function addSchema(policy: Command): void {
  const schema = policy
    .command('schema')
    .description('print the JSON Schema of policies, for editors')
    .action(async () => (await import('./policy.js')).printSchema());
  withHelp(schema, { examples: ['octostore policy schema > policy.schema.json'] });
}

function withReplaced(command: Command): Command {
  return command.option(
    '--replace <version>',
    'the version to replace (default: the one in force when the command starts)',
  );
}
