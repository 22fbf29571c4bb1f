import type { NodeType } from '../../client/operations/sequence.ts';
import { isBlank } from '../../lib/blank-text.ts';
import { closestMatch } from '../../lib/closest-match.ts';
import { isMissingValue } from '../../lib/placeholder.ts';

type Payload = Record<string, unknown>;

/** The end of an issue about a text such as `undefined`. */
const MISSING = 'is what a program writes for a missing value, not a text';

type Rule = (payload: Payload, report: (issue: string) => void) => void;

const REACTIONS = ['LIKE', 'CELEBRATE', 'SUPPORT', 'FUNNY', 'LOVE', 'INSIGHTFUL', 'CURIOUS'];
const REACT_BEFORE = ['DAY1', 'DAY3', 'WEEK1', 'WEEK2', 'MONTH1', 'MONTH3'];
const VARIABLE = /\{\{?\s*\w+\s*\}?\}/;

/** Known payload fields. Unknown ones pass unless they look like a typo, because HeyReach may return further fields. */
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
  CONNECTION_REQUEST(payload, report) {
    checkTexts(payload, 300, 0, report);
    const days = payload.toBeWithdrawnAfterDays;
    if (days != null && !(Number.isInteger(days) && (days as number) >= 14)) {
      report('.toBeWithdrawnAfterDays must be a whole number of at least 14, or left out for never');
    }
    const usesVariables = texts(payload).some((message) => VARIABLE.test(message));
    if (usesVariables && isBlank(payload.fallbackMessage as string)) {
      report('.fallbackMessage is required when a message uses a variable');
    }
  },
  MESSAGE: (payload, report) => checkTexts(payload, 8_000, 1, report),
  INMAIL(payload, report) {
    if (!Array.isArray(payload.messages) || payload.messages.length === 0) {
      report('.messages must hold at least one {subject, message}');
      return;
    }
    for (const [index, message] of payload.messages.entries()) checkInMail(message, `.messages[${index}]`, report);
    if (!isNoFallback(payload.fallbackMessage)) checkInMail(payload.fallbackMessage, '.fallbackMessage', report);
  },
  LIKE_POST(payload, report) {
    checkChoice(payload, 'reactionType', REACTIONS, report);
    checkChoice(payload, 'reactBefore', REACT_BEFORE, report);
    for (const name of ['randomReaction', 'skipDelayIfCannotLike']) {
      if (payload[name] != null && typeof payload[name] !== 'boolean') report(`.${name} must be true or false`);
    }
  },
  SEND_LEAD_TO_INSTANTLY(payload, report) {
    const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
    if (!uuid.test(String(payload.instantlyResourceId))) report('.instantlyResourceId must be a UUID');
    if (!['LIST', 'CAMPAIGN', 0, 1].includes(payload.resourceType as never)) {
      report('.resourceType must be LIST or CAMPAIGN');
    }
  },
  SEND_LEAD_TO_SMARTLEAD: (payload, report) => checkId(payload, 'smartLeadCampaignId', report),
  SEND_LEAD_TO_BISON: (payload, report) => checkId(payload, 'bisonCampaignId', report),
};

/** Matches the key at any depth. Inside a text its quotes would be escaped. */
const PROTOTYPE_KEY = /(?<!\\)"__proto__\u200b?":/;

/** The issues of a step's payload for which HeyReach rejects it. Each begins with its path below `payload`. */
export function checkPayload(type: NodeType, payload: unknown): string[] {
  const rule = RULES[type];
  if (rule === undefined) return [];
  if (payload == null) return [` is required on a ${type}`];
  const fields = payload as Payload;
  if (PROTOTYPE_KEY.test(JSON.stringify(fields))) return [' holds a key named __proto__'];
  const issues: string[] = [];
  rule(fields, (issue) => issues.push(issue));
  return issues;
}

/** Fields of a payload whose names look like typos of known ones. */
export function misspeltFields(type: NodeType, payload: object | null | undefined): string[] {
  const known = FIELDS[type] ?? [];
  return Object.keys(payload ?? {}).flatMap((name) => {
    const suggestion = known.includes(name) ? undefined : closestMatch(name, known);
    return suggestion === undefined ? [] : [`.${name.slice(0, 60)} is unknown (did you mean ${suggestion}?)`];
  });
}

function texts(payload: Payload): string[] {
  return Array.isArray(payload.messages) ? payload.messages.filter((message) => typeof message === 'string') : [];
}

function checkTexts(payload: Payload, maxLength: number, minCount: number, report: (issue: string) => void): void {
  const { messages, fallbackMessage } = payload;
  if (!Array.isArray(messages)) {
    report('.messages must be a list of texts');
    return;
  }
  if (messages.length < minCount) report(`.messages must hold at least ${minCount} text`);
  for (const [index, message] of messages.entries()) {
    if (typeof message !== 'string') report(`.messages[${index}] must be a text`);
    // A CONNECTION_REQUEST may have an empty note.
    else if (minCount > 0 && isBlank(message)) report(`.messages[${index}] must not be blank`);
    else if (isMissingValue(message)) report(`.messages[${index}] ${MISSING}`);
    else if (message.length > maxLength)
      report(`.messages[${index}] has ${message.length} characters, ${maxLength} at most`);
  }
  if (fallbackMessage == null) return;
  if (typeof fallbackMessage !== 'string') report('.fallbackMessage must be a text');
  else if (isMissingValue(fallbackMessage)) report(`.fallbackMessage ${MISSING}`);
  else if (fallbackMessage.length > maxLength)
    report(`.fallbackMessage has ${fallbackMessage.length} characters, ${maxLength} at most`);
}

function checkInMail(value: unknown, path: string, report: (issue: string) => void): void {
  const mail = (typeof value === 'object' && value !== null ? value : {}) as Payload;
  if (typeof mail.subject !== 'string' || typeof mail.message !== 'string') {
    report(`${path} must be {subject, message}`);
    return;
  }
  if (isBlank(mail.message)) report(`${path}.message must not be blank`);
  for (const part of ['subject', 'message'] as const) {
    if (isMissingValue(mail[part] as string)) report(`${path}.${part} ${MISSING}`);
  }
  if (mail.subject.length > 200) report(`${path}.subject has ${mail.subject.length} characters, 200 at most`);
  if (mail.message.length > 1_900) report(`${path}.message has ${mail.message.length} characters, 1900 at most`);
}

/** HeyReach returns an InMail without a fallback with two empty texts. */
function isNoFallback(fallback: unknown): boolean {
  if (fallback == null) return true;
  const parts = typeof fallback === 'object' ? Object.values(fallback) : [fallback];
  return parts.every((part) => part == null || (typeof part === 'string' && isBlank(part)));
}

function checkChoice(payload: Payload, name: string, allowed: string[], report: (issue: string) => void): void {
  const value = payload[name];
  if (value != null && !allowed.includes(value as string)) report(`.${name} must be one of ${allowed.join(', ')}`);
}

function checkId(payload: Payload, name: string, report: (issue: string) => void): void {
  if (!Number.isSafeInteger(payload[name]) || (payload[name] as number) < 1)
    report(`.${name} must be a whole number from 1`);
}
