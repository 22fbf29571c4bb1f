import { isBlank } from '../lib/blank-text.ts';
import { isRecord } from '../lib/json.ts';

/** The texts of a step. Each is its parts: one text, or the subject and the message of an InMail. */
export interface StepTexts {
  /** One of them goes out, chosen at random. */
  variants: string[][];
  /** Goes out where a variable has no value. Undefined where it is blank. */
  fallback: string[] | undefined;
}

/** The texts of a payload of any shape, without blank ones. */
export function readTexts(payload: unknown): StepTexts {
  const { messages, message, fallbackMessage } = isRecord(payload) ? payload : {};
  const variants = (Array.isArray(messages) ? messages : [messages ?? message]).map(partsOf).filter(isShown);
  const fallback = partsOf(fallbackMessage);
  return { variants, fallback: isShown(fallback) ? fallback : undefined };
}

function partsOf(message: unknown): string[] {
  const parts = isRecord(message) ? [message.subject, message.message] : [message];
  return parts.filter((part): part is string => typeof part === 'string' && part !== '');
}

function isShown(parts: readonly string[]): boolean {
  return !isBlank(parts.join(''));
}
