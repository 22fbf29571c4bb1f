import { HttpSender } from '../client/http-sender.ts';
import type { TransportErrorReason } from '../client/http-types.ts';
import { describeTransportError } from '../client/transport-errors.ts';
import { version } from '../config/version.ts';

const TIMEOUT_MS = 15_000;

/** What HeyReach answered to one request with a key. */
export type KeyAnswer = { ms: number } & (
  | { status: number; isAccepted: boolean; date: Date | undefined; isSandbox: boolean }
  | { reason: TransportErrorReason; message: string }
);

/** Reads that fail with a wrong key. Routes of organizations need the key of the organization. */
const ROUTES = {
  workspace: '/api/public/auth/CheckApiKey',
  organization: '/api/public/management/organizations/workspaces?Offset=0&Limit=1',
};
export type KeyKind = keyof typeof ROUTES;

/** Sends one read, which counts against the rate limit of the key and changes nothing. */
export async function checkKey(origin: string, key: string, kind: KeyKind = 'workspace'): Promise<KeyAnswer> {
  const sender = new HttpSender({ origin: () => origin, userAgent: `heyreach-mcp/${version}` });
  const start = performance.now();
  const result = await sender.send({
    method: 'GET',
    path: ROUTES[kind],
    key,
    timeoutMs: TIMEOUT_MS,
    signal: new AbortController().signal,
    abortable: true,
  });
  const ms = Math.round(performance.now() - start);
  const { isSandbox } = sender;
  await sender.close();
  if (result.type === 'response') {
    const { status, date } = result;
    const time = date === undefined ? Number.NaN : Date.parse(date);
    const isAccepted = status >= 200 && status < 300;
    return { ms, status, isAccepted, isSandbox, date: Number.isNaN(time) ? undefined : new Date(time) };
  }
  const detail = result.detail === '' ? '' : ` (${result.detail})`;
  return { ms, reason: result.reason, message: `${describeTransportError(result.reason)}${detail}` };
}
