import { type HttpError, httpError } from '../../../lib/http-error.ts';
import { isRecord } from '../../../lib/json.ts';
import { isListen } from '../../listen-request.ts';
import { describeInvalidParams, findParamsProblem, normalizeMessage } from '../../normalize-message.ts';
import type { Middleware } from '../pipeline.ts';

/** Requests, notifications and responses count alike, because the SDK spends time on each. */
export const MAX_BATCH = 64;

/** Normalizes the message, or each message of a batch, and rejects what the SDK would reject without a reason. */
export const jsonRpc: Middleware = (exchange) => {
  const { message } = exchange;
  if (!Array.isArray(message)) {
    exchange.message = normalizeMessage(message);
    exchange.isStream = isListen(exchange.message);
    exchange.ids = requestIdsOf([exchange.message]);
    return rejectionOf(exchange.message);
  }
  if (message.length > MAX_BATCH) return LARGE_BATCH;
  const messages = message.map(normalizeMessage);
  exchange.message = messages;
  exchange.ids = requestIdsOf(messages);
  if (new Set(exchange.ids).size < exchange.ids.length) return EQUAL_IDS;
  for (const rpcMessage of messages) {
    const rejection = rejectionOf(rpcMessage);
    if (rejection !== undefined) return rejection;
  }
  return undefined;
};

function requestIdsOf(messages: readonly unknown[]): unknown[] {
  return messages.flatMap((message) =>
    isRecord(message) && message.method !== undefined && message.id !== undefined ? [message.id] : [],
  );
}

function rejectionOf(message: unknown): HttpError | undefined {
  const problem = isRecord(message) && typeof message.method === 'string' ? findParamsProblem(message) : undefined;
  if (problem === undefined) return undefined;
  return httpError(400, 'invalid_params', describeInvalidParams(problem), { code: -32_602 });
}

const LARGE_BATCH = httpError(
  400,
  'large_batch',
  `The batch holds more than ${MAX_BATCH} messages. Nothing was done. Send several smaller batches.`,
);
/** The responses could not be told apart, and one of them would be lost. */
const EQUAL_IDS = httpError(
  400,
  'equal_ids',
  'Two requests of the batch have the same id. Nothing was done. Give each request an id of its own.',
);
