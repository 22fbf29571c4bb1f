import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import type { CallToolResult, McpServerFactory } from '@modelcontextprotocol/server';
import * as z from 'zod';

const { values } = parseArgs({
  options: { transport: { type: 'string', default: 'stdio' }, tools: { type: 'string', default: '1' } },
});

export const SERVER_INFO = { name: 'skeleton', version: '1.0.0' };

/** Made once, as a careful author would. The first definition has the name of the called tool. */
export const tools = Array.from({ length: Number(values.tools) }, (_, index) => ({
  name: index === 0 ? 'get_campaign' : `get_campaign_${index}`,
  title: `Get a campaign, number ${index}`,
  description: 'One campaign: status, senders, list, progress counts and exclusions.',
  input: z.object({
    campaignId: z.number().int().positive().describe('Campaign id'),
    keyword: z.string().max(500).optional().describe('Part of the name'),
    limit: z.number().int().min(1).max(100).default(20).describe('Rows to return'),
    detail: z.enum(['compact', 'full']).default('compact').describe('full: every field, unclipped'),
  }),
}));

/** Loaded with the first call, as our server does. */
let undici: Promise<typeof import('undici')> | undefined;

/** Makes one request to HeyReach, and returns its answer as structure and text. */
export async function getCampaign({ campaignId }: { campaignId: number }): Promise<CallToolResult> {
  undici ??= import('undici');
  const { request } = await undici;
  const { HEYREACH_BASE_URL = '', HEYREACH_API_KEY = '' } = process.env;
  const { statusCode, body } = await request(
    `${HEYREACH_BASE_URL}/api/public/campaign/GetById?campaignId=${campaignId}`,
    { headers: { 'x-api-key': HEYREACH_API_KEY, accept: 'application/json' } },
  );
  const structuredContent = (await body.json()) as Record<string, unknown>;
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
  return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
}

/** Serves as the documents of the SDK show it. */
export async function serve(factory: McpServerFactory): Promise<void> {
  if (values.transport === 'stdio') {
    const { serveStdio } = await import('@modelcontextprotocol/server/stdio');
    serveStdio(factory);
    return;
  }
  const { createMcpHandler } = await import('@modelcontextprotocol/server');
  const { localhostHostValidation, localhostOriginValidation, toNodeHandler } = await import(
    '@modelcontextprotocol/node'
  );
  const handle = toNodeHandler(createMcpHandler(factory));
  const isHostAllowed = localhostHostValidation();
  const isOriginAllowed = localhostOriginValidation();
  const server = createServer((request, response) => {
    if (!isHostAllowed(request, response) || !isOriginAllowed(request, response)) return;
    void handle(request as Parameters<typeof handle>[0], response);
  });
  server.listen(0, '127.0.0.1', () => {
    console.error(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
  });
}
