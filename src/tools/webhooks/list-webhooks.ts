import { webhook } from '../../client/operations/webhooks.ts';
import { offFlag, paging } from '../../mcp/arguments/fields.ts';
import { pageOutput, pageResult } from '../../mcp/results/page.ts';
import { defineTool } from '../../mcp/tool.ts';
import { maskWebhook } from './shared/webhook-fields.ts';

export const listWebhooks = defineTool({
  name: 'list_webhooks',
  title: 'List webhooks',
  description: 'Lists the webhooks of the workspace with URL, event, campaigns and state. Header values are masked.',
  toolset: 'webhooks',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({ includeCustomHeaders: offFlag('Show header names, values masked'), ...paging() }),
  output: () => pageOutput(webhook()),
  async run({ includeCustomHeaders, offset, limit }, { client, call }) {
    const page = await client.webhooks.getAll({ offset, limit, includeCustomHeaders }, call);
    return pageResult(page, offset, maskWebhook);
  },
});
