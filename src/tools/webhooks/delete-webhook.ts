import { z } from 'zod';
import { HeyReachError } from '../../client/index.ts';
import { defineTool } from '../define.ts';
import { id } from '../fields.ts';
import { previewDelete } from './delete-preview.ts';

export const deleteWebhook = defineTool({
  name: 'delete_webhook',
  title: 'Delete a webhook',
  description: 'Deletes a webhook for good. To stop its deliveries for a while use update_webhook with isActive false.',
  toolset: 'webhooks',
  kind: 'destructive',
  repeat: 'same',
  asks: 'yes',
  input: { webhookId: id('Webhook id') },
  preview: previewDelete,
  output: z.looseObject({ webhookId: z.number(), deleted: z.boolean() }),
  async readBack({ webhookId }, { client, call }) {
    try {
      await client.webhooks.getById({ webhookId }, call);
      return undefined;
    } catch (error) {
      if (error instanceof HeyReachError && error.kind === 'not_found') return { data: { webhookId, deleted: true } };
      throw error;
    }
  },
  async run({ webhookId }, { client, call }) {
    await client.webhooks.delete({ webhookId }, call);
    return { data: { webhookId, deleted: true } };
  },
});
