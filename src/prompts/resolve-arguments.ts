import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { type CallOptions, HeyReachError } from '../client/index.ts';
import { logOperation } from '../mcp/logging/log-operation.ts';
import type { RequestContext } from '../mcp/request-context.ts';
import { toProtocolError } from '../mcp/results/protocol-error.ts';
import { NO_KEY_TEXT } from '../mcp/results/tool-result.ts';
import type { Prompt, PromptArguments } from './types.ts';

/**
 * Replaces the names of campaigns and senders by their ids.
 * @throws ProtocolError -32602 for a name or id that fits nothing or several things, -32603 where a name cannot be looked up.
 */
export async function resolveArguments(
  { name: prompt, arguments: known }: Prompt,
  rawArguments: PromptArguments,
  context: RequestContext,
  options: CallOptions,
): Promise<PromptArguments> {
  const resolved: Record<string, string> = { ...rawArguments };
  for (const { name, find } of known) {
    const value = rawArguments[name];
    if (find === undefined || value === undefined) continue;
    const { client, log } = context;
    if (client === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidRequest, NO_KEY_TEXT);
    const line = { message: 'an argument was looked up', fields: { prompt, argument: name } };
    try {
      const resolution = await logOperation(log, line, (observe) =>
        find(value, { client, call: { ...options, observe } }),
      );
      if (!resolution.ok)
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${name} of ${prompt}: ${resolution.reason}`);
      resolved[name] = String(resolution.id);
    } catch (error) {
      if (!(error instanceof HeyReachError)) throw error;
      // The tools look an id up themselves.
      if (!/^\d+$/.test(value)) throw toProtocolError(`${name} of ${prompt}`, error, context);
    }
  }
  return resolved;
}
