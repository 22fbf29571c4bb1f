import type { NodeType } from '../../client/operations/sequence.ts';
import { nearest } from '../nearest.ts';

type Payload = Record<string, unknown>;
type Rule = (payload: Payload, say: (fault: string) => void) => void;

const REACTIONS = ['LIKE', 'CELEBRATE', 'SUPPORT', 'FUNNY', 'LOVE', 'INSIGHTFUL', 'CURIOUS'];
const REACT_BEFORE = ['DAY1', 'DAY3', 'WEEK1', 'WEEK2', 'MONTH1', 'MONTH3'];
const VARIABLE = /\{\{?\s*\w+\s*\}?\}/;

/** What the payload of a step may hold; other names pass unless they look like a slip, since a read-back may carry more. */
const FIELDS: Partial<Record<NodeType, string[]>> = {
  CONNECTION_REQUEST: ['messages', 'fallbackMessage', 'toBeWithdrawnAfterDays'],
  MESSAGE: ['messages', 'fallbackMessage'],
  INMAIL: ['messages', 'fallbackMessage'],
  LIKE_POST: ['reactionType', 'randomReaction', 'reactBefore', 'skipDelayIfCannotLike'],
  SEND_LEAD_TO_INSTANTLY: ['instantlyResourceId', 'resourceType'],
  SEND_LEAD_TO_SMARTLEAD: ['smartLeadCampaignId'],
  SEND_LEAD_TO_BISON: ['bisonCampaignId'],
};

const RULES: Partial<Record<NodeType, Rule>> = {
  CONNECTION_REQUEST(payload, say) {
    checkTexts(payload, 300, 0, say);
    const days = payload.toBeWithdrawnAfterDays;
    if (days != null && !(Number.isInteger(days) && (days as number) >= 14)) {
      say('.toBeWithdrawnAfterDays must be a whole number of at least 14, or null for never');
    }
    const usesVariables = texts(payload).some((message) => VARIABLE.test(message));
    if (usesVariables && payload.fallbackMessage == null) {
      say('.fallbackMessage is required when a message uses a variable');
    }
  },
  MESSAGE: (payload, say) => checkTexts(payload, 8_000, 1, say),
  INMAIL(payload, say) {
    if (!Array.isArray(payload.messages) || payload.messages.length === 0) {
      say('.messages must hold at least one {subject, message}');
      return;
    }
    for (const [index, message] of payload.messages.entries()) checkInMail(message, `.messages[${index}]`, say);
    if (payload.fallbackMessage != null) checkInMail(payload.fallbackMessage, '.fallbackMessage', say);
  },
  LIKE_POST(payload, say) {
    checkChoice(payload, 'reactionType', REACTIONS, say);
    checkChoice(payload, 'reactBefore', REACT_BEFORE, say);
    for (const name of ['randomReaction', 'skipDelayIfCannotLike']) {
      if (payload[name] != null && typeof payload[name] !== 'boolean') say(`.${name} must be true or false`);
    }
  },
  SEND_LEAD_TO_INSTANTLY(payload, say) {
    const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
    if (!uuid.test(String(payload.instantlyResourceId))) say('.instantlyResourceId must be a UUID');
    if (!['LIST', 'CAMPAIGN', 0, 1].includes(payload.resourceType as never)) {
      say('.resourceType must be LIST or CAMPAIGN');
    }
  },
  SEND_LEAD_TO_SMARTLEAD: (payload, say) => checkId(payload, 'smartLeadCampaignId', say),
  SEND_LEAD_TO_BISON: (payload, say) => checkId(payload, 'bisonCampaignId', say),
};

/** A key of that name at any depth; in a text its quote would be escaped. */
const PROTOTYPE_KEY = /(?<!\\)"__proto__\u200b?":/;

/** The faults of a step's payload, each beginning with its place below `payload`. */
export function checkPayload(type: NodeType, payload: unknown): string[] {
  const faults: string[] = [];
  const rule = RULES[type];
  if (rule === undefined) return faults;
  if (payload == null) return [` is required on a ${type}`];
  const given = payload as Payload;
  if (PROTOTYPE_KEY.test(JSON.stringify(given))) return [' holds a key named __proto__'];
  const known = FIELDS[type] ?? [];
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    if (meant !== undefined) faults.push(`.${name.slice(0, 60)} is unknown (did you mean ${meant}?)`);
  }
  rule(given, (fault) => faults.push(fault));
  return faults;
}

function texts(payload: Payload): string[] {
  return Array.isArray(payload.messages) ? payload.messages.filter((one) => typeof one === 'string') : [];
}

function checkTexts(payload: Payload, most: number, least: number, say: (fault: string) => void): void {
  const { messages, fallbackMessage } = payload;
  if (!Array.isArray(messages)) {
    say('.messages must be a list of texts');
    return;
  }
  if (messages.length < least) say(`.messages must hold at least ${least} text`);
  for (const [index, message] of messages.entries()) {
    if (typeof message !== 'string') say(`.messages[${index}] must be a text`);
    else if (message.length > most) say(`.messages[${index}] has ${message.length} characters, ${most} at most`);
  }
  if (fallbackMessage == null) return;
  if (typeof fallbackMessage !== 'string') say('.fallbackMessage must be a text');
  else if (fallbackMessage.length > most)
    say(`.fallbackMessage has ${fallbackMessage.length} characters, ${most} at most`);
}

function checkInMail(given: unknown, place: string, say: (fault: string) => void): void {
  const mail = (typeof given === 'object' && given !== null ? given : {}) as Payload;
  if (typeof mail.subject !== 'string' || typeof mail.message !== 'string') {
    say(`${place} must be {subject, message}`);
    return;
  }
  if (mail.subject.length > 200) say(`${place}.subject has ${mail.subject.length} characters, 200 at most`);
  if (mail.message.length > 1_900) say(`${place}.message has ${mail.message.length} characters, 1900 at most`);
}

function checkChoice(payload: Payload, name: string, allowed: string[], say: (fault: string) => void): void {
  const value = payload[name];
  if (value != null && !allowed.includes(value as string)) say(`.${name} must be one of ${allowed.join(', ')}`);
}

function checkId(payload: Payload, name: string, say: (fault: string) => void): void {
  if (!Number.isSafeInteger(payload[name]) || (payload[name] as number) < 1)
    say(`.${name} must be a whole number from 1`);
}
