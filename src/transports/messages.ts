import { keepPrototypeKey } from '../tools/input.ts';
import { isRecord } from '../tools/is-record.ts';

/**
 * Mends a message, or a batch, before the SDK reads it: `arguments: null`, which some hosts send for a tool without
 * parameters, counts as none; and a parameter named `__proto__`, which the SDK would drop in silence, is kept to be refused.
 */
export function mendMessage(message: unknown): unknown {
  if (Array.isArray(message)) return message.map(mendMessage);
  if (!isRecord(message) || message.method !== 'tools/call' || !isRecord(message.params)) return message;
  const { arguments: given, ...params } = message.params;
  if (given === null || given === undefined) return { ...message, params };
  return { ...message, params: { ...params, arguments: isRecord(given) ? keepPrototypeKey(given) : given } };
}
