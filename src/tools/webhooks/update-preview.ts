import type { Webhook, WebhookEvent } from '../../client/operations/webhooks.ts';
import { type CampaignNames, readCampaignNames } from '../campaigns/campaign-names.ts';
import type { ToolContext } from '../define.ts';
import { inline, type Preview, SHOWN_ROWS } from '../preview.ts';
import { titled } from '../preview-lines.ts';
import { isWorkspaceWide } from './webhook-fields.ts';
import {
  addressWarnings,
  bindsOf,
  contentsOf,
  headerNames,
  hostOf,
  showAddress,
  showEvent,
  showWebhook,
  switchedLine,
} from './webhook-lines.ts';

interface Changes {
  webhookName?: string | undefined;
  webhookUrl?: string | undefined;
  eventType?: WebhookEvent | undefined;
  campaignIds?: number[] | undefined;
  isActive?: boolean | undefined;
  customHeaders?: Record<string, string> | undefined;
}

/** What a webhook would send, and where, before and after; undefined where no more leaves the workspace than now. */
export async function previewUpdate(
  { webhookId, ...changes }: Changes & { webhookId: number },
  context: ToolContext,
): Promise<Preview | undefined> {
  const { webhookUrl, campaignIds, customHeaders } = changes;
  // Switching off must not hang on a read.
  if (isHarmless(changes)) return undefined;
  // With the headers comes what they hold, so they are read only where their names matter.
  const includeCustomHeaders = webhookUrl !== undefined || customHeaders !== undefined ? true : undefined;
  const before = await context.client.webhooks.getById({ webhookId, includeCustomHeaders }, context.call);
  if (!opens(before, changes)) return undefined;
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const after: Webhook = { ...before, ...given };
  const names = await readCampaignNames([...new Set([...(before.campaignIds ?? []), ...(campaignIds ?? [])])], context);
  const { title, line, facts } = showWebhook(before, webhookId);
  const host = hostOf(after.webhookUrl);
  return {
    question:
      after.isActive === false
        ? `Change the webhook ${title}, which is switched off then?`
        : `Change the webhook ${title}, so that HeyReach sends data of the workspace to ${host}?`,
    lines: [
      `Webhook: ${line}`,
      `Host that gets the data: ${sideBySide(hostOf(before.webhookUrl), host)}`,
      ...changeLines(before, after, changes),
      ...campaignLines(before, after, names),
    ],
    warnings: warningsOf(before, after, changes).concat(names.warnings),
    facts: { webhook: facts, before: shortFacts(before, changes), after: { host, ...shortFacts(after, changes) } },
    binds: bindsOf(before),
  };
}

/** True where no answer of HeyReach could make a question of it. */
function isHarmless({ webhookName: _, isActive, ...others }: Changes): boolean {
  return isActive !== true && Object.values(others).every((value) => value === undefined);
}

/** Whether more, or something else, would leave the workspace than now, or go elsewhere. */
function opens(before: Webhook, { webhookUrl, eventType, campaignIds, isActive, customHeaders }: Changes): boolean {
  return (
    customHeaders !== undefined ||
    (webhookUrl !== undefined && webhookUrl !== before.webhookUrl) ||
    (eventType !== undefined && eventType !== before.eventType) ||
    (isActive === true && before.isActive !== true) ||
    (campaignIds !== undefined && !isWithin(campaignIds, before.campaignIds))
  );
}

/** No campaigns are all of them. What HeyReach does not say cannot be compared with. */
function isWithin(given: readonly number[], present: readonly number[] | null | undefined): boolean {
  if (present === undefined) return false;
  if (present === null || present.length === 0) return true;
  return given.length > 0 && given.every((id) => present.includes(id));
}

function sideBySide(before: string, after: string): string {
  return before === after ? `${after}, as now` : `${before} → ${after}`;
}

function changeLines(before: Webhook, after: Webhook, changes: Changes): string[] {
  const headers = (webhook: Webhook) => headerNames(webhook)?.join(', ') || 'none';
  const when = (given: unknown, line: () => string) => (given === undefined ? [] : [line()]);
  return [
    ...when(changes.webhookName, () => `Name: ${sideBySide(inline(before.webhookName), inline(after.webhookName))}`),
    ...when(
      changes.webhookUrl,
      () => `Address: ${sideBySide(showAddress(before.webhookUrl), showAddress(after.webhookUrl))}`,
    ),
    `Called each time: ${sideBySide(showEvent(before.eventType), showEvent(after.eventType))}`,
    ...when(
      changes.eventType,
      () => `What it gets: ${sideBySide(contentsOf(before.eventType), contentsOf(after.eventType))}`,
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
  if (before.campaignIds === after.campaignIds) return block('Campaigns, as now', before);
  return [...block('Campaigns before', before), ...block('Campaigns after', after)];
}

function warningsOf(before: Webhook, after: Webhook, changes: Changes): string[] {
  const host = hostOf(after.webhookUrl);
  const kept = changes.customHeaders === undefined ? (headerNames(before) ?? []) : [];
  const given = new Set((headerNames(after) ?? []).map((name) => name.toLowerCase()));
  const dropped = (headerNames(before) ?? []).filter((name) => !given.has(name.toLowerCase()));
  const isElsewhere = changes.webhookUrl !== undefined && changes.webhookUrl !== before.webhookUrl;
  const warnings: [boolean, string][] = [
    [after.isActive !== false, `This leaves the workspace for ${host}: ${contentsOf(after.eventType)}.`],
    [after.isActive === false, 'It is switched off afterwards: nothing is sent until it is switched on.'],
    [
      isElsewhere && kept.length > 0,
      `Its custom headers go to the new address as well, with their values: ${kept.join(', ')}.`,
    ],
    [dropped.length > 0, `Custom headers that are lost: ${dropped.join(', ')}.`],
    [
      isWorkspaceWide(after.eventType) && (after.campaignIds ?? []).length > 0,
      `${inline(after.eventType)} is about the whole workspace and takes no campaigns: HeyReach will refuse unless campaignIds is given empty.`,
    ],
  ];
  return [
    ...warnings.filter(([holds]) => holds).map(([, said]) => said),
    ...(isElsewhere ? addressWarnings(after.webhookUrl ?? '') : []),
  ];
}

/** The fields that are to change. */
function shortFacts(webhook: Webhook, changes: Changes): Record<string, unknown> {
  const { webhookName, webhookUrl, eventType, campaignIds, isActive } = webhook;
  const all: Record<keyof Changes, unknown> = {
    webhookName: inline(webhookName),
    webhookUrl: showAddress(webhookUrl),
    eventType: eventType ?? null,
    campaignIds: campaignIds === undefined ? null : campaignIds?.length ? campaignIds.slice(0, SHOWN_ROWS) : 'all',
    isActive: isActive ?? null,
    customHeaders: headerNames(webhook) ?? null,
  };
  const changed = Object.entries(all).filter(([name]) => changes[name as keyof Changes] !== undefined);
  return Object.fromEntries(
    changed.map(([name, value]) => [name === 'customHeaders' ? 'customHeaderNames' : name, value]),
  );
}
