import {
  type CallToolRequest,
  type CallToolResult,
  type ClientCapabilities,
  type InputRequiredResult,
  inputRequired,
  type ListToolsResult,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { closestMatch } from '../lib/closest-match.ts';
import { choiceOf, elicitationModeOf, formOf, REPLY } from './confirmation/elicitation.ts';
import { type ElicitationMode, isInputRequest } from './confirmation/types.ts';
import { describeTool } from './definitions/tool-definition.ts';
import type { Mode } from './modes.ts';
import { notifierOf, type RequestContext, type ToolRequest } from './request-context.ts';
import { readsLinks, withoutLinks } from './results/table-links.ts';
import { asTextOnly, type ErrorBody } from './results/tool-result.ts';
import { runTool } from './run-tool.ts';
import type { Tool } from './tool.ts';
import type { Workspaces } from './workspaces.ts';

/** Tools without a confirmation never use a channel, and `--confirm token` never asks the client. */
const NO_ELICITATION: ElicitationMode = { channel: 'token' };

interface ToolboxOptions {
  mode: Mode;
  /** `text` leaves the structure out of results, and the output schemas out of the definitions. */
  results: 'structured' | 'text';
  /** Whether tools ask for confirmation. */
  isConfirmationOn: boolean;
  /** The workspaces among which calls choose. undefined where there is one. */
  workspaces?: Workspaces | undefined;
  /** The setting that hides a tool of this server. undefined for an unknown name. */
  hiddenBy(name: string): string | undefined;
}

const SHOW_ALL: ToolboxOptions = {
  mode: 'full',
  results: 'structured',
  isConfirmationOn: true,
  hiddenBy: () => undefined,
};

/** The listed tools, with definitions that are created at the first `tools/list`. */
export class Toolbox {
  readonly #byName: Map<string, Tool>;
  #definitions: ListToolsResult['tools'] | undefined;
  #definedFor: readonly string[] | undefined;

  readonly #options: ToolboxOptions;

  constructor(
    readonly tools: readonly Tool[],
    options: ToolboxOptions = SHOW_ALL,
  ) {
    this.#byName = new Map(tools.map((tool) => [tool.name, tool]));
    this.#options = options;
  }

  get results(): 'structured' | 'text' {
    return this.#options.results;
  }

  get(name: string): Tool | undefined {
    return this.#byName.get(name);
  }

  get definitions(): ListToolsResult['tools'] {
    // The definitions list the names of the workspaces, and these can change on SIGHUP.
    const names = this.#options.workspaces?.names();
    if (names !== this.#definedFor) this.#definitions = undefined;
    this.#definedFor = names;
    this.#definitions ??= this.tools.map((tool) => this.#define(tool)) as ListToolsResult['tools'];
    return this.#definitions;
  }

  #define(tool: Tool) {
    const { outputSchema, ...definition } = describeTool(tool, this.#options);
    return this.results === 'text' ? definition : { ...definition, outputSchema };
  }

  #unknown(name: string): string {
    const match = closestMatch(name, [...this.#byName.keys()]);
    return `Unknown tool: ${name.slice(0, 100)}${match === undefined ? '' : `. Did you mean ${match}?`}`;
  }

  /** Handles one `tools/call`. @throws ProtocolError -32602 for a tool that is not listed. */
  async call(
    { name, arguments: args }: CallToolRequest['params'],
    { context, declared, negotiated }: McpRequest,
    requestContext: RequestContext,
  ): Promise<CallToolResult | InputRequiredResult> {
    const tool = this.get(name);
    if (tool === undefined) {
      const setting = this.#options.hiddenBy(name);
      const message = setting === undefined ? this.#unknown(name) : `${name} is hidden by ${setting}`;
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
    }
    const mayElicit = tool.confirmation !== 'never' && requestContext.safety.confirm !== 'token';
    const request: ToolRequest = {
      mode: this.#options.mode,
      arguments: args,
      signal: context.mcpReq.signal,
      notify: notifierOf(context.mcpReq),
      elicitation: mayElicit ? elicitationModeOf(context, declared, choiceOf(tool)) : NO_ELICITATION,
    };
    const result = await runTool(tool, request, requestContext);
    if (!isInputRequest(result)) {
      if (judgesState(request.elicitation)) rejectForgedState(result);
      const known = readsLinks(context, negotiated) ? result : withoutLinks(result);
      return this.results === 'text' ? asTextOnly(known) : known;
    }
    const { question, state } = result;
    const form = inputRequired.elicit({ message: question, requestedSchema: formOf(choiceOf(tool)) });
    return inputRequired({ inputRequests: { [REPLY]: form }, requestState: state });
  }
}

/** Whether the confirmation of a call is its request state. */
function judgesState(elicitation: ElicitationMode): boolean {
  if (elicitation.channel !== 'input_required') return false;
  return elicitation.state !== undefined && elicitation.reply !== undefined;
}

/** Forged request state is a protocol error. A forged confirmToken is a tool error, since the model sent it. */
function rejectForgedState({ structuredContent }: CallToolResult): void {
  const { error } = (structuredContent ?? {}) as { error?: ErrorBody };
  if (error?.kind !== 'confirmation_forged') return;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${error.message} ${error.nextStep}`, { error });
}

/** A request as the SDK passes it. */
export interface McpRequest {
  context: ServerContext;
  /** The capabilities of a 2025 client on this connection. */
  declared: ClientCapabilities | undefined;
  /** The revision of a 2025 client on this connection. */
  negotiated?: string | undefined;
}
