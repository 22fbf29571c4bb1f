import { webhook } from '../../client/operations/webhooks.ts';
import { defineTool } from '../define.ts';
import { flag, paging } from '../fields.ts';
import { pageAnswer, pageOutput } from '../page.ts';
import { maskWebhook } from './webhook-fields.ts';

export const listWebhooks = defineTool({
  name: 'list_webhooks',
  title: 'List webhooks',
  description: 'The webhooks of the workspace: address, event, campaigns, on or off. Header values are masked.',
  toolset: 'webhooks',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { includeCustomHeaders: flag('Show header names, values masked').default(false), ...paging() },
  output: pageOutput(webhook),
  async run({ includeCustomHeaders, offset, limit }, { client, call }) {
    const page = await client.webhooks.getAll({ offset, limit, includeCustomHeaders }, call);
    return pageAnswer(page, offset, maskWebhook);
  },
});
