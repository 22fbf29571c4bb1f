import type { ReadResourceResult } from '@modelcontextprotocol/server';
import { isRecord } from '../lib/json.ts';
import type { RequestContext } from '../mcp/request-context.ts';
import { fitResult } from '../mcp/results/fit-result.ts';
import type { AuditedCall, AuditLog } from '../safety/audit-log.ts';

const MAX_CALLS = 50;
const MAX_ROWS = 20;

/** The latest writes of the caller's keys, from the audit log. Listed only where an audit log is configured. */
export const auditResource = {
  uri: 'heyreach://audit/recent',
  name: 'audit-recent',
  title: 'Recent changes',
  description: 'The last 50 writes made with your API key: time, tool, confirmation and outcome.',
  mimeType: 'application/json',
};

/** Reads the entries of the caller's own keys. */
export async function readAudit(auditLog: AuditLog, context: RequestContext): Promise<ReadResourceResult> {
  const { client, organization, workspaces } = context;
  const named = workspaces?.names().map((name) => workspaces.clientOf(name)) ?? [];
  const keys = [...new Set([client, organization, ...named].flatMap((keyClient) => keyClient?.fingerprint ?? []))];
  const calls = (await auditLog.recent(keys, MAX_CALLS)).map(shorten);
  const data = {
    calls,
    returned: calls.length,
    ...(calls.length === 0 ? {} : { untrustedFields: ['calls[].arguments.*', 'calls[].error'] }),
  };
  const { text } = fitResult({ data, rows: { key: 'calls', keep: 'first' } }, { full: false });
  return { contents: [{ uri: auditResource.uri, mimeType: auditResource.mimeType, text }] };
}

/** Limits the rows in the arguments of a call. The audit log itself has all of them. */
function shorten(call: AuditedCall): AuditedCall {
  const { key: _, ...rest } = call;
  return { ...rest, arguments: limitRows(call.arguments) as Record<string, unknown> } as AuditedCall;
}

function limitRows(value: unknown): unknown {
  if (Array.isArray(value)) {
    const rows = value.slice(0, MAX_ROWS).map(limitRows);
    return value.length > MAX_ROWS ? [...rows, `… ${value.length - MAX_ROWS} more`] : rows;
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, limitRows(item)]));
}
