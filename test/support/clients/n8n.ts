import { CompatibilityCallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { recordOutput } from '../programs/output.ts';
import type { ToolResult } from './clients.ts';
import { loadOldSdk, type OldClientKind } from './old-sdks.ts';

export interface N8nTool {
  name: string;
  inputSchema: { properties?: Record<string, object>; required?: string[]; additionalProperties?: unknown };
}

/** A node of n8n with its credential: an HTTP header. */
export interface N8nNode {
  url: string;
  headers?: Record<string, string>;
  /** The SDK of the node: that of n8n in 2025, or a later one. */
  sdk?: OldClientKind;
}

/** The timeout of n8n, unless its node has another one. */
const TIMEOUT_MS = 60_000;
let calls = 0;

/** The fields that the chat trigger and the agent add to the arguments of a call. Each call has its own id. */
export function addedByN8n(): Record<string, string> {
  calls += 1;
  return {
    sessionId: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
    action: 'sendMessage',
    chatInput: 'How are my campaigns doing?',
    toolCallId: `call_made_up_${calls}`,
  };
}

/**
 * One execution of the node: it opens a new connection, declares no capabilities, and closes the connection at the end.
 */
export async function execute<Result>(
  { url, headers = {}, sdk = 'v1.23' }: N8nNode,
  work: (client: N8nClient) => Promise<Result>,
): Promise<Result> {
  const { Client, Http } = await loadOldSdk(sdk);
  const client = new Client({ name: '@n8n/n8n-nodes-langchain.mcpClientTool', version: '1.2' }, { capabilities: {} });
  const transport = new Http(new URL(url), { requestInit: { headers } });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  try {
    return await work({
      async tools() {
        const tools: N8nTool[] = [];
        let cursor: string | undefined;
        do {
          const page = await client.listTools(cursor === undefined ? {} : { cursor });
          tools.push(...(page.tools as N8nTool[]));
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        return tools;
      },
      async call(name, ...args) {
        const params = args.length === 0 ? { name } : { name, arguments: args[0] as Record<string, unknown> };
        const result = await client.callTool(params, CompatibilityCallToolResultSchema, { timeout: TIMEOUT_MS });
        recordOutput(JSON.stringify(result));
        return result as unknown as ToolResult;
      },
    });
  } finally {
    await client.close();
  }
}

export interface N8nClient {
  /** All tools, page after page. */
  tools(): Promise<N8nTool[]>;
  /** Without a second argument the call has no `arguments` field. */
  call(name: string, args?: unknown): Promise<ToolResult>;
}
