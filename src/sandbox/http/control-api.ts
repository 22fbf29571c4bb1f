import { readTruthQuery, truthOf } from '../truth/index.ts';
import { isFaultRule } from './fault-rules.ts';
import { type ApiResponse, emptyResponse, jsonResponse } from './response.ts';
import type { ServerParts } from './types.ts';

interface ControlRequest {
  method: string;
  path: string;
  host: string;
  body: string;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

function readObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = body === '' ? {} : JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function summarize(parts: ServerParts): ApiResponse {
  const { workspace, reached, seed } = parts.world;
  const campaigns: Record<string, number> = {};
  for (const { status } of workspace.campaigns.values()) campaigns[status] = (campaigns[status] ?? 0) + 1;
  return jsonResponse({
    now: new Date(parts.world.now()).toISOString(),
    seed,
    reached: {
      messages: reached.messages.length,
      invitations: reached.invitations.length,
      inmails: reached.inmails.length,
      total: reached.total,
    },
    campaigns,
    lists: workspace.lists.size,
    people: workspace.people.size,
    linkedInAccounts: workspace.accounts.size,
    conversations: workspace.conversations.size,
    webhooks: workspace.webhooks.size,
    webhookDeliveries: workspace.webhookDeliveries.length,
    requests: parts.requests.length,
    fixtures: workspace.fixtures,
  });
}

function tellTruth({ world }: ServerParts, query: string): ApiResponse {
  const read = readTruthQuery(new URLSearchParams(query));
  return typeof read === 'string' ? jsonResponse({ error: read }, 400) : jsonResponse(truthOf(world, read));
}

/** The control API of the sandbox. The host check keeps pages in a browser from using it. */
export function handleControlRequest(parts: ServerParts, request: ControlRequest): ApiResponse {
  if (!LOOPBACK.test(request.host)) return jsonResponse({ error: 'The Host header must be a loopback name.' }, 403);
  const [path = '', query = ''] = request.path.split('?');
  const input = readObject(request.body);
  if (input === undefined) return jsonResponse({ error: 'The body must be a JSON object.' }, 400);
  parts.settle();
  switch (`${request.method} ${path.replace(/\/$/, '')}`) {
    case 'GET /_sandbox':
      return summarize(parts);
    case 'POST /_sandbox/advance': {
      const hours = input.hours;
      if (typeof hours !== 'number' || !(hours >= 0) || hours > 24 * 366) {
        return jsonResponse({ error: 'hours must be a number from 0 to 8784.' }, 400);
      }
      parts.advance(hours * 3_600_000);
      return summarize(parts);
    }
    case 'POST /_sandbox/faults':
      if (!isFaultRule(input))
        return jsonResponse({ error: 'This is not a fault rule. See FaultRule for the kinds.' }, 400);
      parts.faults.add(input);
      return emptyResponse(204);
    case 'DELETE /_sandbox/faults':
      parts.faults.clear();
      return emptyResponse(204);
    case 'GET /_sandbox/reached':
      return jsonResponse(parts.world.reached);
    case 'GET /_sandbox/truth':
      return tellTruth(parts, query);
    default:
      return jsonResponse({ error: 'No such control route.' }, 404);
  }
}
