import type { CallToolResult } from '@modelcontextprotocol/server';
import { Changes } from '../../src/changes.ts';
import { createMemoryStore, type HeyReachClient } from '../../src/client/index.ts';
import { Confirmations, type Seal, spentIn } from '../../src/safety/confirmations.ts';
import { type Safety, sendsIn } from '../../src/safety/safety.ts';
import { isQuestion } from '../../src/tools/asking.ts';
import type { Caller } from '../../src/tools/context.ts';
import type { Tool } from '../../src/tools/define.ts';
import { runTool } from '../../src/tools/run.ts';

/** Seals nothing, and takes no time of the real clock; the real ones are tried on the built program. */
export const openSeal: Seal = {
  mint: async (payload) => JSON.stringify(payload),
  async verify(text) {
    const payload: unknown = JSON.parse(text);
    if (typeof payload !== 'object' || payload === null) throw new Error('malformed');
    return payload;
  },
};

/** What guards the calls of a server that is not the built program: without a trail, and with caps nobody reaches. */
export function openSafety(confirm: 'ask' | 'off' = 'off', caps = { perKey: 10_000, perSender: 10_000 }): Safety {
  const store = createMemoryStore();
  return {
    confirm,
    askMs: 1_000,
    confirmations: new Confirmations({ token: openSeal, state: openSeal }, spentIn(store)),
    sendsOf: sendsIn(store, caps),
    audit: undefined,
  };
}

const log = { debug() {}, info() {}, warn() {}, error() {} };

/** Runs a tool on a client of the test's own, for a caller that cannot be asked. */
export async function answerTool(
  tool: Tool,
  args: unknown,
  client: HeyReachClient,
  { confirm = 'off', toolMs = 54_000 }: { confirm?: 'ask' | 'off'; toolMs?: number } = {},
): Promise<CallToolResult> {
  const caller: Caller = {
    client,
    organization: client,
    source: 'live',
    log,
    safety: openSafety(confirm),
    changes: new Changes(),
    toolMs,
  };
  const request = { arguments: args, signal: new AbortController().signal, asking: { way: 'token' as const } };
  const answered = await runTool(tool, request, caller);
  if (isQuestion(answered)) throw new Error('a client that cannot be asked was asked');
  return answered;
}
