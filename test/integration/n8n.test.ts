import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { tools } from '../../src/tools/registry.ts';
import type { ToolResult } from '../kit/clients.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../kit/keys.ts';
import { addedByN8n, execute, type N8nNode, type N8nTool } from '../kit/n8n.ts';
import { OLD_CLIENTS } from '../kit/old-sdks.ts';
import { type HttpProgram, runMain, startHttpProgram } from '../kit/program.ts';
import { sampleCalls } from '../kit/sample-calls.ts';

// n8n's MCP Client Tool: a connection for each execution, over HTTP, of a 2025 SDK, in which nobody can be asked. Before
// December 2025 it passed on what the agent's item carried besides the model's arguments; since then only what the
// schema names. Before March 2026 an agent was shown the text of a result, since then the structure; of an error, the text.

let sandbox: Sandbox;
let program: HttpProgram;
let node: N8nNode;
beforeAll(async () => {
  sandbox = await startSandbox({ rateLimit: false });
  // Callers bring their own keys; the server has none.
  program = await startHttpProgram({ env: { HEYREACH_BASE_URL: sandbox.url } });
  node = { url: program.url, headers: { 'X-API-KEY': OTHER_TEST_KEY } };
});
beforeEach(() => {
  sandbox.requests.length = 0;
});
afterAll(async () => {
  await program?.stop();
  await sandbox?.close();
});

/** What an agent is shown, whichever version it runs in. */
function shown({ isError, content, structuredContent }: ToolResult): string {
  expect(content).toHaveLength(1);
  const { text } = content[0]!;
  if (!isError) expect(JSON.parse(text)).toEqual(structuredContent);
  return text;
}
const sampleOf = (name: string) => sampleCalls(sandbox.workspace).find(([tool]) => tool === name)![1];

describe.each(OLD_CLIENTS)('with the SDK %s', (sdk) => {
  test('connects with a Header Auth credential and lists every tool to the last page', async () => {
    const listed = await execute({ ...node, sdk }, (client) => client.tools());
    expect(listed).toHaveLength(52);
    // This is what its form and its filter of arguments are made of.
    for (const { name, inputSchema } of listed) {
      expect(inputSchema, name).toMatchObject({ type: 'object', additionalProperties: false });
      expect(inputSchema.properties, name).toBeTypeOf('object');
    }
  });

  test.each([
    ['Header Auth', { 'X-API-KEY': OTHER_TEST_KEY }],
    ['Bearer Auth', { Authorization: `Bearer ${OTHER_TEST_KEY}` }],
  ])('works with the key of its %s credential', async (_, headers: Record<string, string>) => {
    const result = await execute({ ...node, sdk, headers }, (client) => client.call('check_api_key', {}));
    expect(JSON.parse(shown(result))).toEqual({ valid: true, source: 'live' });
    expect(sandbox.requests.map((request) => request.headers['x-api-key'])).toEqual([OTHER_TEST_KEY]);
  });

  test('a tool without parameters is called with {}, null, nothing, or what n8n adds', async () => {
    const answers = await execute({ ...node, sdk }, async (client) => [
      await client.call('check_api_key', {}),
      await client.call('check_api_key', null),
      await client.call('check_api_key'),
      await client.call('check_api_key', addedByN8n()),
    ]);
    expect(answers.map((answer) => JSON.parse(shown(answer)).valid)).toEqual([true, true, true, true]);
    expect(sandbox.requests).toHaveLength(4);
  });

  test('reads, is asked, and sends in executions of their own', async () => {
    const { accountId, conversationId } = sandbox.workspace.fixtures.unreadReply;
    const at = { ...node, sdk };
    const read = await execute(at, (client) =>
      client.call('get_conversation', { accountId, conversationId, ...addedByN8n() }),
    );
    expect(shown(read)).toContain(conversationId);

    const message = `Sent through n8n with ${sdk}`;
    const given = { conversationId, linkedInAccountId: accountId, message, confirmToken: null, subject: '' };
    const before = sandbox.reached.total;
    const asked = await execute(at, (client) => client.call('send_message', { ...given, ...addedByN8n() }));
    const { confirmation } = JSON.parse(shown(asked));
    expect(confirmation.preview.text).toContain(`> ${message}`);
    expect(sandbox.reached.total).toBe(before);

    const { confirmToken } = confirmation;
    const allowed = () =>
      execute(at, (client) => client.call('send_message', { ...given, confirmToken, ...addedByN8n() }));
    expect(JSON.parse(shown(await allowed()))).toMatchObject({ delivery: 'seen_in_thread' });
    expect(sandbox.reached.total).toBe(before + 1);
    expect(shown(await allowed())).toMatch(/used already[\s\S]*Outcome: not_sent/);
    expect(sandbox.reached.total).toBe(before + 1);
  });
});

describe('what n8n adds', () => {
  const examples: [kind: string, tool: string][] = [
    ['read', 'list_leads_in_campaign'],
    ['write', 'add_lead_tags'],
    ['stop', 'pause_campaign'],
    ['destructive', 'remove_leads_from_list_by_url'],
    ['egress', 'create_webhook'],
    ['outreach', 'add_leads_to_campaign'],
  ];

  test('is tried with every kind of tool', () => {
    expect(new Set(examples.map(([, name]) => tools.find((tool) => tool.name === name)?.kind))).toEqual(
      new Set(tools.map(({ kind }) => kind)),
    );
  });

  test.each(examples)('is dropped from a call of the kind %s: %s', async (_, tool) => {
    const args = sampleOf(tool);
    const call = (more = {}) =>
      execute(node, (client) => client.call(tool, { ...args, ...addedByN8n(), ...more })).then((result) => {
        expect(result.isError, result.content[0]?.text).toBeFalsy();
        return JSON.parse(shown(result));
      });
    const first = await call();
    if (first.confirmation !== undefined) {
      // The same call with the token, and with other additions, since each call has its own id.
      expect(await call({ confirmToken: first.confirmation.confirmToken })).not.toHaveProperty('confirmation');
    }
    const reached = JSON.stringify(sandbox.requests);
    expect(sandbox.requests.length).toBeGreaterThan(0);
    for (const [name, value] of Object.entries(addedByN8n())) {
      expect(reached).not.toContain(name);
      if (name !== 'toolCallId') expect(reached).not.toContain(value);
    }
    expect(reached).not.toContain('call_made_up');
  });

  test('does not hide a slip of the model, which is told by name', async () => {
    const slip = { campainId: 7, ...addedByN8n() };
    const text = shown(await execute(node, (client) => client.call('get_campaign', slip)));
    expect(text).toMatch(/campainId \(did you mean campaignId\?\)/);
    expect(text).not.toMatch(/sessionId|chatInput|toolCallId/);
    expect(sandbox.requests).toEqual([]);
  });
});

test('optional parameters that a model left out come as null, or empty from a form, and change nothing', async () => {
  await execute(node, async (client) => {
    const listed = await client.tools();
    const reads = listed.filter(({ name }) => tools.find((tool) => tool.name === name)?.kind === 'read');
    for (const { name, inputSchema } of reads) {
      const args = sampleOf(name);
      const answer = await client.call(name, args);
      expect(answer.isError, answer.content[0]?.text).toBeFalsy();
      const plain = shown(answer);
      for (const nothing of [null, '']) {
        const filled = await client.call(name, { ...leftOut({ name, inputSchema }, nothing), ...args });
        expect(withoutTimes(shown(filled)), `${name} with ${JSON.stringify(nothing)}`).toBe(withoutTimes(plain));
      }
    }
  });
});

/** Every parameter that need not be given, as n8n fills it in. */
function leftOut({ inputSchema: { properties = {}, required = [] } }: N8nTool, nothing: unknown) {
  const names = Object.keys(properties).filter((name) => !required.includes(name));
  return Object.fromEntries(names.map((name) => [name, nothing]));
}
/** The sandbox's day goes on between two calls. */
const withoutTimes = (text: string) => text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then');

describe('an error', () => {
  test('is told whole in the text: what HeyReach said, what to do, and how it ended', async () => {
    const text = shown(
      await execute(node, (client) => client.call('get_campaign', { campaignId: 1, ...addedByN8n() })),
    );
    expect(text).toMatch(/HTTP 404.*Campaign with id 1 was not found\.[\s\S]*Next step: .*[\s\S]*Outcome: refused/);
  });

  test('without a credential says where the key belongs, and tools are listed all the same', async () => {
    const text = await execute({ url: node.url }, async (client) => {
      expect(await client.tools()).toHaveLength(52);
      return shown(await client.call('list_campaigns', addedByN8n()));
    });
    expect(text).toContain('X-API-KEY');
    expect(sandbox.requests).toEqual([]);
  });

  test('an unknown tool is an error of the protocol, whose message n8n shows', async () => {
    const call = execute(node, (client) => client.call('delete_everything', addedByN8n()));
    await expect(call).rejects.toThrow(/Unknown tool: delete_everything/);
  });
});

test('a Bearer Auth credential may hold a token of the server, and without it the node says 401', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-n8n-'));
  const file = join(folder, 'tokens');
  const made = await runMain(['token', 'n8n', '--mode', 'read-only', '--file', file]);
  const env = { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY, HEYREACH_MCP_TOKENS: file };
  const lending = await startHttpProgram({ env });
  const headers = { Authorization: `Bearer ${made.stdout.trim()}` };
  const answer = await execute({ url: lending.url, headers }, async (client) => {
    const names = (await client.tools()).map(({ name }) => name);
    expect(names).toContain('list_campaigns');
    expect(names).not.toContain('send_message');
    return shown(await client.call('check_api_key', addedByN8n()));
  });
  expect(JSON.parse(answer)).toMatchObject({ valid: true });
  expect(sandbox.requests.map((request) => request.headers['x-api-key'])).toEqual([TEST_KEY]);
  // n8n looks for the number to tell a refused credential from an unreachable server.
  await expect(execute({ url: lending.url }, (client) => client.tools())).rejects.toThrow(/401/);
  await lending.stop();
  rmSync(folder, { recursive: true });
});
