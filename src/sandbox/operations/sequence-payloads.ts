import { refuse } from '../http/reply.ts';
import type { NodeType } from '../model.ts';
import { fallOver, properties, unconvertible } from './sequence-values.ts';

type Payload = Record<string, unknown>;
type Reader = (given: Map<string, unknown>, path: string) => Payload;

const VARIABLE = /\{[A-Za-z_]/;
const REACTIONS = ['LIKE', 'CELEBRATE', 'SUPPORT', 'FUNNY', 'LOVE', 'INSIGHTFUL', 'CURIOUS'];
const REACT_BEFORE = ['DAY1', 'DAY3', 'WEEK1', 'WEEK2', 'MONTH1', 'MONTH3'];

function string(value: unknown, max: number, path: string): string {
  if (typeof value !== 'string') throw unconvertible(value ?? null, 'String', path);
  if (value.length > max) throw refuse(`Node at: ${path} has a text of more than ${max} characters.`);
  return value;
}

function list(value: unknown, path: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unconvertible(value, 'List`1', path);
  return value as unknown[];
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === undefined || value === null ? null : read(value);
}

const connectionRequest: Reader = (given, path) => {
  if (given.has('message') && !given.has('messages')) throw fallOver();
  const messages = list(given.get('messages'), `${path}.messages`).map((one, i) =>
    string(one, 300, `${path}.messages[${i}]`),
  );
  const fallbackMessage = optional(given.get('fallbackmessage'), (one) => string(one, 300, `${path}.fallbackMessage`));
  if (messages.some((one) => VARIABLE.test(one)) && !fallbackMessage) {
    throw refuse(`Node at: ${path} uses variables and must have a fallback message.`);
  }
  const toBeWithdrawnAfterDays = optional(given.get('tobewithdrawnafterdays'), (days) => {
    if (typeof days !== 'number') throw unconvertible(days, 'Int32', `${path}.toBeWithdrawnAfterDays`);
    if (days < 14) throw refuse(`Node at: ${path} cannot be withdrawn before 14 days.`);
    return days;
  });
  return { messages, fallbackMessage, toBeWithdrawnAfterDays };
};

const message: Reader = (given, path) => {
  const messages = list(given.get('messages'), `${path}.messages`).map((one, i) =>
    string(one, 8_000, `${path}.messages[${i}]`),
  );
  if (messages.length === 0) throw refuse(`Node at: ${path} must have at least one message.`);
  return {
    messages,
    fallbackMessage: optional(given.get('fallbackmessage'), (one) => string(one, 8_000, `${path}.fallbackMessage`)),
  };
};

function letter(value: unknown, path: string): Payload {
  const given = properties(value, 'PublicInMailMessage', path);
  return {
    subject: string(given.get('subject'), 200, `${path}.subject`),
    message: string(given.get('message'), 1_900, `${path}.message`),
  };
}

const inmail: Reader = (given, path) => {
  const messages = list(given.get('messages'), `${path}.messages`).map((one, i) =>
    letter(one, `${path}.messages[${i}]`),
  );
  if (messages.length === 0) throw refuse(`Node at: ${path} must have at least one message.`);
  return {
    messages,
    fallbackMessage: optional(given.get('fallbackmessage'), (one) => letter(one, `${path}.fallbackMessage`)),
  };
};

function word(given: Map<string, unknown>, name: string, words: string[], fallback: string, path: string): string {
  const value = given.get(name.toLowerCase()) ?? fallback;
  if (typeof value !== 'string' || !words.includes(value))
    throw unconvertible(value, 'PostLikePayload', `${path}.${name}`);
  return value;
}

const likePost: Reader = (given, path) => ({
  reactionType: word(given, 'reactionType', REACTIONS, 'LIKE', path),
  randomReaction: given.get('randomreaction') === true,
  reactBefore: word(given, 'reactBefore', REACT_BEFORE, 'MONTH1', path),
  skipDelayIfCannotLike: given.get('skipdelayifcannotlike') === true,
});

const instantly: Reader = (given, path) => {
  const id = given.get('instantlyresourceid');
  if (typeof id !== 'string' || !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
    throw unconvertible(id ?? null, 'Guid', `${path}.instantlyResourceId`);
  }
  return { instantlyResourceId: id, resourceType: word(given, 'resourceType', ['LIST', 'CAMPAIGN'], 'LIST', path) };
};

function idOnly(name: string): Reader {
  return (given, path) => {
    const id = given.get(name.toLowerCase());
    if (typeof id !== 'number' || !Number.isInteger(id)) throw unconvertible(id ?? null, 'Int64', `${path}.${name}`);
    if (id < 1) throw refuse(`Node at: ${path} must have a ${name} of at least 1.`);
    return { [name]: id };
  };
}

const READERS: Partial<Record<NodeType, Reader>> = {
  CONNECTION_REQUEST: connectionRequest,
  MESSAGE: message,
  INMAIL: inmail,
  LIKE_POST: likePost,
  SEND_LEAD_TO_INSTANTLY: instantly,
  SEND_LEAD_TO_SMARTLEAD: idOnly('smartLeadCampaignId'),
  SEND_LEAD_TO_BISON: idOnly('bisonCampaignId'),
};

/** Reads a node's payload; undefined for the types that have none. */
export function readPayload(nodeType: NodeType, value: unknown, path: string): Payload | undefined {
  const reader = READERS[nodeType];
  if (!reader) return undefined;
  if (value === undefined) throw refuse(`Node at: ${path} must have a payload.`);
  return reader(properties(value, `${nodeType}_PAYLOAD`, `${path}.payload`), `${path}.payload`);
}
