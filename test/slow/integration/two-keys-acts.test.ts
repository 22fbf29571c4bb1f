import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectHttp, type ToolResult } from '../../support/clients/clients.ts';
import { allowing } from '../../support/clients/forms.ts';
import { ERAS, errorIn, type Speaker, speaker, tokenIn } from '../../support/clients/stdio-lines.ts';
import { type OwnedWorkspace, startTwoWorkspaces, type TwoWorkspaces } from '../../support/heyreach/two-workspaces.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../../support/runs/keys.ts';
import { useAuditFile } from '../../support/tools/audit.ts';

/** One server for two customers: the calls, confirmations and records of one do not affect the other. */
let heyreach: TwoWorkspaces;
const programs: HttpProgram[] = [];
beforeEach(async () => {
  heyreach = await startTwoWorkspaces({ clock: 'running' });
});
afterEach(async () => {
  for (const program of programs.splice(0)) {
    for (const key of [TEST_KEY, OTHER_TEST_KEY]) expect(program.stderr()).not.toContain(key);
    for (const { mark } of [heyreach.first, heyreach.second]) expect(program.stderr()).not.toContain(mark);
    await program.stop();
  }
  await heyreach.close();
});

async function start(args: string[] = [], env: Record<string, string> = {}): Promise<string> {
  const program = await startHttpProgram({ args, env: { HEYREACH_BASE_URL: heyreach.url, ...env } });
  programs.push(program);
  return program.url;
}
const message = (text: string, nth = 0) => {
  const { id, accountId } = [...heyreach.first.workspace.conversations.values()].filter(
    (conversation) => !conversation.groupChat,
  )[nth]!;
  return { conversationId: id, linkedInAccountId: accountId, message: text };
};
const sends = ({ requests }: OwnedWorkspace) =>
  requests.filter(({ path }) => path.includes('/inbox/SendMessage')).length;
const count = () => [sends(heyreach.first), sends(heyreach.second)];

describe.each(ERAS)('in the era of %s', (era) => {
  let first: Speaker;
  let second: Speaker;
  const begin = async (args: string[] = [], env: Record<string, string> = {}, capabilities: object = {}) => {
    const url = await start(args, env);
    first = speaker(url, era, { 'x-api-key': TEST_KEY }, capabilities);
    second = speaker(url, era, { authorization: `Bearer ${OTHER_TEST_KEY}` }, capabilities);
  };

  test('a confirmToken works for the key that got the preview, also after another key tried it', async () => {
    await begin();
    const args = message('Confirmed by the first');
    const shown = await first.call('send_message', args);
    const confirmToken = tokenIn(shown);
    expect(JSON.stringify(shown)).toContain(heyreach.first.mark);
    const before = heyreach.second.requests.length;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const refused = await second.call('send_message', { ...args, confirmToken });
      expect(errorIn(refused)).toMatchObject({ kind: 'confirmation_other_key', outcome: 'not_sent' });
      expect(JSON.stringify(refused)).not.toContain(heyreach.first.mark);
    }
    expect(heyreach.second.requests).toHaveLength(before);
    expect(count()).toEqual([0, 0]);
    const sent = await first.call('send_message', { ...args, confirmToken });
    expect(sent.structuredContent).toMatchObject({ delivery: expect.any(String) });
    expect(count()).toEqual([1, 0]);
    // The use by one key does not affect the other key, whose preview was separate.
    const own = tokenIn(await second.call('send_message', args));
    expect(errorIn(await first.call('send_message', { ...args, confirmToken: own }))?.kind).toBe(
      'confirmation_other_key',
    );
    expect((await second.call('send_message', { ...args, confirmToken: own })).isError).toBeFalsy();
    expect(count()).toEqual([1, 1]);
  });

  test('the text of a send is blocked only for its own key', async () => {
    await begin(['--confirm', 'off']);
    const args = message('The same from both');
    expect((await first.call('send_message', args)).isError).toBeFalsy();
    const again = errorIn(await first.call('send_message', args));
    expect(again).toMatchObject({ outcome: 'not_sent' });
    expect((await second.call('send_message', args)).isError).toBeFalsy();
    expect(errorIn(await second.call('send_message', args))).toMatchObject({ kind: again!.kind });
    expect(count()).toEqual([1, 1]);
  });

  test('a send with an unclear outcome blocks the text only for its own key', async () => {
    await begin(['--confirm', 'off'], { HEYREACH_TOOL_TIMEOUT_SECONDS: '8' });
    const args = message('Perhaps sent');
    heyreach.first.faults.add({ match: { path: '/inbox/SendMessage' }, kind: 'resetBefore' });
    expect(errorIn(await first.call('send_message', args))).toMatchObject({ outcome: 'unknown' });
    expect(errorIn(await first.call('send_message', args))).toMatchObject({ outcome: 'not_sent' });
    const sent = await second.call('send_message', args);
    expect(sent.isError).toBeFalsy();
    expect(count()).toEqual([1, 1]);
  });

  test('the messages of an hour are counted per key', async () => {
    await begin(['--confirm', 'off'], { HEYREACH_MAX_SENDS_PER_HOUR: '2' });
    const send = (who: Speaker, nth: number) => who.call('send_message', message(`Number ${nth}`, nth));
    for (const nth of [0, 1]) expect((await send(first, nth)).isError).toBeFalsy();
    expect(errorIn(await send(first, 2))).toMatchObject({ kind: 'too_many_sends', outcome: 'not_sent' });
    for (const nth of [0, 1]) expect((await send(second, nth)).isError).toBeFalsy();
    expect(errorIn(await send(second, 2))).toMatchObject({ kind: 'too_many_sends', outcome: 'not_sent' });
    expect(count()).toEqual([2, 2]);
  });

  test('a conversation that one key is writing to is free for the other key, which has a conversation with the same id', async () => {
    await begin(['--confirm', 'off']);
    const { arrived, letGo } = heyreach.holdBack(heyreach.first, '/inbox/SendMessage');
    const slow = first.call('send_message', message('Slow'));
    await arrived;
    expect(errorIn(await first.call('send_message', message('Meanwhile')))).toMatchObject({ kind: 'busy' });
    expect((await second.call('send_message', message('Meanwhile'))).isError).toBeFalsy();
    letGo();
    expect((await slow).isError).toBeFalsy();
  });
});

describe('the request state of 2026-07-28', () => {
  const forms = { elicitation: { form: {} } };

  test('is valid only for the key that was asked', async () => {
    const url = await start();
    const [first, second] = [TEST_KEY, OTHER_TEST_KEY].map((key) =>
      speaker(url, '2026-07-28', { 'x-api-key': key }, forms),
    );
    const params = { name: 'send_message', arguments: message('Asked of the first') };
    const asked = await first!.ask('tools/call', params);
    expect(asked).toMatchObject({ resultType: 'input_required', requestState: expect.any(String) });
    expect(JSON.stringify(asked)).toContain(heyreach.first.mark);
    const answered = { ...params, ...allowing(asked) };
    const before = heyreach.second.requests.length;
    const refused = (await second!.ask('tools/call', answered)) as unknown as ToolResult;
    expect(errorIn(refused)).toMatchObject({ kind: 'confirmation_other_key', outcome: 'not_sent' });
    expect(JSON.stringify(refused)).not.toContain(heyreach.first.mark);
    expect(heyreach.second.requests).toHaveLength(before);
    // A state is not valid as a token, and a token not as a state.
    const asToken = speaker(url, '2026-07-28', { 'x-api-key': TEST_KEY });
    const turned = await asToken.call('send_message', { ...params.arguments, confirmToken: asked.requestState });
    expect(errorIn(turned)).toMatchObject({ kind: 'confirmation_forged' });
    expect(count()).toEqual([0, 0]);
    const sent = await first!.ask('tools/call', answered);
    expect(sent).toMatchObject({ structuredContent: { delivery: expect.any(String) } });
    expect(count()).toEqual([1, 0]);
  });
});

describe('the audit log', () => {
  const file = useAuditFile();
  const recent = async (who: Speaker) => {
    const read = await who.ask('resources/read', { uri: 'heyreach://audit/recent' });
    const [content] = read.contents as { text: string }[];
    return JSON.parse(content!.text) as { calls: { arguments: { name: string } }[] };
  };

  test.each(ERAS)('of both keys in one file shows each key only its own calls (%s)', async (era) => {
    const url = await start([], { HEYREACH_AUDIT_LOG: file.path });
    const [first, second, nobody] = [{ 'x-api-key': TEST_KEY }, { authorization: `Bearer ${OTHER_TEST_KEY}` }, {}].map(
      (headers) => speaker(url, era, headers as Record<string, string>),
    );
    for (const nth of [1, 2, 3]) {
      await first!.call('create_list', { name: `${heyreach.first.mark} ${nth}` });
      await second!.call('create_list', { name: `${heyreach.second.mark} ${nth}` });
    }
    const namesOf = async (who: Speaker) => (await recent(who)).calls.map((call) => call.arguments.name);
    expect(await namesOf(first!)).toEqual([3, 2, 1].map((nth) => `${heyreach.first.mark} ${nth}`));
    expect(await namesOf(second!)).toEqual([3, 2, 1].map((nth) => `${heyreach.second.mark} ${nth}`));
    expect(await namesOf(nobody!)).toEqual([]);
    expect(file.lines()).toHaveLength(12);
    for (const key of [TEST_KEY, OTHER_TEST_KEY]) expect(file.text()).not.toContain(key);
  });
});

describe('listeners for changes', () => {
  test('each key receives only its own changes, also if both subscribe to the same URI', async () => {
    const url = await start();
    const [running = 0] = heyreach.first.workspace.fixtures.campaigns.IN_PROGRESS;
    const uri = `heyreach://campaigns/${running}`;
    const peers = await Promise.all(
      [TEST_KEY, OTHER_TEST_KEY].map((key) => connectHttp('v2-modern', url, { 'x-api-key': key })),
    );
    const [first, second] = peers;
    for (const peer of peers) await peer.subscribe([uri, 'heyreach://lists'], true);
    await first!.callTool('pause_campaign', { campaignId: running });
    await expect.poll(() => first!.told).toContain(uri);
    await second!.callTool('create_list', { name: 'Of the second' });
    await expect.poll(() => second!.told).toEqual(['heyreach://lists']);
    expect(first!.told).not.toContain('heyreach://lists');
    for (const peer of peers) await peer.close();
  });
});
