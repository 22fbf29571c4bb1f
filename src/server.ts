import {
  type CallToolRequest,
  type CallToolResult,
  type ClientCapabilities,
  type InputRequiredResult,
  inputRequired,
  type ListToolsResult,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { AppRegistry } from './apps/app-registry.ts';
import { APPS_EXTENSION, mayShowApps } from './apps/shows-apps.ts';
import type { Completer } from './completion/completer.ts';
import { registerCompletion } from './completion/handlers.ts';
import { closestMatch } from './lib/closest-match.ts';
import { DescribedParamsServer } from './mcp/arguments/described-params-server.ts';
import { choiceOf, elicitationModeOf, formOf, REPLY } from './mcp/confirmation/elicitation.ts';
import { type ElicitationMode, isInputRequest } from './mcp/confirmation/types.ts';
import { describeTool } from './mcp/definitions/tool-definition.ts';
import type { Mode } from './mcp/modes.ts';
import { notifierOf, type RequestContext, type ToolRequest, withTrace } from './mcp/request-context.ts';
import { readsLinks, withoutLinks } from './mcp/results/table-links.ts';
import { asTextOnly, type ErrorBody } from './mcp/results/tool-result.ts';
import { runTool } from './mcp/run-tool.ts';
import type { Tool } from './mcp/tool.ts';
import type { Workspaces } from './mcp/workspaces.ts';
import { registerPrompts } from './prompts/handlers.ts';
import type { PromptRegistry } from './prompts/prompt-registry.ts';
import { CACHE_HINTS } from './resources/protocol/cache-hints.ts';
import { registerResources } from './resources/protocol/handlers.ts';
import type { ResourceSet } from './resources/protocol/read-resource.ts';
import { createPollSource, type PollSource } from './resources/subscriptions/poll-source.ts';
import { registerSubscriptions } from './resources/subscriptions/subscribe-handlers.ts';
import type { SubscriptionHub } from './resources/subscriptions/subscription-hub.ts';
import { registerSkills, SKILLS_EXTENSION } from './skills/handlers.ts';
import type { SkillRegistry } from './skills/skill-registry.ts';
import type { ServerFactory } from './transports/server-factory.ts';

/** The parts of a server, created once and shared by every instance. */
export interface ServerParts {
  version: string;
  source: 'live' | 'sandbox';
  instructions: string;
  toolbox: Toolbox;
  /** The resources that match the listed tools. */
  resources: ResourceSet;
  /** The prompts that match the listed tools. */
  prompts: PromptRegistry;
  /** The skills that match the listed tools. */
  skills: SkillRegistry;
  /** The views of MCP Apps that match the listed tools. */
  apps: AppRegistry;
  completer: Completer;
  /** Notifies subscribers of changes. */
  hub: SubscriptionHub;
}

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

/** What a transport needs of the parts. */
export function createServerFactory(parts: ServerParts): ServerFactory {
  return {
    createServer: (requestContext, changes) => createServer(parts, requestContext, changes),
    openSource: (requestContext) => openSource(parts, requestContext),
    hub: parts.hub,
  };
}

function openSource({ resources }: ServerParts, requestContext: RequestContext): PollSource | undefined {
  return createPollSource(requestContext, { ...resources, isBackground: true });
}

/**
 * Creates one MCP server for one caller: a connection over stdio, a request over HTTP. Serves both protocol eras. It is
 * cheap and has no side effects, since hosts start servers only to probe them.
 * @param changes how the client subscribes to changes: with `subscribe` of 2025, or with `listen`, which the transport
 *   serves. undefined where it cannot.
 */
export function createServer(
  parts: ServerParts,
  requestContext: RequestContext,
  changes?: 'subscribe' | 'listen',
): Server {
  const { toolbox, resources, prompts, skills, apps, completer, hub } = parts;
  const extensions: Record<string, Record<string, never>> = {};
  if (!skills.isEmpty) extensions[SKILLS_EXTENSION] = {};
  if (!apps.isEmpty) extensions[APPS_EXTENSION] = {};
  const source = changes === undefined ? undefined : openSource(parts, requestContext);
  const server = new DescribedParamsServer(
    {
      name: 'heyreach-mcp',
      title: parts.source === 'sandbox' ? 'HeyReach (sandbox)' : 'HeyReach',
      version: parts.version,
    },
    {
      capabilities: {
        tools: { listChanged: false },
        resources: source === undefined ? {} : { subscribe: true, listChanged: true },
        prompts: { listChanged: false },
        completions: {},
        ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
      },
      cacheHints: CACHE_HINTS,
      instructions: parts.instructions,
    },
  );
  registerResources(server, requestContext, resources);
  if (changes === 'subscribe' && source !== undefined) registerSubscriptions(server, hub, source);
  registerPrompts(server, requestContext, prompts);
  if (!skills.isEmpty) registerSkills(server, skills);
  registerCompletion(server, requestContext, completer, prompts, resources.resources);
  server.setRequestHandler('tools/list', (_, context) => ({
    tools: mayShowApps(context, server.getClientCapabilities()) ? apps.link(toolbox.definitions) : toolbox.definitions,
  }));
  server.setRequestHandler('tools/call', ({ params }, context) =>
    toolbox.call(
      params,
      { context, declared: server.getClientCapabilities(), negotiated: server.getNegotiatedProtocolVersion() },
      withTrace(requestContext, context.mcpReq._meta),
    ),
  );
  return server;
}
