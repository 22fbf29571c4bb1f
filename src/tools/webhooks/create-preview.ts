import type { Webhook, WebhookEvent } from '../../client/operations/webhooks.ts';
import { readCampaignNames } from '../campaigns/campaign-names.ts';
import type { ToolContext } from '../define.ts';
import { inline, type Preview, SHOWN_ROWS } from '../preview.ts';
import { fewWarnings, titled } from '../preview-lines.ts';
import { readRows } from '../read-rows.ts';
import { isWorkspaceWide } from './webhook-fields.ts';
import {
  addressWarnings,
  contentsOf,
  hostOf,
  plainAddress,
  showAddress,
  showEvent,
  showWebhook,
} from './webhook-lines.ts';

const MOST_PAGES = 3;

interface Input {
  webhookName: string;
  webhookUrl: string;
  eventType: WebhookEvent;
  campaignIds?: number[] | undefined;
  customHeaders?: Record<string, string> | undefined;
}

/** Where which events would go, and what goes there already. Bound to the webhooks that are equal to the new one. */
export async function previewCreate(input: Input, context: ToolContext): Promise<Preview> {
  const { webhookUrl, eventType, campaignIds = [], customHeaders = {} } = input;
  const [{ equal, isAll, read }, campaigns] = await Promise.all([
    readEqual(input, context),
    readCampaignNames(campaignIds, context),
  ]);
  const host = hostOf(webhookUrl);
  const name = inline(input.webhookName);
  const headers = Object.keys(customHeaders);
  return {
    question: `Create the webhook "${name}", so that HeyReach sends data of the workspace to ${host}?`,
    lines: [
      `Address: ${showAddress(webhookUrl)}`,
      `Host that gets the data: ${host}`,
      `Called each time ${showEvent(eventType)}`,
      ...(campaignIds.length === 0
        ? [`Campaigns: all${isWorkspaceWide(eventType) ? ', since the event is about the whole workspace' : ''}`]
        : titled('Campaigns', campaignIds.map(campaigns.lineOf))),
      `Custom headers sent along, values not shown: ${headers.join(', ') || 'none'}`,
    ],
    warnings: [
      `This leaves the workspace for ${host}: ${contentsOf(eventType)}.`,
      ...addressWarnings(webhookUrl),
      ...fewWarnings(
        equal.map(
          (webhook) =>
            `A webhook with the same address and event exists: ${showWebhook(webhook, webhook.id ?? 0).line}. HeyReach calls the address once for each that is on.`,
        ),
      ),
      ...(isAll ? [] : [`Only the first ${read} webhooks were looked at for equal ones.`]),
      ...campaigns.warnings,
    ],
    facts: {
      webhookName: name,
      webhookUrl: showAddress(webhookUrl),
      host,
      eventType,
      ...(campaignIds.length === 0
        ? { campaignIds: 'all' }
        : { campaignIds: campaignIds.slice(0, SHOWN_ROWS), campaigns: campaignIds.length }),
      customHeaderNames: headers,
      equalWebhookIds: idsOf(equal).slice(0, SHOWN_ROWS),
    },
    binds: { equal: idsOf(equal) },
  };
}

function idsOf(webhooks: readonly Webhook[]): number[] {
  return webhooks.map(({ id }) => id ?? 0).toSorted((a, b) => a - b);
}

/** Webhooks with the same address and event, among the first some hundred of the workspace. */
async function readEqual({ webhookUrl, eventType }: Input, { client, call }: ToolContext) {
  const { rows, isAll } = await readRows(
    (page) => client.webhooks.getAll({ ...page, includeCustomHeaders: false }, call),
    { mostPages: MOST_PAGES },
  );
  const address = plainAddress(webhookUrl);
  const equal = rows.filter((one) => one.eventType === eventType && plainAddress(one.webhookUrl) === address);
  return { equal, isAll, read: rows.length };
}
