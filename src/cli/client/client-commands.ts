import type { Command } from 'commander';
import { addAccountCommands } from './account/account-commands.js';
import { addCompletionCommand } from './completion/completion-command.js';
import { addFenceCommands } from './fence/fence-commands.js';
import { addHealthCommand } from './health.js';
import { addLockCommands } from './lock/lock-commands.js';
import { addLoginCommands } from './login/login-commands.js';
import { addMcpCommand } from './mcp/mcp-command.js';
import { addSessionCommands } from './session/session-commands.js';
import { addTopCommand } from './top/top-command.js';
import { addWebhookCommands } from './webhook/webhook-commands.js';

/** The commands that send requests to a server, as any client does. */
export function addClientCommands(program: Command): void {
  addLockCommands(program);
  addTopCommand(program);
  addMcpCommand(program);
  addSessionCommands(program);
  addFenceCommands(program);
  addWebhookCommands(program);
  addHealthCommand(program);
  addLoginCommands(program);
  addAccountCommands(program);
  addCompletionCommand(program);
}
