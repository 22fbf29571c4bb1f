import { digest } from '../safety/hash.ts';
import { isRecord } from './is-record.ts';

const MASK = '********';
/** What is shorter is an ordinary word. */
const SECRET_LENGTH = 4;

/**
 * The arguments of a call as the audit trail keeps them: whole, message text and all, but for what is a secret: the
 * caller's key wherever it stands, the values of custom headers, and of a webhook's address all but its host, since the
 * path of such an address is often its password.
 */
export function auditArguments(
  input: Record<string, unknown>,
  hideKey: (text: string) => string,
): Record<string, unknown> {
  const { customHeaders, webhookUrl, ...rest } = input;
  const kept = {
    ...rest,
    ...(isRecord(customHeaders) ? { customHeaders: mask(customHeaders) } : {}),
    ...(typeof webhookUrl === 'string' ? { webhookUrl: hostOf(webhookUrl) } : {}),
  };
  return hideIn(kept, hideKey) as Record<string, unknown>;
}

/** A text without the secrets of the arguments, should HeyReach have repeated them. */
export function hideSecrets(text: string, { customHeaders, webhookUrl }: Record<string, unknown>): string {
  const values = [webhookUrl, ...(isRecord(customHeaders) ? Object.values(customHeaders) : [])];
  const secrets = values.filter((value) => typeof value === 'string' && value.length >= SECRET_LENGTH) as string[];
  return secrets.reduce((hidden, secret) => hidden.replaceAll(secret, MASK), text);
}

function mask(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, MASK]));
}

/** The host, and a digest that tells equal addresses. */
function hostOf(address: string): string {
  return `${new URL(address).origin}/… (${digest(address).slice(0, 8)})`;
}

function hideIn(value: unknown, hideKey: (text: string) => string): unknown {
  if (typeof value === 'string') return hideKey(value);
  if (Array.isArray(value)) return value.map((item) => hideIn(item, hideKey));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [hideKey(name), hideIn(item, hideKey)]));
}
