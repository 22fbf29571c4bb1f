import { ENVELOPE } from './cancellation.ts';
import type { ToolResult } from './clients.ts';
import { type Reply, send } from './raw-http.ts';

export const ERAS = ['2025', '2026-07-28'] as const;
export type Era = (typeof ERAS)[number];

export interface SpokenRequest {
  method: string;
  params?: Record<string, unknown>;
  id?: number | string;
}

/** A caller that sends each request as a separate POST, with headers that identify it. */
export interface Speaker {
  /** Returns the headers and the body of a request of this caller. */
  write(request: SpokenRequest): { headers: Record<string, string>; body: object };
  post(request: SpokenRequest, headers?: Record<string, string>): Promise<Reply>;
  /** @returns the result of a request. @throws Error if it is rejected or has no result. */
  ask(method: string, params?: Record<string, unknown>): Promise<Record<string, unknown>>;
  call(tool: string, args?: object): Promise<ToolResult>;
}

/**
 * @param capabilities the capabilities of the client. Each request of 2026-07-28 contains them, and no request of 2025
 * does.
 */
export function speaker(url: string, era: Era, own: Record<string, string>, capabilities: object = {}): Speaker {
  let lastId = 0;
  const write = ({ method, params = {}, id }: SpokenRequest) => {
    const isNotification = method.startsWith('notifications/');
    if (id === undefined) lastId += 1;
    const named = isNotification ? {} : { id: id ?? lastId };
    if (era === '2025') {
      const headers = { 'mcp-protocol-version': '2025-06-18', ...own };
      return { headers, body: { jsonrpc: '2.0', ...named, method, params } };
    }
    const meta = {
      ...ENVELOPE,
      'io.modelcontextprotocol/clientCapabilities': capabilities,
      ...(params._meta as object),
    };
    const name = params.name ?? params.uri;
    const headers = { 'mcp-protocol-version': era, 'mcp-method': method, ...own };
    return {
      headers: name === undefined ? headers : { ...headers, 'mcp-name': String(name) },
      body: { jsonrpc: '2.0', ...named, method, params: { ...params, _meta: meta } },
    };
  };
  const post: Speaker['post'] = (request, further = {}) => {
    const { headers, body } = write(request);
    return send(url, { headers: { ...headers, ...further }, body });
  };
  const ask: Speaker['ask'] = async (method, params) => {
    const reply = await post({ method, ...(params === undefined ? {} : { params }) });
    const { result, error } = reply.message();
    if (result === undefined) throw new Error(`${reply.status} ${error?.code} ${error?.message}`);
    return result;
  };
  return {
    write,
    post,
    ask,
    call: async (tool, args = {}) => (await ask('tools/call', { name: tool, arguments: args })) as never,
  };
}

export const errorIn = ({ structuredContent }: ToolResult) =>
  structuredContent?.error as
    | ({ kind: string; outcome: string; message: string } & Record<string, unknown>)
    | undefined;
export const tokenIn = ({ structuredContent }: ToolResult) =>
  (structuredContent?.confirmation as { confirmToken?: string } | undefined)?.confirmToken;
