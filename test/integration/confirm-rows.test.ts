import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { connectHttp, connectStdio, type McpPeer, type ToolResult } from '../support/clients/clients.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../support/runs/keys.ts';
import { onlyInFullRun } from '../support/runs/run-scope.ts';

const SECRET = 'made-up-state-secret-of-the-tests-0123456789';
const READS = /^(GET |POST \S+\/Get\w+)/;
const tokenIn = ({ structuredContent }: ToolResult) =>
  (structuredContent as { confirmation?: { confirmToken: string } }).confirmation?.confirmToken ?? '';
const errorIn = ({ structuredContent }: ToolResult) =>
  (structuredContent as { error?: { kind: string; message: string; nextStep: string; outcome: string } }).error;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ rateLimit: false });
});
afterAll(() => sandbox.close());

const env = (further: Record<string, string> = {}) => ({
  HEYREACH_BASE_URL: sandbox.url,
  HEYREACH_API_KEY: TEST_KEY,
  HEYREACH_TOOLSETS: 'default,legacy',
  ...further,
});
const person = (name: string) => ({
  profileUrl: `https://www.linkedin.com/in/${name}-example`,
  firstName: name,
  lastName: 'Example',
});
const people = (prefix: string, count = 120) =>
  Array.from({ length: count }, (_, index) => person(`${prefix}${index}`));
const pairs = (prefix: string) => people(prefix).map((lead) => ({ lead }));
const runningCampaign = () => sandbox.workspace.fixtures.campaigns.IN_PROGRESS[0]!;
const runningList = () => sandbox.workspace.campaigns.get(runningCampaign())!.listId!;

/** The tools with rows: the name of the rows, and the arguments of a call. */
const TOOLS: [tool: string, rows: string, argsOf: (prefix: string) => Record<string, unknown>][] = [
  [
    'add_leads_to_campaign',
    'accountLeadPairs',
    (prefix) => ({ campaignId: runningCampaign(), accountLeadPairs: pairs(prefix) }),
  ],
  [
    'add_leads_to_campaign_v1',
    'accountLeadPairs',
    (prefix) => ({ campaignId: runningCampaign(), accountLeadPairs: pairs(prefix) }),
  ],
  ['add_leads_to_list', 'leads', (prefix) => ({ listId: runningList(), leads: people(prefix) })],
  ['add_leads_to_list_v1', 'leads', (prefix) => ({ listId: runningList(), leads: people(prefix) })],
  ['remove_leads_from_list', 'leadMemberIds', () => ({ listId: runningList(), leadMemberIds: ['1000001', '1000002'] })],
  [
    'remove_leads_from_list_by_url',
    'profileUrls',
    (prefix) => ({ listId: runningList(), profileUrls: [person(prefix).profileUrl] }),
  ],
];
const without = (args: Record<string, unknown>, name: string) =>
  Object.fromEntries(Object.entries(args).filter(([key]) => key !== name));
/** The requests that change something, with their bodies. */
const writesSince = (count: number) =>
  sandbox.requests
    .slice(count)
    .filter(({ method, path }) => !READS.test(`${method} ${path}`))
    .map(({ path, body }) => ({ path, body }));

/** A client of its own program: each process has its own 300 requests a minute. */
async function open(transport: 'stdio' | 'HTTP'): Promise<{ peer: McpPeer; close(): Promise<void> }> {
  if (transport === 'stdio') {
    const peer = await connectStdio('v1', { env: env() });
    return { peer, close: () => peer.close() };
  }
  const program = await startHttpProgram({ env: env() });
  const peer = await connectHttp('v1', program.url);
  return { peer, close: async () => void (await peer.close().then(() => program.stop())) };
}

describe.each(['stdio' as const, ...onlyInFullRun(['HTTP' as const])])('a confirmed call over %s', (transport) => {
  describe.each([TOOLS[0]!, ...onlyInFullRun(TOOLS.slice(1, -1)), TOOLS.at(-1)!])('of %s', (tool, rows, argsOf) => {
    let peer: McpPeer;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ peer, close } = await open(transport));
    });
    afterAll(() => close?.());

    test('may omit its rows, and sends the same requests as with them', async () => {
      const args = argsOf('a');
      const withRows = tokenIn(await peer.callTool(tool, args));
      const shown = sandbox.requests.length;
      expect((await peer.callTool(tool, { ...args, confirmToken: withRows })).isError).toBeFalsy();
      const expected = writesSince(shown);

      const preview = await peer.callTool(tool, args);
      expect(tokenIn(preview)).toMatch(/^[\w-]{1,16}$/);
      expect(preview.structuredContent?.nextStep).toContain(`omit ${rows}`);
      const before = sandbox.requests.length;
      const argsWithToken = { ...without(args, rows), confirmToken: tokenIn(preview) };
      const done = await peer.callTool(tool, argsWithToken);
      expect(done.isError, done.content[0]?.text).toBeFalsy();
      expect(writesSince(before)).toEqual(expected);
      expect(expected.length).toBeGreaterThan(0);

      const again = sandbox.requests.length;
      expect(errorIn(await peer.callTool(tool, argsWithToken))).toMatchObject({ kind: 'confirmation_used' });
      expect(writesSince(again)).toEqual([]);
    });

    test.each([
      ['null', null],
      ['an empty text', ''],
      ['an empty list', []],
    ])('treats %s as omitted rows', async (_, omitted) => {
      const args = argsOf('b');
      const confirmToken = tokenIn(await peer.callTool(tool, args));
      const done = await peer.callTool(tool, { ...args, [rows]: omitted, confirmToken });
      expect(done.isError, done.content[0]?.text).toBeFalsy();
    });

    test('accepts rows under another name of the parameter', async () => {
      const name = { profileUrls: 'leadProfileUrls', leadMemberIds: 'linkedinIds' }[rows];
      if (name === undefined) return;
      const args = argsOf('d');
      const confirmToken = tokenIn(await peer.callTool(tool, args));
      const renamedArgs = { ...without(args, rows), [name]: args[rows], confirmToken };
      const done = await peer.callTool(tool, renamedArgs);
      expect(done.isError, done.content[0]?.text).toBeFalsy();
    });

    test('requires its other arguments, and rows or a token', async () => {
      const args = argsOf('c');
      const confirmToken = tokenIn(await peer.callTool(tool, args));
      const before = sandbox.requests.length;
      const [id = ''] = Object.keys(args);
      const alone = await peer.callTool(tool, { confirmToken });
      expect(errorIn(alone)).toMatchObject({
        kind: 'invalid_input',
        message: expect.stringContaining(`${id} is required`),
      });
      const bare = await peer.callTool(tool, without(args, rows));
      expect(errorIn(bare)).toMatchObject({
        kind: 'invalid_input',
        message: expect.stringContaining(`${rows} is required`),
      });
      expect(sandbox.requests).toHaveLength(before);
    });
  });
});

describe.each(['stdio' as const, ...onlyInFullRun(['HTTP' as const])])(
  'a call that differs from its preview, over %s,',
  (transport) => {
    let peer: McpPeer;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ peer, close } = await open(transport));
    });
    afterAll(() => close?.());

    test('is rejected with another argument, and the new token needs no rows either', async () => {
      const args = { campaignId: runningCampaign(), accountLeadPairs: pairs('d') };
      const confirmToken = tokenIn(await peer.callTool('add_leads_to_campaign', args));
      const before = sandbox.requests.length;
      const changed = { campaignId: args.campaignId, resumeFinishedCampaign: true };
      const rejected = await peer.callTool('add_leads_to_campaign', { ...changed, confirmToken });
      expect(errorIn(rejected)).toMatchObject({ kind: 'confirmation_other_arguments' });
      expect(writesSince(before)).toEqual([]);
      const done = await peer.callTool('add_leads_to_campaign', { ...changed, confirmToken: tokenIn(rejected) });
      expect(done.structuredContent).toMatchObject({ given: 120 });
    });

    test('is rejected with other rows, or by another tool', async () => {
      const args = { listId: runningList(), leads: people('e') };
      const confirmToken = tokenIn(await peer.callTool('add_leads_to_list', args));
      const before = sandbox.requests.length;
      const other = { listId: args.listId, leads: people('f'), confirmToken };
      expect(errorIn(await peer.callTool('add_leads_to_list', other))).toMatchObject({
        kind: 'confirmation_other_arguments',
      });
      const bare = { listId: args.listId, confirmToken };
      expect(errorIn(await peer.callTool('add_leads_to_list_v1', bare))).toMatchObject({
        kind: 'confirmation_other_tool',
      });
      expect(errorIn(await peer.callTool('remove_leads_from_list', bare))).toMatchObject({
        kind: 'confirmation_other_tool',
      });
      expect(errorIn(await peer.callTool('add_leads_to_list', { ...bare, confirmToken: 'made up' }))).toMatchObject({
        kind: 'confirmation_forged',
      });
      expect(writesSince(before)).toEqual([]);
    });
  },
);

test('the schemas make only the rows optional, and say when', async () => {
  const peer = await connectStdio('v1', { env: env() });
  const listed = await peer.listTools();
  for (const [tool, rows, argsOf] of TOOLS) {
    const { required, properties } = listed.find(({ name }) => name === tool)!.inputSchema as {
      required: string[];
      properties: Record<string, { description: string }>;
    };
    expect(required, tool).toEqual(Object.keys(argsOf('g')).filter((name) => name !== rows));
    expect(properties[rows]?.description, tool).toMatch(/omit with confirmToken/);
  }
  await peer.close();
});

describe('keys and processes', () => {
  const programs: HttpProgram[] = [];
  const peers: McpPeer[] = [];
  afterAll(async () => {
    for (const peer of peers) await peer.close();
    for (const program of programs) await program.stop();
  });
  const start = async (further: Record<string, string> = {}) => {
    programs.push(await startHttpProgram({ env: env(further) }));
    return programs.at(-1)!;
  };
  const connect = async ({ url }: HttpProgram, key = TEST_KEY) => {
    peers.push(await connectHttp('v1', url, { 'x-api-key': key }));
    return peers.at(-1)!;
  };

  test('another key can neither use the rows nor make the call', async () => {
    const program = await start();
    const [mine, theirs] = [await connect(program), await connect(program, OTHER_TEST_KEY)];
    const args = { campaignId: runningCampaign(), accountLeadPairs: pairs('secret') };
    const confirmToken = tokenIn(await mine.callTool('add_leads_to_campaign', args));
    const before = sandbox.requests.length;
    const result = await theirs.callTool('add_leads_to_campaign', { campaignId: args.campaignId, confirmToken });
    expect(errorIn(result)).toMatchObject({ kind: 'confirmation_other_key' });
    expect(JSON.stringify(result)).not.toContain('secret');
    expect(sandbox.requests).toHaveLength(before);
  });

  test('a process without the rows reports it, and accepts the same token with the rows, once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-rows-'));
    const secret = { HEYREACH_STATE_SECRET: SECRET, TMPDIR: folder };
    const args = { campaignId: runningCampaign(), accountLeadPairs: pairs('h') };
    const first = await start(secret);
    const replica = await connect(await start(secret));
    const confirmToken = tokenIn(await (await connect(first)).callTool('add_leads_to_campaign', args));
    first.process.kill('SIGKILL');
    const restarted = await connect(await start(secret));

    const before = sandbox.requests.length;
    for (const peer of [replica, restarted]) {
      const result = await peer.callTool('add_leads_to_campaign', { campaignId: args.campaignId, confirmToken });
      expect(errorIn(result)).toMatchObject({
        kind: 'confirmation_rows_needed',
        nextStep: expect.stringMatching(/with accountLeadPairs and with the same confirmToken/),
        outcome: 'not_sent',
      });
    }
    expect(sandbox.requests).toHaveLength(before);
    const done = await replica.callTool('add_leads_to_campaign', { ...args, confirmToken });
    expect(done.structuredContent).toMatchObject({ sent: 120 });
    for (const sentArgs of [args, { campaignId: args.campaignId }]) {
      const again = await restarted.callTool('add_leads_to_campaign', { ...sentArgs, confirmToken });
      expect(errorIn(again)).toMatchObject({ kind: 'confirmation_used' });
    }
    rmSync(folder, { recursive: true });
  });

  test('without a secret, a restart invalidates the confirmation', async () => {
    const args = { campaignId: runningCampaign(), accountLeadPairs: pairs('i') };
    const confirmToken = tokenIn(await (await connect(await start())).callTool('add_leads_to_campaign', args));
    const restarted = await connect(await start());
    const before = sandbox.requests.length;
    for (const sentArgs of [args, { campaignId: args.campaignId }]) {
      const result = await restarted.callTool('add_leads_to_campaign', { ...sentArgs, confirmToken });
      expect(errorIn(result)).toMatchObject({ kind: 'confirmation_forged' });
    }
    expect(sandbox.requests).toHaveLength(before);
  });
});
