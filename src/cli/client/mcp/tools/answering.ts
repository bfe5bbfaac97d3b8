import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import { problemOf } from './problem.js';
import { resultOf, type Answer } from './results.js';
import type { Toolbox } from './toolbox.js';

/** What the SDK calls when a model uses a tool. */
export type ToolCall<Input> = (input: Input, context: ServerContext) => Promise<CallToolResult>;

/** Answers calls of a tool. What it throws becomes a sentence for the model. */
export function answering<Input>(
  toolbox: Toolbox,
  answer: (input: Input, context: ServerContext) => Promise<Answer>,
): ToolCall<Input> {
  return async (input, context) => {
    try {
      return resultOf(toolbox.agent, await answer(input, context));
    } catch (error) {
      return resultOf(toolbox.agent, await problemOf(error, toolbox));
    }
  };
}
