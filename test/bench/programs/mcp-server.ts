// A server as most authors write it: McpServer, with schemas made once.
import { McpServer } from '@modelcontextprotocol/server';
import { getCampaign, SERVER_INFO, serve, tools } from './skeleton.ts';

await serve(() => {
  const server = new McpServer(SERVER_INFO);
  for (const { name, title, description, input } of tools) {
    server.registerTool(name, { title, description, inputSchema: input }, getCampaign);
  }
  return server;
});
