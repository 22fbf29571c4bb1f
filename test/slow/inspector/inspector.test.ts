import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guides, resources } from '../../../src/resources/index.ts';
import type { GotPrompt, ListedPrompt, ListedResource, ToolResult } from '../../support/clients/clients.ts';
import { startStub } from '../../support/heyreach/heyreach-stub.ts';
import { type HttpProgram, runMain, startHttpProgram } from '../../support/programs/program.ts';
import { OTHER_TEST_KEY } from '../../support/runs/keys.ts';
import { defaultTools } from '../../support/tools/tool-counts.ts';
import { STDIO, useInspector } from './inspector.ts';

const inspector = useInspector();
const ERAS = ['legacy', 'modern'] as const;
const cells = (['stdio', 'HTTP'] as const).flatMap((transport) => ERAS.map((era) => ({ transport, era })));

let program: HttpProgram;
beforeAll(async () => {
  program = await startHttpProgram({ args: ['--sandbox'] });
});
afterAll(() => program?.stop());

const CALL = ['--method', 'tools/call', '--tool-name'];

describe.each(cells)('over $transport, $era era', ({ transport, era }) => {
  const ask = <Result = ToolResult>(...args: string[]) =>
    inspector.ask<Result>(...(transport === 'stdio' ? STDIO : [program.url]), '--protocol-era', era, ...args);

  test('lists the tools without a warning', async () => {
    const { code, result, stderr } = await ask<{ tools: { name: string }[] }>('--method', 'tools/list', '--strict');
    expect(code, stderr).toBe(0);
    expect(result?.tools).toHaveLength(defaultTools.length);
    // Each finding is a warning triangle in the browser. Without a finding nothing is printed.
    expect(stderr).not.toMatch(/^(?:Warning|Error): tool /m);
  });

  test('calls a tool and gets its structure, and the same as text', async () => {
    const { code, result, error } = await ask(...CALL, 'list_campaigns', '--tool-arg', 'limit=2');
    expect(code).toBe(0);
    expect(error).toBeUndefined();
    expect(result?.isError).toBeFalsy();
    expect(result?.structuredContent).toMatchObject({ totalCount: 12, returned: 2, nextOffset: 2 });
    expect(JSON.parse(result!.content[0]!.text)).toEqual(result?.structuredContent);
    expect(result?._meta?.['heyreach-mcp/source']).toBe('sandbox');
  });

  test.each([
    ['an unknown campaign', 'campaignId=1', 'not_found', 'refused'],
    ['a typing error in a name', 'campainId=1', 'invalid_input', 'not_sent'],
  ])('reports %s, and ends with its own exit code for an error', async (_, argument, kind, outcome) => {
    const { code, result, error } = await ask(...CALL, 'get_campaign', '--tool-arg', argument);
    expect(code).toBe(5);
    expect(error?.code).toBe('tool_is_error');
    expect(result).toMatchObject({ isError: true, structuredContent: { error: { kind, outcome } } });
  });

  test('lists resources to the end of the listing, their templates, and reads one', async () => {
    const listed = await ask<{ resources: ListedResource[] }>('--method', 'resources/list');
    expect(listed.code).toBe(0);
    const uris = listed.result!.resources.map(({ uri }) => uri);
    expect(uris).toEqual(expect.arrayContaining(guides.map(({ uri }) => uri)));
    // The sandbox has 150 conversations, which take three pages.
    expect(uris.filter((uri) => uri.startsWith('heyreach://conversations/'))).toHaveLength(150);

    const templates = await ask<{ resourceTemplates: { uriTemplate: string }[] }>(
      '--method',
      'resources/templates/list',
    );
    expect(templates.result?.resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(
      resources.map(({ uri }) => uri).filter((uri) => uri.includes('{')),
    );

    const campaign = uris.find((uri) => /campaigns\/\d+$/.test(uri))!;
    const read = await ask<{ contents: { text: string }[] }>('--method', 'resources/read', '--uri', campaign);
    expect(JSON.parse(read.result!.contents[0]!.text)).toMatchObject({ id: Number(campaign.split('/').at(-1)) });

    const missing = await ask('--method', 'resources/read', '--uri', 'heyreach://campaigns/1');
    expect(missing.code).toBe(1);
    expect(missing.error?.message).toContain('Campaign with id 1 was not found.');
  });

  test('lists prompts and gets one with its embedded results', async () => {
    const listed = await ask<{ prompts: ListedPrompt[] }>('--method', 'prompts/list');
    expect(listed.code).toBe(0);
    expect(listed.result?.prompts).toHaveLength(5);
    const promptArgs = ['--prompt-name', 'campaign_review', '--prompt-args', 'campaignId=600170'];
    const { code, result } = await ask<GotPrompt>('--method', 'prompts/get', ...promptArgs);
    expect(code).toBe(0);
    const uris = result?.messages.map(({ content }) => content.resource?.uri);
    expect(uris).toContain('heyreach://tools/check_campaign?campaignId=600170');
  });
});

describe('with a header for the key', () => {
  const check = (url: string, ...args: string[]) => inspector.ask(url, ...CALL, 'check_api_key', ...args);

  test.each([`X-API-KEY: ${OTHER_TEST_KEY}`, `Authorization: Bearer ${OTHER_TEST_KEY}`])(
    'the key reaches HeyReach, and without it the call is rejected and nothing is sent: %#',
    async (header) => {
      const heyreach = await startStub();
      const keyless = await startHttpProgram({ env: { HEYREACH_BASE_URL: heyreach.url } });
      const known = await check(keyless.url, '--header', header);
      expect(known).toMatchObject({ code: 0, result: { structuredContent: { valid: true, source: 'live' } } });
      expect(heyreach.requests.map(({ headers }) => headers['x-api-key'])).toEqual([OTHER_TEST_KEY]);
      const unknown = await check(keyless.url);
      expect(unknown.code).toBe(5);
      expect(unknown.result?.structuredContent?.error).toMatchObject({ kind: 'no_key', outcome: 'not_sent' });
      expect(heyreach.requests).toHaveLength(1);
      await keyless.stop();
      await heyreach.close();
    },
  );
});

test.each(ERAS)(
  'is accepted with a token of the server, and rejected with another token or none (%s era)',
  async (era) => {
    const folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-inspector-tokens-'));
    const file = join(folder, 'tokens');
    const token = (await runMain(['token', 'inspector', '--mode', 'read-only', '--file', file])).stdout.trim();
    const guarded = await startHttpProgram({ args: ['--sandbox'], env: { HEYREACH_MCP_TOKENS: file } });
    const list = (...header: string[]) =>
      inspector.ask<{ tools: { name: string }[] }>(
        guarded.url,
        ...['--protocol-era', era, '--method', 'tools/list', ...header],
      );

    const admitted = await list('--header', `Authorization: Bearer ${token}`);
    expect(admitted.code).toBe(0);
    expect(admitted.result?.tools.map(({ name }) => name)).not.toContain('send_message');
    for (const header of [['--header', 'Authorization: Bearer made-up'], []]) {
      const refused = await list(...header);
      expect(refused).toMatchObject({ code: 3, result: undefined, error: { code: 'auth_required' } });
    }
    await guarded.stop();
    rmSync(folder, { recursive: true });
  },
);

test('finds the era by itself', async () => {
  const { code, result } = await inspector.ask(...STDIO, '--protocol-era', 'auto', ...CALL, 'check_api_key');
  expect(code).toBe(0);
  expect(result?.structuredContent).toEqual({ valid: true, source: 'sandbox' });
  // Only results of 2026-07-28 name the server that made them.
  expect(result?._meta?.['io.modelcontextprotocol/serverInfo']).toMatchObject({ name: 'heyreach-mcp' });
});

test('an unknown tool is an error of the call', async () => {
  const { code, error } = await inspector.ask(...STDIO, ...CALL, 'delete_everything');
  expect(code).toBe(5);
  expect(error?.code).toBe('tool_not_found');
});
