import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type CallToolRequest,
  type CallToolResult,
  type InputRequests,
  type InputRequiredResult,
  inputRequired,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { isRecord } from '../../../src/lib/json.ts';
import type { RequestContext } from '../../../src/mcp/request-context.ts';
import { type McpRequest, Toolbox } from '../../../src/server.ts';

const requests = new AsyncLocalStorage<ServerContext>();

/** The request that a fixture answers, as the SDK knows it: what the suite wants of it, no tool of the product needs. */
export function request(): ServerContext['mcpReq'] {
  const context = requests.getStore();
  if (context === undefined) throw new Error('this tool is only called through the toolbox of fixtures');
  return context.mcpReq;
}

/** What a fixture answers where the product has no form for it: content that is no text, questions of any kind. */
export type Lifted = { content: CallToolResult['content'] } | { inputRequests: InputRequests; requestState?: string };

/**
 * Calls tools as the product does, arguments, deadline, log and errors included, and gives what they answer the forms that
 * only the suite asks for.
 */
export class FixtureToolbox extends Toolbox {
  override async call(
    params: CallToolRequest['params'],
    asker: McpRequest,
    caller: RequestContext,
  ): Promise<CallToolResult | InputRequiredResult> {
    const answered = await requests.run(asker.context, () => super.call(params, asker, caller));
    const { structuredContent } = answered as CallToolResult;
    if (!isRecord(structuredContent)) return answered;
    const lifted = structuredContent as Partial<Lifted>;
    if ('content' in lifted) return { ...answered, content: lifted.content! };
    if ('inputRequests' in lifted) return inputRequired(lifted as Parameters<typeof inputRequired>[0]);
    return answered;
  }
}
