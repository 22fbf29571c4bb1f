import type { IncomingMessage, ServerResponse } from 'node:http';

export const MAX_BODY_BYTES = 4 * 1024 * 1024;
const LINGER_MS = 5_000;

/** Answers with JSON. */
export function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** Answers with a JSON-RPC error that belongs to no request. */
export function answerRpcError(response: ServerResponse, status: number, code: number, message: string): void {
  answerJson(response, status, { jsonrpc: '2.0', id: null, error: { code, message } });
}

/**
 * Reads a JSON body of at most 4 MiB.
 * @returns the parsed value, or undefined after an answer has been given: 413 for a body too large, 400 for one that is not
 *   JSON.
 */
export async function readJsonBody(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const body = await readBody(request);
  if (body === undefined) {
    answerRpcError(response, 413, -32_600, 'The request body is larger than 4 MiB.');
    discardRest(request);
    return undefined;
  }
  try {
    return JSON.parse(body);
  } catch {
    answerRpcError(response, 400, -32_700, 'Parse error: the body is not JSON.');
    return undefined;
  }
}

/** Resolves with the body, or with undefined as soon as it is, or says it will be, too large. */
function readBody(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers['content-length']) > MAX_BODY_BYTES) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else resolve(undefined);
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the connection closed')));
  });
}

/** A client that is still writing would miss the answer if the connection were cut at once: reads on for a moment. */
function discardRest(request: IncomingMessage): void {
  request.resume();
  const timer = setTimeout(() => request.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(timer));
}
