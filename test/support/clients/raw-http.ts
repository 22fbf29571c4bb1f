import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { recordOutput } from '../programs/output.ts';

export const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
/** A tool call, as a 2025 client posts it. */
export const callOf = (name: string, args: unknown = {}, id: number | string = 1) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});
export const CHECK = callOf('check_api_key');
export const ACCEPT = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };

export interface Reply {
  status: number;
  text: string;
  headers: IncomingHttpHeaders;
  /** The JSON-RPC message in the response, alone or as the last event of a stream. */
  message(): {
    id: unknown;
    result?: Record<string, unknown>;
    error?: { code: number; message: string; data?: unknown };
  };
}

export interface Sent {
  method?: string;
  /** Several values are sent as several headers. */
  headers?: Record<string, string | string[]>;
  body?: string | object;
}

/** One raw HTTP request, with any header, including Host. */
export function send(url: string, { method = 'POST', headers = {}, body = LIST }: Sent = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers: { ...ACCEPT, ...headers } }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.once('error', reject);
      response.on('end', () => {
        recordOutput(text);
        const data = [...text.matchAll(/^data: (\{.*)$/gm)].at(-1)?.[1] ?? text;
        resolve({
          status: response.statusCode ?? 0,
          text,
          headers: response.headers,
          message: () => JSON.parse(data),
        });
      });
    });
    request.on('error', reject);
    request.end(method === 'POST' ? (typeof body === 'string' ? body : JSON.stringify(body)) : undefined);
  });
}
