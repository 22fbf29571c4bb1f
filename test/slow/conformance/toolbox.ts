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
import { type McpRequest, Toolbox } from '../../../src/mcp/toolbox.ts';

const requests = new AsyncLocalStorage<ServerContext>();

/** The request of a fixture, as the SDK has it. The suite needs it, and no tool of the product does. */
export function request(): ServerContext['mcpReq'] {
  const context = requests.getStore();
  if (context === undefined) throw new Error('this tool is only called through the toolbox of fixtures');
  return context.mcpReq;
}

/** The answer of a fixture that no tool of the product can give: content that is not text, or questions of any kind. */
export type Lifted = { content: CallToolResult['content'] } | { inputRequests: InputRequests; requestState?: string };

/**
 * Calls tools as the product does, including arguments, deadline, log and errors. It then converts their answers to the
 * forms that only the suite requires.
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
