import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { prompts } from '../../src/prompts/prompt-registry.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { CLIENTS, connectHttp, connectStdio, type McpPeer } from '../support/clients/clients.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { TEST_KEY } from '../support/runs/keys.ts';
import { cellsOf } from '../support/runs/run-scope.ts';
import { promptArguments, resultsIn, textsOf } from '../support/tools/prompts.ts';

const NAMES = prompts.map(({ name }) => name);

describe.each(cellsOf(CLIENTS))('$client over $transport', ({ transport, client }) => {
  let sandbox: Sandbox;
  let program: HttpProgram | undefined;
  let peer: McpPeer;
  const env = () => ({ HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY });

  beforeAll(async () => {
    sandbox = await startSandbox({ clock: 'manual' });
    if (transport === 'http') program = await startHttpProgram({ env: env() });
    peer = program === undefined ? await connectStdio(client, { env: env() }) : await connectHttp(client, program.url);
  });
  beforeEach(() => {
    sandbox.faults.clear();
    sandbox.requests.length = 0;
  });
  afterAll(async () => {
    await peer?.close();
    await program?.stop();
    await sandbox?.close();
  });

  test('lists the prompts with their arguments, without a request to HeyReach', async () => {
    const listed = await peer.listPrompts();
    expect(listed.map(({ name }) => name)).toEqual(NAMES);
    for (const { title, description } of listed) expect(title && description).toBeTruthy();
    expect(listed.find(({ name }) => name === 'reply_to_lead')?.arguments).toEqual([
      expect.objectContaining({ name: 'accountId', required: true }),
      expect.objectContaining({ name: 'conversationId', required: true }),
      expect.objectContaining({ name: 'intent', required: false }),
    ]);
    expect(sandbox.requests).toEqual([]);
  });

  test('every prompt returns the results, then the instructions', async () => {
    for (const name of NAMES) {
      const got = await peer.getPrompt(name, promptArguments(sandbox)[name]);
      const types = got.messages.map(({ content }) => content.type);
      expect(got.messages.every(({ role }) => role === 'user')).toBe(true);
      expect(types, name).toEqual([...types.slice(1).map(() => 'resource'), 'text']);
      expect(types.length, name).toBeGreaterThan(1);
    }
  });

  test('reply_to_lead embeds the conversation and accepts an intent', async () => {
    const { accountId, conversationId } = sandbox.workspace.fixtures.unreadReply;
    const args = { accountId: String(accountId), conversationId, intent: 'propose a call' };
    const got = await peer.getPrompt('reply_to_lead', args);
    const [thread] = resultsIn(got);
    const { body } = sandbox.workspace.conversations.get(conversationId)!.messages.at(-1)!;
    expect(thread!.structure.messages).toContainEqual(expect.objectContaining({ body, sender: 'CORRESPONDENT' }));
    expect(textsOf(got).at(-1)).toContain('Its purpose: propose a call');
  });

  test('an invalid argument is an error that names it', async () => {
    await expect(peer.getPrompt('weekly_report', { endDate: '2999-01-01' })).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringMatching(/endDate of weekly_report cannot be "2999-01-01"/),
    });
    expect(sandbox.requests).toEqual([]);
  });

  test('the prompt names a tool that fails', async () => {
    sandbox.faults.add({ kind: 'status', status: 401, body: 'Invalid API key', times: 1_000 });
    const got = await peer.getPrompt('triage_inbox');
    expect(resultsIn(got)).toEqual([]);
    expect(textsOf(got)).toEqual([expect.stringMatching(/\nlist_unanswered failed, .*"Invalid API key"/)]);
  });
});
