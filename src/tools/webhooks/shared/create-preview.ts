import type { Webhook, WebhookEvent } from '../../../client/operations/webhooks.ts';
import { quoteName } from '../../../lib/outside-text.ts';
import { readAllPages } from '../../../lib/read-pages.ts';
import { inline, SHOWN_ROWS } from '../../../lib/text-format.ts';
import { fewWarnings, type Preview, titled } from '../../../mcp/confirmation/preview.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import { readCampaignNames } from './campaign-names.ts';
import { isWorkspaceWide } from './webhook-fields.ts';
import {
  addressFact,
  addressWarnings,
  contentsOf,
  hostOf,
  plainAddress,
  showAddress,
  showEvent,
  showHeaders,
  showHost,
  showWebhook,
} from './webhook-lines.ts';

const MAX_PAGES = 3;

interface WebhookInput {
  webhookName: string;
  webhookUrl: string;
  eventType: WebhookEvent;
  campaignIds?: number[] | undefined;
  customHeaders?: Record<string, string> | undefined;
}

/** Shows which events would go where, and existing equal webhooks. Bound to the set of equal webhooks. */
export async function previewCreate(input: WebhookInput, context: ToolContext): Promise<Preview> {
  const { webhookUrl, eventType, campaignIds = [], customHeaders = {} } = input;
  const [{ equal, isAll, read }, campaigns] = await Promise.all([
    readEqual(input, context),
    readCampaignNames(campaignIds, context),
  ]);
  const host = showHost(webhookUrl);
  const headers = Object.keys(customHeaders);
  return {
    question: `Create the webhook ${quoteName(input.webhookName) || 'without a name'}, which sends workspace data to ${host}?`,
    lines: [
      `Address: ${showAddress(webhookUrl)}`,
      `Host that gets the data: ${host}`,
      `Called each time ${showEvent(eventType)}`,
      ...(campaignIds.length === 0
        ? [`Campaigns: all${isWorkspaceWide(eventType) ? ', because the event covers the whole workspace' : ''}`]
        : titled('Campaigns', campaignIds.map(campaigns.lineOf))),
      `Custom headers sent along, values not shown: ${showHeaders(headers)}`,
    ],
    warnings: [
      `This data leaves the workspace for ${host}: ${contentsOf(eventType)}.`,
      ...addressWarnings(webhookUrl),
      ...fewWarnings(
        equal.map(
          (webhook) =>
            `A webhook with the same address and event exists: ${showWebhook(webhook, webhook.id ?? 0).line}. HeyReach calls the address once for each webhook that is on.`,
        ),
      ),
      ...(isAll ? [] : [`Only the first ${read} webhooks were checked for equal ones.`]),
      ...campaigns.warnings,
    ],
    facts: {
      webhookName: inline(input.webhookName),
      webhookUrl: addressFact(webhookUrl),
      host: hostOf(webhookUrl),
      eventType,
      ...(campaignIds.length === 0
        ? { campaignIds: 'all' }
        : { campaignIds: campaignIds.slice(0, SHOWN_ROWS), campaigns: campaignIds.length }),
      customHeaderNames: headers,
      equalWebhookIds: idsOf(equal).slice(0, SHOWN_ROWS),
    },
    boundState: { equal: idsOf(equal) },
  };
}

function idsOf(webhooks: readonly Webhook[]): number[] {
  return webhooks.map(({ id }) => id ?? 0).toSorted((a, b) => a - b);
}

/** Webhooks with the same address and event, among the first 300 of the workspace. */
async function readEqual({ webhookUrl, eventType }: WebhookInput, { client, call }: ToolContext) {
  const { rows, isAll } = await readAllPages(
    (page) => client.webhooks.getAll({ ...page, includeCustomHeaders: false }, call),
    { maxPages: MAX_PAGES },
  );
  const address = plainAddress(webhookUrl);
  const equal = rows.filter((row) => row.eventType === eventType && plainAddress(row.webhookUrl) === address);
  return { equal, isAll, read: rows.length };
}
