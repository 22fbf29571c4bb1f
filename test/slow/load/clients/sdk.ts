import { type ClientKind, connectHttp, type McpPeer } from '../../../support/clients/clients.ts';
import { judgeResponse, type Outcome, type Response, unusable } from '../outcome.ts';
import type { Wanted } from '../wanted.ts';
import type { ClientTarget, LoadClient } from './client.ts';

/** A client of one of the SDKs, as in hosts. */
export class SdkClient implements LoadClient {
  readonly owner;
  readonly peer: McpPeer;

  constructor(owner: ClientTarget['owner'], peer: McpPeer) {
    this.owner = owner;
    this.peer = peer;
  }

  static async open(kind: ClientKind, { url, headers, owner }: ClientTarget): Promise<SdkClient> {
    const peer = await connectHttp(kind, url, headers);
    // From now on the SDK checks results against the schemas of the tools.
    await peer.listTools();
    return new SdkClient(owner, peer);
  }

  async ask(request: Wanted): Promise<Outcome> {
    return judgeSdk(() => this.#call(request), request, this.owner);
  }

  close(): Promise<void> {
    return this.peer.close();
  }

  async #call({ method, params }: Wanted): Promise<object> {
    const { name = '', arguments: args } = params;
    switch (method) {
      case 'tools/call':
        return this.peer.callTool(name, args);
      case 'tools/list':
        return { tools: await this.peer.listTools() };
      case 'resources/list':
        // Only one page, because some SDKs would read all of them, each for a different time.
        return this.peer.listResourcePage();
      case 'resources/templates/list':
        return { resourceTemplates: await this.peer.listResourceTemplates() };
      case 'resources/read':
        return { contents: await this.peer.readResource(String(params.uri)) };
      case 'prompts/list':
        return { prompts: await this.peer.listPrompts() };
      case 'prompts/get':
        return this.peer.getPrompt(name, args as Record<string, string> | undefined);
      case 'completion/complete':
        return this.peer.raw(method, params);
      default:
        // Not every SDK allows an unknown method.
        return this.peer.callTool(method);
    }
  }
}

/** An SDK throws a protocol error. Any other exception is not a response. */
async function judgeSdk(call: () => Promise<object>, request: Wanted, owner: ClientTarget['owner']): Promise<Outcome> {
  let response: Response;
  try {
    response = { result: { ...(await call()) } };
  } catch (error) {
    const { code, message, status = code } = error as { code?: unknown; message?: unknown; status?: unknown };
    // SDKs expose the HTTP status, but no Retry-After.
    if (status === 502 || status === 503) return { end: 'refused', kind: String(status), faults: [] };
    // The SDK codes for a broken connection and for a cancelled call are outside the range of server codes.
    const isAnswer = typeof code === 'number' && code < -32_001;
    if (!isAnswer) return unusable(`was thrown by the SDK: ${String(error)}`);
    response = { error: { code, message } };
  }
  return judgeResponse(response, request, owner);
}
