import { type JSONRPCMessage, parseJSONRPCMessage } from '@modelcontextprotocol/server';
import { isRecord } from '../../lib/json.ts';
import { describeInvalidParams, findParamsProblem, normalizeMessage } from '../normalize-message.ts';
import { parseJsonBytes } from '../parse-json.ts';

/** A longer line is rejected, and the lines after it are read. */
const MAX_LINE_BYTES = 10 * 1024 * 1024;

/** The response to a line that is not a message. */
export interface JsonRpcErrorResponse {
  jsonrpc: '2.0';
  /** null where the line has no readable id. */
  id: string | number | null;
  error: { code: number; message: string };
}

/** Takes what the lines of stdin hold. */
export interface MessageReceiver {
  receive(message: JSONRPCMessage): void;
  /** Called for a line that is not a message. Its client would wait for a response. */
  respond(response: JsonRpcErrorResponse): void;
}

/**
 * Reads one message per line, within the limits of `parseJson`. The reader of the SDK skips an invalid line without a response,
 * and blocks the process for seconds on some lines.
 * @returns a listener for the chunks of stdin, which may split lines anywhere.
 */
export function readMessages(receiver: MessageReceiver): (chunk: Buffer) => void {
  let unfinished: Buffer[] = [];
  let bytes = 0;
  const take = (part: Buffer) => {
    bytes += part.length;
    if (bytes <= MAX_LINE_BYTES) unfinished.push(part);
    else unfinished = [];
  };
  return (chunk) => {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      take(chunk.subarray(from, end));
      from = end + 1;
      const line = unfinished.length === 1 ? unfinished[0]! : Buffer.concat(unfinished);
      const isTooLong = bytes > MAX_LINE_BYTES;
      unfinished = [];
      bytes = 0;
      if (isTooLong) receiver.respond(LONG_LINE);
      else readLine(line, receiver);
    }
    if (from < chunk.length) take(chunk.subarray(from));
  };
}

const LINE_FEED = 10;

function readLine(line: Buffer, receiver: MessageReceiver): void {
  const parsed = parseJsonBytes(line);
  if ('problem' in parsed) {
    const text = line.toString();
    if (text.trim() === '') return;
    const message = `Parse error: the line was rejected because ${parsed.problem}. Nothing was done.`;
    receiver.respond(errorResponse(readIdIn(text), -32_700, message));
    return;
  }
  const message = normalizeMessage(parsed.value);
  const valid = validate(message);
  const response = valid === undefined ? errorOf(message) : undefined;
  if (valid !== undefined) receiver.receive(valid);
  if (response !== undefined) receiver.respond(response);
}

function validate(message: unknown): JSONRPCMessage | undefined {
  if (isPlainRequest(message)) return message as JSONRPCMessage;
  try {
    return parseJSONRPCMessage(message);
  } catch {
    return undefined;
  }
}

/** @returns undefined for an invalid response, and for a notification with invalid parameters, since both get no response. */
function errorOf(message: unknown): JsonRpcErrorResponse | undefined {
  if (Array.isArray(message)) {
    return errorResponse(null, -32_600, 'Invalid request: over stdio, send each message in a line of its own.');
  }
  if (!isRecord(message)) return errorResponse(null, -32_600, NOT_A_MESSAGE);
  const { jsonrpc, id, method } = message;
  if (method === undefined && ('result' in message || 'error' in message)) return undefined;
  const problem = jsonrpc === '2.0' && typeof method === 'string' ? findParamsProblem(message) : undefined;
  if (problem === undefined) return errorResponse(readId(id), -32_600, NOT_A_MESSAGE);
  return id === undefined ? undefined : errorResponse(readId(id), -32_602, describeInvalidParams(problem));
}

const NOT_A_MESSAGE = 'Invalid request: the line is not a JSON-RPC message.';

/** Recognizes almost every line without the validation by the SDK, which repeats it for each method. */
function isPlainRequest(message: unknown): boolean {
  if (!isRecord(message) || message.jsonrpc !== '2.0' || typeof message.method !== 'string') return false;
  const { id, params } = message;
  if (Object.keys(message).length !== 4 || !isRecord(params) || '_meta' in params) return false;
  return typeof id === 'string' || Number.isSafeInteger(id);
}

function readId(id: unknown): JsonRpcErrorResponse['id'] {
  return typeof id === 'string' || Number.isInteger(id) ? (id as string | number) : null;
}

/** The id in a line that is JSON beyond the limits. */
function readIdIn(text: string): JsonRpcErrorResponse['id'] {
  try {
    const message: unknown = JSON.parse(text);
    return isRecord(message) ? readId(message.id) : null;
  } catch {
    return null;
  }
}

function errorResponse(id: JsonRpcErrorResponse['id'], code: number, message: string): JsonRpcErrorResponse {
  return { jsonrpc: '2.0', id, error: { code, message } };
}

const LONG_LINE = errorResponse(
  null,
  -32_600,
  `Invalid request: the line is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB. Nothing was done. Send less data per call.`,
);
