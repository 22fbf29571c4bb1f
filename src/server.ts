import {
  type CallToolRequest,
  type CallToolResult,
  type ClientCapabilities,
  type InputRequiredResult,
  inputRequired,
  type ListToolsResult,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Completions } from './completions/completions.ts';
import { serveCompletions } from './completions/serve.ts';
import { servePrompts } from './prompts/serve.ts';
import type { Shelf } from './prompts/shelf.ts';
import { CACHE_HINTS } from './resources/cache.ts';
import type { Reading } from './resources/read.ts';
import { serveResources } from './resources/serve.ts';
import type { Hub, Source } from './resources/subscriptions/hub.ts';
import { sourceOf } from './resources/subscriptions/source.ts';
import { serveSubscriptions } from './resources/subscriptions/subscribe.ts';
import { isQuestion } from './tools/asking.ts';
import type { Caller, ToolRequest } from './tools/context.ts';
import type { Tool } from './tools/define.ts';
import { describeTool } from './tools/output.ts';
import type { ErrorTwin } from './tools/results.ts';
import { runTool } from './tools/run.ts';
import { askingOf, REPLY, YES_OR_NO } from './transports/asking.ts';

/** What a server is built from; made once, shared by every instance. */
export interface ServerParts {
  version: string;
  source: 'live' | 'sandbox';
  instructions: string;
  toolbox: Toolbox;
  /** The resources that go with these tools. */
  reading: Reading;
  /** The prompts that go with these tools. */
  shelf: Shelf;
  completions: Completions;
  /** Who is told of changes. */
  hub: Hub;
}

/** The tools that are shown, with definitions that are made at the first list and kept. */
export class Toolbox {
  readonly #byName: Map<string, Tool>;
  #definitions: ListToolsResult['tools'] | undefined;

  constructor(readonly tools: readonly Tool[]) {
    this.#byName = new Map(tools.map((tool) => [tool.name, tool]));
  }

  get(name: string): Tool | undefined {
    return this.#byName.get(name);
  }

  get definitions(): ListToolsResult['tools'] {
    this.#definitions ??= this.tools.map(describeTool) as ListToolsResult['tools'];
    return this.#definitions;
  }

  /** Answers one `tools/call`. @throws ProtocolError -32602 for a tool that is not shown. */
  async call(
    { name, arguments: given }: CallToolRequest['params'],
    { context, declared }: Asker,
    caller: Caller,
  ): Promise<CallToolResult | InputRequiredResult> {
    const tool = this.get(name);
    if (tool === undefined) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${name.slice(0, 100)}`);
    }
    const { _meta, signal, notify } = context.mcpReq;
    const progressToken = _meta?.progressToken;
    const request: ToolRequest = {
      arguments: given,
      signal,
      notify:
        progressToken === undefined
          ? undefined
          : (progress) => notify({ method: 'notifications/progress', params: { progressToken, ...progress } }),
      asking: askingOf(context, declared),
    };
    const answered = await runTool(tool, request, caller);
    if (!isQuestion(answered)) {
      if (request.asking.way === 'input_required') refuseForgedState(answered);
      return answered;
    }
    const { question, state } = answered;
    const inputRequests = { [REPLY]: inputRequired.elicit({ message: question, requestedSchema: YES_OR_NO }) };
    return inputRequired({ inputRequests, requestState: state });
  }
}

/** State that is not ours is no request of the protocol; a token in an argument is a matter between model and tool. */
function refuseForgedState({ structuredContent }: CallToolResult): void {
  const { error } = (structuredContent ?? {}) as { error?: ErrorTwin };
  if (error?.kind !== 'confirmation_forged') return;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${error.message} ${error.nextStep}`, { error });
}

/** The request of a client, as the SDK knows it. */
export interface Asker {
  context: ServerContext;
  /** What a 2025 client declared on this connection. */
  declared: ClientCapabilities | undefined;
}

/** What can be listened to with a caller's key. */
export function openSource({ reading }: ServerParts, caller: Caller): Source | undefined {
  return sourceOf(caller, { ...reading, isBackground: true });
}

/**
 * Builds one MCP server instance for one caller: a connection over stdio, a request over HTTP. Cheap and without side
 * effects, since hosts start servers just to probe them. Serves both protocol eras.
 * @param changes how the client hears of changes: `subscribe` of 2025, or `listen`, which the transport serves; undefined
 *   where there is no way to it.
 */
export function createServer(parts: ServerParts, caller: Caller, changes?: 'subscribe' | 'listen'): Server {
  const { toolbox, reading, shelf, completions, hub } = parts;
  const source = changes === undefined ? undefined : openSource(parts, caller);
  const server = new Server(
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
      },
      cacheHints: CACHE_HINTS,
      instructions: parts.instructions,
    },
  );
  serveResources(server, caller, reading);
  if (changes === 'subscribe' && source !== undefined) serveSubscriptions(server, hub, source);
  servePrompts(server, caller, shelf, reading);
  serveCompletions(server, caller, completions, shelf, reading.resources);
  server.setRequestHandler('tools/list', () => ({ tools: toolbox.definitions }));
  server.setRequestHandler('tools/call', ({ params }, context) =>
    toolbox.call(params, { context, declared: server.getClientCapabilities() }, caller),
  );
  return server;
}
