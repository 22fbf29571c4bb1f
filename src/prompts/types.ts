import type { CallOptions, HeyReachClient } from '../client/index.ts';
import type { ErrorBody } from '../mcp/results/tool-result.ts';
import type { Tool } from '../mcp/tool.ts';
import type { Resolved } from './resolve-name.ts';

/** An argument of a prompt. Its value is a string, as the protocol requires. */
export interface PromptArgument {
  /** Where it equals a variable of a resource template, the value is checked and completed like that variable. */
  name: string;
  description: string;
  isRequired?: boolean;
  /** Fixed values to offer, for arguments that are not ids of the workspace. */
  suggest?(): string[];
  /** Checks the form of a value that is not a template variable. */
  accepts?(value: string): boolean;
  /** Finds the id that a value names. The prompt gets the id. */
  find?(value: string, source: { client: HeyReachClient; call: CallOptions }): Promise<Resolved>;
}

/** The checked arguments of a request, without the omitted ones. */
export type PromptArguments = Readonly<Record<string, string>>;

/** A call of a read tool. The prompt embeds its result. */
export interface PromptCall {
  tool: string;
  arguments: Record<string, unknown>;
  /** The result as the tool returns it: structured content, and the same as JSON text. */
  structure: Record<string, unknown>;
  text: string;
  /** Why the call failed as a whole. */
  error: ErrorBody | undefined;
}

/** Calls a read tool as `tools/call` does. A failed call does not reject. */
export type CallTool = (tool: Tool, args: Record<string, unknown>) => Promise<PromptCall>;

/** A paragraph of instructions. */
export interface PromptStep {
  text: string;
  /** The tools that the text names. The step is left out where one of them is disabled. */
  requiresTools?: readonly string[];
  /** The step is used only where this tool is disabled. */
  onlyWithoutTool?: string;
  /** The text is about the results that the prompt embeds. A skill has no results, and begins with its own steps. */
  isAboutResults?: true;
}

/** An MCP prompt: instructions with the results that they are about. */
export interface Prompt {
  name: string;
  title: string;
  description: string;
  arguments: readonly PromptArgument[];
  /** The prompt is not listed where one of these tools is disabled. */
  requiredTools: readonly string[];
  /** Makes the calls whose results the prompt embeds. Each tool is one of `requiredTools`. */
  callTools(args: PromptArguments, call: CallTool): Promise<PromptCall[]>;
  write(args: PromptArguments): PromptStep[];
}
