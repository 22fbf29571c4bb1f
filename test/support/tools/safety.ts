import type { CallToolResult } from '@modelcontextprotocol/server';
import type { HeyReachClient } from '../../../src/client/index.ts';
import { isInputRequest } from '../../../src/mcp/confirmation/types.ts';
import type { RequestContext } from '../../../src/mcp/request-context.ts';
import { runTool } from '../../../src/mcp/run-tool.ts';
import { ChangeEvents } from '../../../src/mcp/services/change-events.ts';
import type { Tool } from '../../../src/mcp/tool.ts';
import { ConfirmationTokens, type TokenSigner } from '../../../src/safety/confirmation-tokens.ts';
import type { ConfirmSetting, Safety } from '../../../src/safety/index.ts';
import { sendsIn } from '../../../src/safety/send-guard.ts';
import { confirmationsInMemory } from '../../../src/state/memory/confirmations.ts';
import { sendsInMemory } from '../../../src/state/memory/sends.ts';
import { files } from './caller-files.ts';
import { hiddenJobs } from './jobs.ts';

/** Signs nothing, and takes no time of the real clock. The tests of the built program use the real signatures. */
export const openSeal: TokenSigner = {
  sign: async (payload) => JSON.stringify(payload),
  async verify(text) {
    const payload: unknown = JSON.parse(text);
    if (typeof payload !== 'object' || payload === null) throw new Error('malformed');
    return payload;
  },
};

/** The safety services of a server in this process: no audit log, and caps that no test reaches. */
export function openSafety(confirm: ConfirmSetting = 'off', caps = { perKey: 10_000, perSender: 10_000 }): Safety {
  return {
    confirm,
    askMs: 1_000,
    confirmations: new ConfirmationTokens({ token: openSeal, state: openSeal }, confirmationsInMemory()),
    sendsOf: sendsIn(sendsInMemory(), caps),
    audit: undefined,
  };
}

const log = { debug() {}, info() {}, warn() {}, error() {} };

/** Runs a tool with a client of the test, for a caller without elicitation. */
export async function answerTool(
  tool: Tool,
  args: unknown,
  client: HeyReachClient,
  { confirm = 'off', toolMs = 54_000 }: { confirm?: ConfirmSetting; toolMs?: number } = {},
): Promise<CallToolResult> {
  const caller: RequestContext = {
    client,
    organization: client,
    source: 'live',
    log,
    safety: openSafety(confirm),
    jobs: hiddenJobs,
    files,
    changes: new ChangeEvents(),
    toolMs,
  };
  const request = { arguments: args, signal: new AbortController().signal, elicitation: { channel: 'token' as const } };
  const answered = await runTool(tool, request, caller);
  if (isInputRequest(answered)) throw new Error('a client that cannot be asked was asked');
  return answered;
}
