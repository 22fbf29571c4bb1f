import { ApiError, apiError, emptyResponse, textError } from '../../http/response.ts';
import type { NodeType } from '../../model/index.ts';

/** The properties of an object by lower-cased name: they bind in any letter case. */
export function properties(value: unknown, type: string, path: string): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw conversionError(value, type, path);
  return new Map(Object.entries(value).map(([name, item]) => [name.toLowerCase(), item as unknown]));
}

/** The serialiser's error for a value of the wrong type. */
export function conversionError(value: unknown, type: string, path: string): ApiError {
  const printed = typeof value === 'object' && value !== null ? 'object' : JSON.stringify(value);
  return textError(
    `Error converting value ${printed} to type 'Spremo.DTOs.PublicApi.Campaigns.${type}'. Path '${path}'.`,
  );
}

/** The response to a payload that crashes the live service. */
function serverError(): ApiError {
  return new ApiError(emptyResponse(500));
}

type Payload = Record<string, unknown>;
type Reader = (fields: Map<string, unknown>, path: string) => Payload;

const VARIABLE = /\{[A-Za-z_]/;
const REACTIONS = ['LIKE', 'CELEBRATE', 'SUPPORT', 'FUNNY', 'LOVE', 'INSIGHTFUL', 'CURIOUS'];
const REACT_BEFORE = ['DAY1', 'DAY3', 'WEEK1', 'WEEK2', 'MONTH1', 'MONTH3'];

function readString(value: unknown, max: number, path: string): string {
  if (typeof value !== 'string') throw conversionError(value ?? null, 'String', path);
  if (value.length > max) throw apiError(`Node at: ${path} has a text of more than ${max} characters.`);
  return value;
}

function readList(value: unknown, path: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw conversionError(value, 'List`1', path);
  return value as unknown[];
}

function readOptional<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === undefined || value === null ? null : read(value);
}

const connectionRequest: Reader = (fields, path) => {
  if (fields.has('message') && !fields.has('messages')) throw serverError();
  const messages = readList(fields.get('messages'), `${path}.messages`).map((text, i) =>
    readString(text, 300, `${path}.messages[${i}]`),
  );
  const fallbackMessage = readOptional(fields.get('fallbackmessage'), (text) =>
    readString(text, 300, `${path}.fallbackMessage`),
  );
  if (messages.some((text) => VARIABLE.test(text)) && !fallbackMessage) {
    throw apiError(`Node at: ${path} uses variables and must have a fallback message.`);
  }
  const toBeWithdrawnAfterDays = readOptional(fields.get('tobewithdrawnafterdays'), (days) => {
    if (typeof days !== 'number') throw conversionError(days, 'Int32', `${path}.toBeWithdrawnAfterDays`);
    if (days < 14) throw apiError(`Node at: ${path} cannot be withdrawn before 14 days.`);
    return days;
  });
  return { messages, fallbackMessage, toBeWithdrawnAfterDays };
};

const message: Reader = (fields, path) => {
  const messages = readList(fields.get('messages'), `${path}.messages`).map((text, i) =>
    readString(text, 8_000, `${path}.messages[${i}]`),
  );
  if (messages.length === 0) throw apiError(`Node at: ${path} must have at least one message.`);
  return {
    messages,
    fallbackMessage: readOptional(fields.get('fallbackmessage'), (text) =>
      readString(text, 8_000, `${path}.fallbackMessage`),
    ),
  };
};

function readInMail(value: unknown, path: string): Payload {
  const fields = properties(value, 'PublicInMailMessage', path);
  return {
    subject: readString(fields.get('subject'), 200, `${path}.subject`),
    message: readString(fields.get('message'), 1_900, `${path}.message`),
  };
}

const inmail: Reader = (fields, path) => {
  const messages = readList(fields.get('messages'), `${path}.messages`).map((inmail, i) =>
    readInMail(inmail, `${path}.messages[${i}]`),
  );
  if (messages.length === 0) throw apiError(`Node at: ${path} must have at least one message.`);
  return {
    messages,
    fallbackMessage: readOptional(fields.get('fallbackmessage'), (inmail) =>
      readInMail(inmail, `${path}.fallbackMessage`),
    ),
  };
};

function readWord(fields: Map<string, unknown>, name: string, words: string[], fallback: string, path: string): string {
  const value = fields.get(name.toLowerCase()) ?? fallback;
  if (typeof value !== 'string' || !words.includes(value))
    throw conversionError(value, 'PostLikePayload', `${path}.${name}`);
  return value;
}

const likePost: Reader = (fields, path) => ({
  reactionType: readWord(fields, 'reactionType', REACTIONS, 'LIKE', path),
  randomReaction: fields.get('randomreaction') === true,
  reactBefore: readWord(fields, 'reactBefore', REACT_BEFORE, 'MONTH1', path),
  skipDelayIfCannotLike: fields.get('skipdelayifcannotlike') === true,
});

const instantly: Reader = (fields, path) => {
  const id = fields.get('instantlyresourceid');
  if (typeof id !== 'string' || !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
    throw conversionError(id ?? null, 'Guid', `${path}.instantlyResourceId`);
  }
  return {
    instantlyResourceId: id,
    resourceType: readWord(fields, 'resourceType', ['LIST', 'CAMPAIGN'], 'LIST', path),
  };
};

function idOnly(name: string): Reader {
  return (fields, path) => {
    const id = fields.get(name.toLowerCase());
    if (typeof id !== 'number' || !Number.isInteger(id)) throw conversionError(id ?? null, 'Int64', `${path}.${name}`);
    if (id < 1) throw apiError(`Node at: ${path} must have a ${name} of at least 1.`);
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

/** Reads a node's payload. undefined for node types without a payload. */
export function readPayload(nodeType: NodeType, value: unknown, path: string): Payload | undefined {
  const reader = READERS[nodeType];
  if (!reader) return undefined;
  if (value === undefined) throw apiError(`Node at: ${path} must have a payload.`);
  return reader(properties(value, `${nodeType}_PAYLOAD`, `${path}.payload`), `${path}.payload`);
}
