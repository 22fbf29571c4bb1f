import type { ReadResourceResult } from '@modelcontextprotocol/server';
import type { AuditedCall, AuditTrail } from '../safety/audit.ts';
import type { Caller } from '../tools/context.ts';
import { isRecord } from '../tools/is-record.ts';
import { shapeAnswer } from '../tools/shape.ts';

const MOST_CALLS = 50;
const MOST_ROWS = 20;

/** What this server changed lately, as the audit trail has it; shown only where a trail is kept. */
export const auditResource = {
  uri: 'heyreach://audit/recent',
  name: 'audit-recent',
  title: 'Recent changes',
  description: 'The last 50 calls of your own key that were not reads: when, which, how confirmed, and how they ended.',
  mimeType: 'application/json',
};

/** Reads the trail as far as it is the caller's own. */
export async function readAudit(trail: AuditTrail, caller: Caller): Promise<ReadResourceResult> {
  const keys = [caller.client, caller.organization].flatMap((client) => client?.fingerprint ?? []);
  const calls = (await trail.recent(keys, MOST_CALLS)).map(thinOut);
  const data = {
    calls,
    returned: calls.length,
    ...(calls.length === 0 ? {} : { untrustedFields: ['calls[].arguments.*', 'calls[].error'] }),
  };
  const { text } = shapeAnswer({ data, rows: { key: 'calls', keep: 'first' } }, { full: false });
  return { contents: [{ uri: auditResource.uri, mimeType: auditResource.mimeType, text }] };
}

/** A call whose arguments hold no more rows than somebody would read here; the file has them all. */
function thinOut(call: AuditedCall): AuditedCall {
  const { key: _, ...shown } = call;
  return { ...shown, arguments: thinRows(call.arguments) as Record<string, unknown> } as AuditedCall;
}

function thinRows(value: unknown): unknown {
  if (Array.isArray(value)) {
    const kept = value.slice(0, MOST_ROWS).map(thinRows);
    return value.length > MOST_ROWS ? [...kept, `… ${value.length - MOST_ROWS} more`] : kept;
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, thinRows(item)]));
}
