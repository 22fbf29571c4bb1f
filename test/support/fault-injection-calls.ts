import { connectStdio, type McpPeer } from './clients.ts';
import type { Faulty } from './fault-injection.ts';
import { TEST_KEY, TEST_ORGANIZATION_KEY } from './keys.ts';

export const RETRY_CLASSES = ['safe', 'idempotent', 'never'] as const;
export type RetryClass = (typeof RETRY_CLASSES)[number];

/** A call of each retry class that is one request if all goes well. */
export const CALLS: Record<RetryClass, [tool: string, args: Record<string, unknown>]> = {
  safe: ['list_lists', {}],
  idempotent: ['add_lead_tags', { leadProfileUrl: 'https://www.linkedin.com/in/ada-example', tags: ['made-up'] }],
  never: ['create_list', { name: 'Made by a test' }],
};

/** What a caller was told, and how long it took. */
export interface Told {
  error: Record<string, unknown> | undefined;
  /** The structure of a success. */
  data: Record<string, unknown> | undefined;
  text: string;
  ms: number;
}

/** Calls a tool and takes the time. */
export async function callTool(peer: McpPeer, [name, args]: [string, Record<string, unknown>]): Promise<Told> {
  const began = performance.now();
  const result = await peer.callTool(name, args);
  const ms = performance.now() - began;
  const error = result.structuredContent?.error as Told['error'];
  const data = result.isError === true ? undefined : result.structuredContent;
  return { error, data, text: result.content.map(({ text }) => text).join('\n'), ms };
}

/**
 * The built program in front of this HeyReach, with every toolset. Nothing is asked.
 * @param seconds for a call, if not 55.
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

/** One call by a program of its own, which is ended with its HeyReach. */
export async function callAlone(faulty: Faulty, retryClass: RetryClass, seconds?: number) {
  const peer = await startBefore(faulty.url, seconds);
  try {
    const told = await callTool(peer, CALLS[retryClass]);
    return { ...told, attempts: await attemptsOf(peer), requests: faulty.requests() };
  } finally {
    // A request that is not aborted would keep the program alive.
    await faulty.close();
    await peer.close();
  }
}

/** How each attempt of the one call there was ended, as the log has it. */
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
