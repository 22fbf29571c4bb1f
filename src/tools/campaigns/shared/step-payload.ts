import * as z from 'zod';
import type { NodeType } from '../../../client/operations/sequence.ts';
import { isBlank } from '../../../lib/blank-text.ts';
import { isRecord } from '../../../lib/json.ts';
import { lazy } from '../../../lib/lazy.ts';
import { normalizeInput } from '../../../mcp/arguments/normalize-input.ts';

const whole = z.number().int();

/**
 * The known fields of all payloads, for the published schema. `checkPayload` validates them by the type of the step.
 * An INMAIL has objects in place of texts, and their JSON text counts as well. Published is one type, because strict
 * conversion rejects a choice of types, and LangChain keeps only the object of it.
 */
export const payloadFields = lazy(() => ({
  messages: z.array(z.string()).describe('Variants; INMAIL: each {"subject","message"} as JSON').optional(),
  fallbackMessage: z.string().describe('Sent if variables are empty; same form').optional(),
  toBeWithdrawnAfterDays: whole.describe('14 or more').optional(),
  reactionType: z.string().describe('LIKE, LOVE, ...').optional(),
  randomReaction: z.boolean().describe('Random reaction').optional(),
  reactBefore: z.string().describe('DAY1 to MONTH3').optional(),
  skipDelayIfCannotLike: z.boolean().describe('No delay without a post to like').optional(),
  instantlyResourceId: z.string().describe('UUID').optional(),
  resourceType: z.string().describe('LIST or CAMPAIGN').optional(),
  smartLeadCampaignId: whole.describe('Id').optional(),
  bisonCampaignId: whole.describe('Id').optional(),
}));

const anyText = z.string().nullable();
const anyPayload = lazy(() =>
  z.looseObject(payloadFields()).extend({ messages: z.array(anyText), fallbackMessage: anyText }),
);
const anyMail = lazy(() => z.looseObject({ subject: z.string(), message: z.string() }));
const mailPayload = lazy(() =>
  z.looseObject(payloadFields()).extend({ messages: z.array(anyMail()), fallbackMessage: anyMail() }),
);

/** Reads the forms in which hosts and models write the values of a payload. As everywhere, null counts as omitted. */
export function readPayload(type: NodeType, payload: Record<string, unknown>): Record<string, unknown> {
  const read = normalizeInput(type === 'INMAIL' ? mailPayload() : anyPayload(), payload) as Record<string, unknown>;
  return withoutBlankTexts(Object.fromEntries(Object.entries(read).filter(([, value]) => value !== null)));
}

/** A blank text becomes an empty one, so that HeyReach does not send invisible characters. */
function withoutBlankTexts(payload: Record<string, unknown>): Record<string, unknown> {
  const { messages, fallbackMessage } = payload;
  return {
    ...payload,
    ...(Array.isArray(messages) ? { messages: messages.map(emptyIfBlank) } : {}),
    ...(fallbackMessage === undefined ? {} : { fallbackMessage: emptyIfBlank(fallbackMessage) }),
  };
}

/** @param message a text, or the subject and the message of an InMail. */
function emptyIfBlank(message: unknown): unknown {
  if (typeof message === 'string') return isBlank(message) ? '' : message;
  if (!isRecord(message)) return message;
  return Object.fromEntries(
    Object.entries(message).map(([name, part]) => [name, typeof part === 'string' && isBlank(part) ? '' : part]),
  );
}
