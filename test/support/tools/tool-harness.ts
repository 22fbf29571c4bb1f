import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { McpPeer, ToolResult } from '../clients/clients.ts';
import { type HeyReachStub, type RecordedRequest, type StubAnswer, startStub } from '../heyreach/heyreach-stub.ts';
import { connectInProcess } from '../programs/in-process.ts';
import { TEST_KEY, TEST_ORGANIZATION_KEY } from '../runs/keys.ts';

/** A request that reached HeyReach, in the parts that a test asserts. */
export interface Sent {
  method: string;
  /** Path and query, raw. */
  path: string;
  contentType: string | undefined;
  key: string | undefined;
  /** The JSON body, or undefined for none. */
  body: unknown;
}

export interface Wire {
  stub: HeyReachStub;
  /** Calls a tool of the program. Its structure comes without `untrustedFields`, which have their own tests. */
  call(name: string, args?: unknown): Promise<ToolResult>;
  /** Everything that was sent since the test began. */
  sent(): Sent[];
  /** Sets the answers by operation path (below /api/public, without query). Other requests get an empty 200. */
  answerWith(answers: Record<string, StubAnswer | ((request: RecordedRequest) => StubAnswer)>): void;
}

/**
 * For the tests of one file: the program, in this process, with a raw recording socket.
 * @param args flags of the program. By default every toolset is shown, and no tool asks for confirmation.
 * @param further variables of its environment.
 */
export function useToolHarness(
  args: string[] = ['--toolsets', 'default,legacy'],
  further: Record<string, string> = {},
): Wire {
  let stub: HeyReachStub;
  let peer: McpPeer;
  beforeAll(async () => {
    stub = await startStub();
    const env = {
      HEYREACH_API_KEY: TEST_KEY,
      HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY,
      HEYREACH_BASE_URL: stub.url,
      ...further,
    };
    peer = await connectInProcess(['--confirm', 'off', ...args], env);
  });
  beforeEach(() => {
    stub.requests.length = 0;
    stub.answer(() => ({}));
  });
  afterAll(async () => {
    await peer?.close();
    await stub?.close();
  });
  return {
    get stub() {
      return stub;
    },
    call: async (name, input = {}) => withoutNames(await peer.callTool(name, input)),
    sent: () => stub.requests.map(toSent),
    answerWith(answers) {
      stub.answer((request) => {
        const path = request.path.replace('/api/public', '').split('?')[0] ?? '';
        const answer = answers[path];
        return typeof answer === 'function' ? answer(request) : (answer ?? {});
      });
    },
  };
}

function withoutNames(result: ToolResult): ToolResult {
  const { untrustedFields: _, ...structuredContent } = result.structuredContent ?? {};
  return { ...result, ...(result.structuredContent === undefined ? {} : { structuredContent }) };
}

function toSent({ method, path, headers, body }: RecordedRequest): Sent {
  return {
    method,
    path,
    contentType: headers['content-type'],
    key: headers['x-api-key'],
    body: body === '' ? undefined : JSON.parse(body),
  };
}
