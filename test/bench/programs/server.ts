// A server on the SDK's low-level Server: definitions and handlers made once, arguments checked by zod.
import { type ListToolsResult, Server } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { getCampaign, SERVER_INFO, serve, tools } from './skeleton.ts';

const byName = new Map(tools.map((tool) => [tool.name, tool]));
const definitions = tools.map(({ name, title, description, input }) => ({
  name,
  title,
  description,
  inputSchema: z.toJSONSchema(input, { io: 'input' }),
})) as ListToolsResult['tools'];

await serve(() => {
  const server = new Server(SERVER_INFO, { capabilities: { tools: { listChanged: false } } });
  server.setRequestHandler('tools/list', () => ({ tools: definitions }));
  server.setRequestHandler('tools/call', ({ params }) => {
    const tool = byName.get(params.name);
    if (tool === undefined) throw new Error(`Unknown tool: ${params.name}`);
    return getCampaign(tool.input.parse(params.arguments ?? {}));
  });
  return server;
});
