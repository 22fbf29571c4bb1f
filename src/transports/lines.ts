import { parseJSONRPCMessage } from '@modelcontextprotocol/server';
import { isRecord } from '../tools/is-record.ts';

/** The SDK closes at a longer line. */
const MAX_LINE_BYTES = 10 * 1024 * 1024;

/** What is answered to a line that is no message. */
export interface LineError {
  jsonrpc: '2.0';
  /** null where none could be read. */
  id: string | number | null;
  error: { code: number; message: string };
}

/**
 * Sees the lines that the SDK will pass over, without an answer: their sender would wait for one.
 * @param answer told of each, in their order.
 * @returns takes what arrives, in whatever pieces.
 */
export function watchLines(answer: (error: LineError) => void): (chunk: Buffer) => void {
  let begun: Buffer[] = [];
  let bytes = 0;
  return (chunk) => {
    if (bytes > MAX_LINE_BYTES) return;
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      const piece = chunk.subarray(from, end);
      from = end + 1;
      const error = faultOf(begun.length === 0 ? piece.toString() : Buffer.concat([...begun, piece]).toString());
      begun = [];
      bytes = 0;
      if (error !== undefined) answer(error);
    }
    bytes += chunk.length - from;
    begun = bytes > MAX_LINE_BYTES ? [] : [...begun, chunk.subarray(from)];
  };
}

/** What is wrong with a line; undefined for a message, also one that is an answer and wrong: those are not answered. */
function faultOf(line: string): LineError | undefined {
  if (line.trim() === '') return undefined;
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return refuse(null, -32_700, 'Parse error: the line is not JSON.');
  }
  if (isPlainRequest(message)) return undefined;
  try {
    parseJSONRPCMessage(message);
    return undefined;
  } catch {
    if (Array.isArray(message)) return refuse(null, -32_600, 'Invalid request: over stdio each message is a line.');
    if (isRecord(message) && message.method === undefined && ('result' in message || 'error' in message))
      return undefined;
    const { id } = isRecord(message) ? message : {};
    const isReadable = typeof id === 'string' || Number.isInteger(id);
    return refuse(
      isReadable ? (id as string | number) : null,
      -32_600,
      'Invalid request: this is no JSON-RPC message.',
    );
  }
}

/** What nearly every line is; saves the reading that the SDK does again. */
function isPlainRequest(message: unknown): boolean {
  if (!isRecord(message) || message.jsonrpc !== '2.0' || typeof message.method !== 'string') return false;
  const { id, params } = message;
  if (Object.keys(message).length !== 4 || !isRecord(params) || '_meta' in params) return false;
  return typeof id === 'string' || Number.isSafeInteger(id);
}

function refuse(id: LineError['id'], code: number, message: string): LineError {
  return { jsonrpc: '2.0', id, error: { code, message } };
}
