import type { Webhook, WebhookEvent } from '../../../client/operations/webhooks.ts';
import { quoteName } from '../../../lib/outside-text.ts';
import { inline, SHOWN_ROWS } from '../../../lib/text-format.ts';
import { type Preview, titled } from '../../../mcp/confirmation/preview.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import { knownRejection } from '../../shared/known-rejection.ts';
import { type CampaignNames, readCampaignNames } from './campaign-names.ts';
import { isWorkspaceWide } from './webhook-fields.ts';
import {
  addressFact,
  addressWarnings,
  boundStateOf,
  contentsOf,
  headerNames,
  hostOf,
  showAddress,
  showEvent,
  showHeaders,
  showHost,
  showWebhook,
  switchedLine,
} from './webhook-lines.ts';

interface WebhookChanges {
  webhookName?: string | undefined;
  webhookUrl?: string | undefined;
  eventType?: WebhookEvent | undefined;
  campaignIds?: number[] | undefined;
  isActive?: boolean | undefined;
  customHeaders?: Record<string, string> | undefined;
}

/** Shows data, host and events before and after. undefined when the change sends no more data than now. */
export async function previewUpdate(
  { webhookId, ...changes }: WebhookChanges & { webhookId: number },
  context: ToolContext,
): Promise<Preview | undefined> {
  const { webhookUrl, campaignIds, customHeaders } = changes;
  // Switching a webhook off must work even when HeyReach cannot be read.
  if (isHarmless(changes)) return undefined;
  // The response contains the header values too, so headers are read only when their names matter.
  const includeCustomHeaders = webhookUrl !== undefined || customHeaders !== undefined ? true : undefined;
  const before = await context.client.webhooks.getById({ webhookId, includeCustomHeaders }, context.call);
  if (!sendsMore(before, changes)) return undefined;
  const defined = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const after: Webhook = { ...before, ...defined };
  const names = await readCampaignNames([...new Set([...(before.campaignIds ?? []), ...(campaignIds ?? [])])], context);
  const { title, line, facts } = showWebhook(before, webhookId);
  const host = showHost(after.webhookUrl);
  assertCampaigns(after);
  return {
    question:
      after.isActive === false
        ? `Change the webhook ${title}, which is then switched off?`
        : `Change the webhook ${title}, which then sends workspace data to ${host}?`,
    lines: [
      `Webhook: ${line}`,
      `Host that gets the data: ${sideBySide(showHost(before.webhookUrl), host)}`,
      ...changeLines(before, after, changes),
      ...campaignLines(before, after, names),
    ],
    warnings: warningsOf(before, after, changes).concat(names.warnings),
    facts: {
      webhook: facts,
      before: shortFacts(before, changes),
      after: { host: hostOf(after.webhookUrl), ...shortFacts(after, changes) },
    },
    boundState: boundStateOf(before),
  };
}

/** True when the change needs no confirmation, whatever the current state is. */
function isHarmless({ webhookName: _, isActive, ...rest }: WebhookChanges): boolean {
  return isActive !== true && Object.values(rest).every((value) => value === undefined);
}

/** Whether more or other data would leave the workspace, or go to another address. */
function sendsMore(
  before: Webhook,
  { webhookUrl, eventType, campaignIds, isActive, customHeaders }: WebhookChanges,
): boolean {
  return (
    customHeaders !== undefined ||
    (webhookUrl !== undefined && webhookUrl !== before.webhookUrl) ||
    (eventType !== undefined && eventType !== before.eventType) ||
    (isActive === true && before.isActive !== true) ||
    (campaignIds !== undefined && !isWithin(campaignIds, before.campaignIds))
  );
}

/** An empty or null list means all campaigns. undefined means that HeyReach did not return it. */
function isWithin(requested: readonly number[], current: readonly number[] | null | undefined): boolean {
  if (current === undefined) return false;
  if (current === null || current.length === 0) return true;
  return requested.length > 0 && requested.every((id) => current.includes(id));
}

function sideBySide(before: string, after: string): string {
  return before === after ? `${after}, unchanged` : `${before} → ${after}`;
}

function changeLines(before: Webhook, after: Webhook, changes: WebhookChanges): string[] {
  const headers = (webhook: Webhook) => showHeaders(headerNames(webhook));
  const when = (change: unknown, line: () => string) => (change === undefined ? [] : [line()]);
  return [
    ...when(
      changes.webhookName,
      () => `Name: ${sideBySide(quoteName(before.webhookName) || 'none', quoteName(after.webhookName) || 'none')}`,
    ),
    ...when(
      changes.webhookUrl,
      () => `Address: ${sideBySide(showAddress(before.webhookUrl), showAddress(after.webhookUrl))}`,
    ),
    `Called each time: ${sideBySide(showEvent(before.eventType), showEvent(after.eventType))}`,
    ...when(
      changes.eventType,
      () => `Data it gets: ${sideBySide(contentsOf(before.eventType), contentsOf(after.eventType))}`,
    ),
    ...when(
      changes.isActive,
      () => `State: ${sideBySide(switchedLine(before.isActive), switchedLine(after.isActive))}`,
    ),
    ...when(
      changes.customHeaders ?? changes.webhookUrl,
      () => `Custom headers sent along, values not shown: ${sideBySide(headers(before), headers(after))}`,
    ),
  ];
}

function campaignLines(before: Webhook, after: Webhook, { lineOf }: CampaignNames): string[] {
  const block = (title: string, { campaignIds }: Webhook) => {
    if (campaignIds === undefined) return [`${title}: HeyReach does not say`];
    return campaignIds === null || campaignIds.length === 0
      ? [`${title}: all`]
      : titled(title, campaignIds.map(lineOf));
  };
  if (before.campaignIds === after.campaignIds) return block('Campaigns, unchanged', before);
  return [...block('Campaigns before', before), ...block('Campaigns after', after)];
}

/** @throws HeyReachError `not_sent` if HeyReach would reject the campaigns of the webhook. */
function assertCampaigns({ eventType, campaignIds }: Webhook): void {
  if (!isWorkspaceWide(eventType) || (campaignIds ?? []).length === 0) return;
  throw knownRejection(
    `${eventType} covers the whole workspace, and the webhook is limited to campaigns. HeyReach rejects that`,
    'Call again with campaignIds as an empty list.',
  );
}

function warningsOf(before: Webhook, after: Webhook, changes: WebhookChanges): string[] {
  const host = showHost(after.webhookUrl);
  const keptHeaders = changes.customHeaders === undefined ? (headerNames(before) ?? []) : [];
  const remaining = new Set((headerNames(after) ?? []).map((name) => name.toLowerCase()));
  const dropped = (headerNames(before) ?? []).filter((name) => !remaining.has(name.toLowerCase()));
  const isElsewhere = changes.webhookUrl !== undefined && changes.webhookUrl !== before.webhookUrl;
  const warnings: [boolean, string][] = [
    [after.isActive !== false, `This data leaves the workspace for ${host}: ${contentsOf(after.eventType)}.`],
    [after.isActive === false, 'It is switched off afterwards. It sends nothing until it is switched on.'],
    [
      isElsewhere && keptHeaders.length > 0,
      `Its custom headers and their values also go to the new address: ${showHeaders(keptHeaders)}.`,
    ],
    [dropped.length > 0, `Custom headers that are lost: ${showHeaders(dropped)}.`],
  ];
  return [
    ...warnings.filter(([applies]) => applies).map(([, warning]) => warning),
    ...(isElsewhere ? addressWarnings(after.webhookUrl ?? '') : []),
  ];
}

/** The fields that the call changes. */
function shortFacts(webhook: Webhook, changes: WebhookChanges): Record<string, unknown> {
  const { webhookName, webhookUrl, eventType, campaignIds, isActive } = webhook;
  const all: Record<keyof WebhookChanges, unknown> = {
    webhookName: inline(webhookName),
    webhookUrl: addressFact(webhookUrl),
    eventType: eventType ?? null,
    campaignIds: campaignIds === undefined ? null : campaignIds?.length ? campaignIds.slice(0, SHOWN_ROWS) : 'all',
    isActive: isActive ?? null,
    customHeaders: headerNames(webhook) ?? null,
  };
  const changed = Object.entries(all).filter(([name]) => changes[name as keyof WebhookChanges] !== undefined);
  return Object.fromEntries(
    changed.map(([name, value]) => [name === 'customHeaders' ? 'customHeaderNames' : name, value]),
  );
}
