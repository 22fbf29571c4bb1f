import { digest, isRecord } from '../../lib/json.ts';

const MASK = '********';
/** A shorter value may be an ordinary word. */
const SECRET_LENGTH = 4;

/**
 * The arguments of a call for the audit log, message texts included. Secrets are hidden:
 * - the keys of the caller, in any argument
 * - the values of custom headers
 * - a webhook URL except for its host, since its path is often the password
 */
export function redactArguments(
  input: Record<string, unknown>,
  hideKey: (text: string) => string,
): Record<string, unknown> {
  const { customHeaders, webhookUrl, ...rest } = input;
  const masked = {
    ...rest,
    ...(isRecord(customHeaders) ? { customHeaders: mask(customHeaders) } : {}),
    ...(typeof webhookUrl === 'string' ? { webhookUrl: hostOf(webhookUrl) } : {}),
  };
  return hideIn(masked, hideKey) as Record<string, unknown>;
}

/** A text of HeyReach without the secrets in the arguments, which it may quote. */
export function hideSecrets(text: string, { customHeaders, webhookUrl }: Record<string, unknown>): string {
  const values = [webhookUrl, ...(isRecord(customHeaders) ? Object.values(customHeaders) : [])];
  const secrets = values.filter((value) => typeof value === 'string' && value.length >= SECRET_LENGTH) as string[];
  return secrets.reduce((hidden, secret) => hidden.replaceAll(secret, MASK), text);
}

function mask(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, MASK]));
}

/** The host, and a digest by which equal URLs can be recognized. */
function hostOf(address: string): string {
  return `${new URL(address).origin}/… (${digest(address).slice(0, 8)})`;
}

function hideIn(value: unknown, hideKey: (text: string) => string): unknown {
  if (typeof value === 'string') return hideKey(value);
  if (Array.isArray(value)) return value.map((item) => hideIn(item, hideKey));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [hideKey(name), hideIn(item, hideKey)]));
}
