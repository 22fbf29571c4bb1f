import { connectStdio, type McpPeer } from '../clients/clients.ts';
import { TEST_KEY, TEST_ORGANIZATION_KEY } from '../runs/keys.ts';
import type { Faulty } from './fault-injection.ts';

export const RETRY_CLASSES = ['safe', 'idempotent', 'never'] as const;
export type RetryClass = (typeof RETRY_CLASSES)[number];

/** A call of each retry class that takes one request if nothing fails. */
export const CALLS: Record<RetryClass, [tool: string, args: Record<string, unknown>]> = {
  safe: ['list_lists', {}],
  idempotent: ['add_lead_tags', { leadProfileUrl: 'https://www.linkedin.com/in/ada-example', tags: ['made-up'] }],
  never: ['create_list', { name: 'Made by a test' }],
};

/** The result for the caller, and the duration. */
export interface Told {
  error: Record<string, unknown> | undefined;
  /** The structure of a success. */
  data: Record<string, unknown> | undefined;
  text: string;
  ms: number;
}

/** Calls a tool and measures the time. */
export async function callTool(peer: McpPeer, [name, args]: [string, Record<string, unknown>]): Promise<Told> {
  const began = performance.now();
  const result = await peer.callTool(name, args);
  const ms = performance.now() - began;
  const error = result.structuredContent?.error as Told['error'];
  const data = result.isError === true ? undefined : result.structuredContent;
  return { error, data, text: result.content.map(({ text }) => text).join('\n'), ms };
}

/**
 * The built program with this HeyReach and every toolset, without confirmations.
 * @param seconds the time limit of a call, if not 55.
 */
export function startBefore(url: string, seconds = 55, further: Record<string, string> = {}): Promise<McpPeer> {
  return connectStdio('v1', {
    args: ['--confirm', 'off', '--toolsets', 'default,legacy'],
    env: {
      HEYREACH_API_KEY: TEST_KEY,
      HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY,
      HEYREACH_BASE_URL: url,
      HEYREACH_TOOL_TIMEOUT_SECONDS: String(seconds),
      ...further,
    },
  });
}

/** Makes one call by a new program, and ends the program and its HeyReach. */
export async function callAlone(faulty: Faulty, retryClass: RetryClass, seconds?: number) {
  const peer = await startBefore(faulty.url, seconds);
  try {
    const told = await callTool(peer, CALLS[retryClass]);
    return { ...told, attempts: await attemptsOf(peer), requests: faulty.requests() };
  } finally {
    // An open request would keep the program alive.
    await faulty.close();
    await peer.close();
  }
}

/** The end of each attempt of the only call, from the log. */
async function attemptsOf(peer: McpPeer): Promise<string[]> {
  for (;;) {
    const line = peer
      .stderr()
      .split('\n')
      .find((text) => text.includes('"attempts":') && text.endsWith('}'));
    if (line !== undefined) return (JSON.parse(line) as { attempts: string[] }).attempts;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
