import type { Server } from '@modelcontextprotocol/server';
import type { AppRegistry } from './apps/app-registry.ts';
import { APPS_EXTENSION, mayShowApps } from './apps/shows-apps.ts';
import type { Completer } from './completion/completer.ts';
import { registerCompletion } from './completion/handlers.ts';
import { DescribedParamsServer } from './mcp/arguments/described-params-server.ts';
import { type RequestContext, withTrace } from './mcp/request-context.ts';
import type { Toolbox } from './mcp/toolbox.ts';
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
  // A caller without a key has nothing to subscribe to.
  const canSubscribe = changes !== undefined && requestContext.client !== undefined;
  const server = new DescribedParamsServer(
    {
      name: 'heyreach-mcp',
      title: parts.source === 'sandbox' ? 'HeyReach (sandbox)' : 'HeyReach',
      version: parts.version,
    },
    {
      capabilities: {
        tools: { listChanged: false },
        resources: canSubscribe ? { subscribe: true, listChanged: true } : {},
        prompts: { listChanged: false },
        completions: {},
        ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
      },
      cacheHints: CACHE_HINTS,
      instructions: parts.instructions,
    },
  );
  registerResources(server, requestContext, resources);
  const source = changes === 'subscribe' ? openSource(parts, requestContext) : undefined;
  if (source !== undefined) registerSubscriptions(server, hub, source);
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
