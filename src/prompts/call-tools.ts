import { type PromptMessage, ProtocolError, ProtocolErrorCode, type ServerContext } from '@modelcontextprotocol/server';
import { CHECK_ROUTE } from '../client/index.ts';
import { quoteName } from '../lib/outside-text.ts';
import { isInputRequest } from '../mcp/confirmation/types.ts';
import { notifierOf, type RequestContext } from '../mcp/request-context.ts';
import { type ErrorBody, NO_KEY_TEXT } from '../mcp/results/tool-result.ts';
import { runTool } from '../mcp/run-tool.ts';
import type { CallTool, PromptCall } from './types.ts';

const MAX_ERROR = 300;

/**
 * Calls tools for a prompt with the caller's key, through the code of `tools/call`.
 * @param deadline of the prompt, in ms since the epoch. All its calls share it.
 * @throws ProtocolError -32602 for an id that does not exist, -32600 without a key.
 */
export function toolCaller({ mcpReq }: ServerContext, context: RequestContext, deadline: number): CallTool {
  const { signal } = mcpReq;
  const notify = notifierOf(mcpReq);
  return async (tool, args) => {
    const request = { arguments: args, signal, notify, elicitation: { channel: 'token' as const } };
    const result = await runTool(tool, request, { ...context, toolMs: deadline - Date.now() });
    if (isInputRequest(result)) throw new TypeError(`${tool.name} is no read`);
    const { content, structuredContent = {} } = result;
    const { error, ...structure } = structuredContent as { error?: ErrorBody };
    if (error?.kind === 'no_key') throw new ProtocolError(ProtocolErrorCode.InvalidRequest, NO_KEY_TEXT);
    // A route that is missing is a failure of HeyReach, not a wrong id.
    if (error?.kind === 'not_found' && error.nextStep !== CHECK_ROUTE) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${error.message} ${error.nextStep}`, { error });
    }
    const text = content[0]?.type === 'text' ? content[0].text : '';
    return { tool: tool.name, arguments: args, structure, text, error };
  };
}

/** The result of a call as an embedded resource: the JSON text that the tool returns. Nothing for a failed call. */
export function toMessages({ tool, arguments: args, text, error }: PromptCall): PromptMessage[] {
  if (error !== undefined) return [];
  const query = new URLSearchParams(
    Object.entries(args).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const resource = { uri: `heyreach://tools/${tool}?${query}`, mimeType: 'application/json', text };
  return [{ role: 'user', content: { type: 'resource', resource } }];
}

/** Says what is missing above: the result of a failed call, or parts of a result. */
export function toNotices({ tool, arguments: args, structure, error }: PromptCall): string[] {
  if (error !== undefined) {
    return [
      `${tool} failed, so its result is not above. The error: ${quoteName(error.message, MAX_ERROR)}. Call ${tool} with ${JSON.stringify(args)}. If it fails again, say so.`,
    ];
  }
  const { job } = structure as { job?: { id?: unknown } };
  if (job !== undefined) {
    return [
      `${tool} goes on as a job, so its result is not above. Wait for it with get_job (jobId ${String(job.id)}), and use its field result.`,
    ];
  }
  if (structure.incomplete === undefined) return [];
  return [`${tool} could not read everything. Its field incomplete says what is missing, and so must the answer.`];
}
