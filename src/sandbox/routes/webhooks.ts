import { anything, array, bind, bool, int, long, required, text } from '../http/model-binding.ts';
import { type ApiResponse, apiError, emptyResponse, jsonResponse } from '../http/response.ts';
import { type Route, type RouteCall, requiredQueryId } from '../http/router.ts';
import type { Webhook, Workspace } from '../model/index.ts';
import { eventTypes } from '../simulation/webhooks.ts';
import { pageOf } from './shared/lookup.ts';

function view(webhook: Webhook, includeCustomHeaders: boolean) {
  const { customHeaders, ...rest } = webhook;
  return includeCustomHeaders ? { ...rest, customHeaders } : rest;
}

function webhookOf(call: RouteCall): Webhook {
  const id = requiredQueryId(call, 'webhookId');
  const webhook = call.world.workspace.webhooks.get(id);
  if (!webhook) throw apiError(`Webhook with id ${id} was not found.`, 404);
  return webhook;
}

function readHeaders(value: unknown): Record<string, string> | null {
  if (value === undefined || value === null) return null;
  const entries = typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [['', null]];
  for (const [, item] of entries) if (typeof item !== 'string') throw apiError('The custom headers are not valid.');
  return Object.fromEntries(entries) as Record<string, string>;
}

function check(workspace: Workspace, webhook: Omit<Webhook, 'id'>): void {
  if (!/^https?:\/\/[^\s/]+/i.test(webhook.webhookUrl) || !URL.canParse(webhook.webhookUrl)) {
    throw apiError('The webhook URL must be an absolute http or https URL.');
  }
  const scope = eventTypes.get(webhook.eventType);
  if (scope === undefined) throw apiError(`The event type '${webhook.eventType}' is not supported.`);
  if (scope === 'workspace' && webhook.campaignIds.length > 0) {
    throw apiError(`The event type '${webhook.eventType}' is for the whole workspace and takes no campaigns.`);
  }
  for (const id of webhook.campaignIds) {
    if (!workspace.campaigns.has(id)) throw apiError(`Campaign with id ${id} was not found.`);
  }
}

const name = text({ min: 3, max: 25 });

function create({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, {
    webhookName: required(name),
    webhookUrl: required(text()),
    eventType: required(text()),
    campaignIds: array(long),
    customHeaders: anything,
    isActive: bool,
  });
  const { workspace } = world;
  const webhook = {
    webhookName: input.webhookName,
    webhookUrl: input.webhookUrl,
    eventType: input.eventType,
    campaignIds: input.campaignIds ?? [],
    isActive: true,
    customHeaders: readHeaders(input.customHeaders),
  };
  check(workspace, webhook);
  const id = workspace.nextId.webhook++;
  workspace.webhooks.set(id, { id, ...webhook });
  return jsonResponse({ webhookId: id });
}

function update(call: RouteCall): ApiResponse {
  const input = bind(call.body, {
    webhookName: name,
    webhookUrl: text(),
    eventType: text(),
    campaignIds: array(long),
    customHeaders: anything,
    isActive: bool,
  });
  const webhook = webhookOf(call);
  // Null or a missing field keeps the current value.
  const changed: Webhook = {
    id: webhook.id,
    webhookName: input.webhookName ?? webhook.webhookName,
    webhookUrl: input.webhookUrl ?? webhook.webhookUrl,
    eventType: input.eventType ?? webhook.eventType,
    campaignIds: input.campaignIds ?? webhook.campaignIds,
    isActive: input.isActive ?? webhook.isActive,
    customHeaders: readHeaders(input.customHeaders) ?? webhook.customHeaders,
  };
  check(call.world.workspace, changed);
  call.world.workspace.webhooks.set(webhook.id, changed);
  return emptyResponse();
}

function getAll({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { offset: int, limit: int, includeCustomHeaders: bool });
  const webhooks = [...world.workspace.webhooks.values()];
  return jsonResponse(pageOf(webhooks, input, (webhook) => view(webhook, input.includeCustomHeaders ?? false)));
}

function remove(call: RouteCall): ApiResponse {
  call.world.workspace.webhooks.delete(webhookOf(call).id);
  return emptyResponse();
}

export const webhookRoutes: Route[] = [
  { method: 'POST', path: '/webhooks/CreateWebhook', body: true, handle: create },
  {
    method: 'GET',
    path: '/webhooks/GetWebhookById',
    handle: (call) =>
      jsonResponse(view(webhookOf(call), call.query.get('includecustomheaders')?.toLowerCase() === 'true')),
  },
  { method: 'POST', path: '/webhooks/GetAllWebhooks', body: true, handle: getAll },
  { method: 'PATCH', path: '/webhooks/UpdateWebhook', body: true, handle: update },
  { method: 'DELETE', path: '/webhooks/DeleteWebhook', handle: remove },
];
