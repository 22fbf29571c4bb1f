import type { Programs } from './build.ts';
import { startListening } from './children.ts';
import { type Era, httpRequest, type Load } from './http.ts';
import { type StdioServer, startStdioServer } from './stdio.ts';

/** The servers that ours is compared with. */
export const SKELETONS = ['McpServer', 'Server'] as const;
export const SERVERS = ['ours', ...SKELETONS] as const;
/** `larger` is ours with more tools. */
export type ServerName = (typeof SERVERS)[number] | 'larger';

export const IN_FLIGHT = 64;
export const CONNECTIONS = 16;
const CALL = { name: 'get_campaign', arguments: { campaignId: 600001 } };
/** Appears unescaped only in the structured content of a result. */
const IN_STRUCTURE = '"linkedInUserListName":"';

/** Makes the call. @throws Error when the result is not the campaign. */
export async function callOver(server: StdioServer): Promise<void> {
  const line = await server.request('tools/call', CALL);
  if (!line.includes(IN_STRUCTURE)) throw new Error(`not a campaign: ${line}`);
}

/** A load of calls. */
export function callsOf(era: Era, requests: number): Omit<Load, 'url'> {
  const request = httpRequest(era, 'tools/call', CALL);
  return { ...request, expected: IN_STRUCTURE, connections: CONNECTIONS, requests };
}

/** Starts the servers, all with the same HeyReach. */
export class Field {
  readonly env: Record<string, string>;
  readonly #programs: Programs;
  #tools = 0;

  constructor(programs: Programs, upstream: string) {
    this.#programs = programs;
    this.env = { HEYREACH_BASE_URL: upstream, HEYREACH_API_KEY: 'made-up-key-of-the-bench' };
  }

  /** Counts our tools. The skeletons get the same number. */
  async countTools(): Promise<void> {
    const ours = await this.stdio('ours');
    const { result } = JSON.parse(await ours.request('tools/list', {})) as { result: { tools: unknown[] } };
    this.#tools = result.tools.length;
    await ours.stop();
  }

  stdio(name: ServerName): Promise<StdioServer> {
    return startStdioServer(this.#args(name), this.env);
  }

  /** @param env is added to that of the other servers. */
  http(name: ServerName, env: Record<string, string> = {}) {
    const port = name === 'ours' || name === 'larger' ? ['--port', '0'] : [];
    return startListening([...this.#args(name), '--transport', 'http', ...port], { ...this.env, ...env });
  }

  #args(name: ServerName): string[] {
    const { unlimited, larger, mcpServer, server } = this.#programs;
    if (name === 'ours') return [unlimited, '--confirm', 'off'];
    if (name === 'larger') return [larger, '--confirm', 'off'];
    return [name === 'McpServer' ? mcpServer : server, '--tools', String(this.#tools)];
  }
}
