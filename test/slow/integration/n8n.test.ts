import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { tools } from '../../../src/tools/registry.ts';
import type { ToolResult } from '../../support/clients/clients.ts';
import { addedByN8n, execute, type N8nNode, type N8nTool } from '../../support/clients/n8n.ts';
import { OLD_CLIENTS } from '../../support/clients/old-sdks.ts';
import { block } from '../../support/documents/documents.ts';
import { type HttpProgram, runMain, startHttpProgram } from '../../support/programs/program.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../../support/runs/keys.ts';
import { sampleCalls } from '../../support/tools/sample-calls.ts';
import { defaultTools } from '../../support/tools/tool-counts.ts';

// The MCP Client Tool of n8n makes a connection for each execution, over HTTP, with a 2025 SDK and without elicitation.
// Before December 2025 it passed on the fields of the agent's item next to the arguments of the model, and since then
// only the fields of the schema. Before March 2026 an agent got the text of a result, and since then the structure. An
// error is always text.

let sandbox: Sandbox;
let program: HttpProgram;
let node: N8nNode;
beforeAll(async () => {
  // In office hours the campaigns of a running sandbox contact people, too.
  sandbox = await startSandbox({ rateLimit: false, clock: 'manual', quirks: { sendDelayMs: 0 } });
  // Callers use their own keys. The server has no key. The reads of this file would fill a window of a minute.
  program = await startHttpProgram({ env: { HEYREACH_BASE_URL: sandbox.url, HEYREACH_TEST_WINDOW_MS: '200' } });
  node = { url: program.url, headers: { 'X-API-KEY': OTHER_TEST_KEY } };
});
beforeEach(() => {
  sandbox.requests.length = 0;
});
afterAll(async () => {
  await program?.stop();
  await sandbox?.close();
});

/** The result as an agent of either version gets it. */
function shown({ isError, content, structuredContent }: ToolResult): string {
  const [{ text }, ...links] = content as [ToolResult['content'][0], ...ToolResult['content']];
  // A stored table comes with a link to its CSV, which is also in the text.
  for (const link of links) expect(link.type).toBe('resource_link');
  if (!isError) expect(JSON.parse(text)).toEqual(structuredContent);
  return text;
}
const sampleOf = (name: string) => sampleCalls(sandbox.workspace).find(([tool]) => tool === name)![1];

describe.each(OLD_CLIENTS)('with the SDK %s', (sdk) => {
  test('connects with a Header Auth credential and lists every tool to the last page', async () => {
    const listed = await execute({ ...node, sdk }, (client) => client.tools());
    expect(listed).toHaveLength(defaultTools.length);
    // The form of the node and its filter of arguments use these fields.
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
    expect(JSON.parse(shown(result))).toEqual({ valid: true, source: 'sandbox' });
    expect(sandbox.requests.map((request) => request.headers['x-api-key'])).toEqual([OTHER_TEST_KEY]);
  });

  test('a tool without parameters accepts {}, null, nothing, or the additions of n8n', async () => {
    const answers = await execute({ ...node, sdk }, async (client) => [
      await client.call('check_api_key', {}),
      await client.call('check_api_key', null),
      await client.call('check_api_key'),
      await client.call('check_api_key', addedByN8n()),
    ]);
    expect(answers.map((answer) => JSON.parse(shown(answer)).valid)).toEqual([true, true, true, true]);
    expect(sandbox.requests).toHaveLength(4);
  });

  test('reads, gets a preview and sends in separate executions', async () => {
    const { accountId, conversationId } = sandbox.workspace.fixtures.unreadReply;
    const at = { ...node, sdk };
    const read = await execute(at, (client) =>
      client.call('get_conversation', { accountId, conversationId, ...addedByN8n() }),
    );
    expect(shown(read)).toContain(conversationId);

    const message = `Sent through n8n with ${sdk}`;
    const args = { conversationId, linkedInAccountId: accountId, message, confirmToken: null, subject: '' };
    const before = sandbox.reached.total;
    const asked = await execute(at, (client) => client.call('send_message', { ...args, ...addedByN8n() }));
    const { confirmation } = JSON.parse(shown(asked));
    expect(confirmation.preview.text).toContain(`> ${message}`);
    expect(sandbox.reached.total).toBe(before);

    const { confirmToken } = confirmation;
    const allowed = () =>
      execute(at, (client) => client.call('send_message', { ...args, confirmToken, ...addedByN8n() }));
    expect(JSON.parse(shown(await allowed()))).toMatchObject({ delivery: 'seen_in_thread' });
    expect(sandbox.reached.total).toBe(before + 1);
    expect(shown(await allowed())).toMatch(/used already[\s\S]*Outcome: not_sent/);
    expect(sandbox.reached.total).toBe(before + 1);
  });
});

describe('the additions of n8n', () => {
  const examples: [kind: string, tool: string][] = [
    ['read', 'list_leads_in_campaign'],
    ['write', 'add_lead_tags'],
    ['stop', 'pause_campaign'],
    ['destructive', 'remove_leads_from_list_by_url'],
    ['egress', 'create_webhook'],
    ['outreach', 'add_leads_to_campaign'],
  ];

  test('are tested with every kind of tool', () => {
    expect(new Set(examples.map(([, name]) => tools.find((tool) => tool.name === name)?.risk))).toEqual(
      new Set(tools.map(({ risk }) => risk)),
    );
  });

  test.each(examples)('are dropped from a call of the kind %s: %s', async (_, tool) => {
    const args = sampleOf(tool);
    const call = (more = {}) =>
      execute(node, (client) => client.call(tool, { ...args, ...addedByN8n(), ...more })).then((result) => {
        expect(result.isError, result.content[0]?.text).toBeFalsy();
        return JSON.parse(shown(result));
      });
    const first = await call();
    if (first.confirmation !== undefined) {
      // The same call with the token, and with other additions, because each call has its own id.
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

  test('do not appear in the error about an argument of the model', async () => {
    const slip = { campainId: 7, ...addedByN8n() };
    const text = shown(await execute(node, (client) => client.call('get_campaign', slip)));
    expect(text).toMatch(/campainId \(did you mean campaignId\?\)/);
    expect(text).not.toMatch(/sessionId|chatInput|toolCallId/);
    expect(sandbox.requests).toEqual([]);
  });
});

test('optional parameters that come as null or as an empty text change nothing', async () => {
  await execute(node, async (client) => {
    const listed = await client.tools();
    const reads = listed.filter(({ name }) => tools.find((tool) => tool.name === name)?.risk === 'read');
    for (const { name, inputSchema } of reads) {
      // The sample of check_campaign takes more requests than its share of a minute, so each call would read further.
      const campaignId = sandbox.workspace.fixtures.campaigns.IN_PROGRESS[0];
      const args = name === 'check_campaign' ? { campaignId } : sampleOf(name);
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

/** Every optional parameter, as n8n fills it in. */
function leftOut({ inputSchema: { properties = {}, required = [] } }: N8nTool, nothing: unknown) {
  const names = Object.keys(properties).filter((name) => !required.includes(name));
  return Object.fromEntries(names.map((name) => [name, nothing]));
}
/**
 * The time of the sandbox moves on between two calls, each stored table has its own id, and only the first call reads
 * an index.
 */
const withoutTimes = (text: string) =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then')
    .replaceAll(/\b[0-9a-f]{12}\b/g, 'id')
    .replaceAll(/"(requests|age|seconds)":\d+/g, '"$1":0');

describe('an error', () => {
  test('has everything in its text: the answer of HeyReach, the next step, and the outcome', async () => {
    const text = shown(
      await execute(node, (client) => client.call('get_campaign', { campaignId: 1, ...addedByN8n() })),
    );
    expect(text).toMatch(/HTTP 404.*Campaign with id 1 was not found\.[\s\S]*Next step: .*[\s\S]*Outcome: refused/);
  });

  test('without a credential names the header of the key, and tools are still listed', async () => {
    const text = await execute({ url: node.url }, async (client) => {
      expect(await client.tools()).toHaveLength(defaultTools.length);
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

test('a Bearer Auth credential may contain a token of the server, and without it the node reports 401', async () => {
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
  // n8n uses the number to distinguish a rejected credential from an unreachable server.
  await expect(execute({ url: lending.url }, (client) => client.tools())).rejects.toThrow(/401/);
  await lending.stop();
  rmSync(folder, { recursive: true });
});

describe('the nodes of docs/clients.md', () => {
  /** The value of an n8n expression for the item of the previous node. */
  const evaluate = (name: string, $json: object): unknown => {
    const [, code] = /^\{\{ (.+) \}\}$/.exec(block(name))!;
    return new Function('$json', `return ${code}`)($json);
  };

  test('confirm a call, and read the outcome of an error', async () => {
    const flags = block('n8n').replace('node dist/main.js --transport http ', '').split(' ').slice(2);
    expect(flags).toContain('text');
    const served = await startHttpProgram({ args: [...flags, '--sandbox'] });
    // The node parses a JSON text. It throws the text of an error.
    const call = (tool: string, args: unknown) => execute({ url: served.url }, (client) => client.call(tool, args));
    const itemOf = ({ content }: ToolResult) => ({ content: [{ type: 'text', text: JSON.parse(content[0]!.text) }] });

    const preview = itemOf(await call('resume_campaign', JSON.parse(block('n8n-preview'))));
    expect(preview.content[0]!.text.confirmation.preview.text).toContain('Resume');
    const confirmed = await call('resume_campaign', JSON.parse(evaluate('n8n-confirm', preview) as string));
    expect(itemOf(confirmed).content[0]!.text).toMatchObject({ status: 'IN_PROGRESS' });

    const missing = await call('get_campaign', { campaignId: 1 });
    expect(missing.isError).toBe(true);
    expect(evaluate('n8n-error', { error: { message: missing.content[0]!.text } })).toBe('refused');
    await served.stop();
  });
});
