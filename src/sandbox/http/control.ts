import { isFaultRule } from './faults.ts';
import { empty, json, type Reply } from './reply.ts';
import type { ServerParts } from './server.ts';

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

function summary(parts: ServerParts): Reply {
  const { workspace, reached, seed } = parts.world;
  const campaigns: Record<string, number> = {};
  for (const { status } of workspace.campaigns.values()) campaigns[status] = (campaigns[status] ?? 0) + 1;
  return json({
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

/** The sandbox's own small API: a page in a browser must not be able to use it, hence the host check. */
export function control(parts: ServerParts, request: ControlRequest): Reply {
  if (!LOOPBACK.test(request.host)) return json({ error: 'The Host header must be a loopback name.' }, 403);
  const [path = ''] = request.path.split('?');
  const input = readObject(request.body);
  if (input === undefined) return json({ error: 'The body must be a JSON object.' }, 400);
  parts.settle();
  switch (`${request.method} ${path.replace(/\/$/, '')}`) {
    case 'GET /_sandbox':
      return summary(parts);
    case 'POST /_sandbox/advance': {
      const hours = input.hours;
      if (typeof hours !== 'number' || !(hours >= 0) || hours > 24 * 366) {
        return json({ error: 'hours must be a number from 0 to 8784.' }, 400);
      }
      parts.advance(hours * 3_600_000);
      return summary(parts);
    }
    case 'POST /_sandbox/faults':
      if (!isFaultRule(input)) return json({ error: 'This is no fault rule: see FaultRule for the kinds.' }, 400);
      parts.faults.add(input);
      return empty(204);
    case 'DELETE /_sandbox/faults':
      parts.faults.clear();
      return empty(204);
    case 'GET /_sandbox/reached':
      return json(parts.world.reached);
    default:
      return json({ error: 'No such control route.' }, 404);
  }
}
