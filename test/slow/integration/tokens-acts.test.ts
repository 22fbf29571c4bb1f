import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { allowing } from '../../support/clients/forms.ts';
import { ERAS, type Era, errorIn, type Speaker, speaker, tokenIn } from '../../support/clients/stdio-lines.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import {
  ALL_LINES,
  bearing,
  expectNoToken,
  HOLDERS,
  type Holder,
  type TokenFileOfTest,
  tokenFile,
} from '../../support/programs/token-files.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { useAuditFile } from '../../support/tools/audit.ts';

let sandbox: Sandbox;
let file: TokenFileOfTest;
beforeAll(async () => {
  sandbox = await startSandbox({ clock: 'manual', rateLimit: false });
  file = tokenFile(...ALL_LINES);
});
afterAll(async () => {
  await sandbox?.close();
  file?.remove();
});

const as = (program: HttpProgram, holder: Holder, era: Era = '2025', capabilities?: object): Speaker =>
  speaker(program.url, era, bearing(HOLDERS[holder]), capabilities);

describe('a call with a token', () => {
  const auditLog = useAuditFile();
  let program: HttpProgram;
  beforeEach(async () => {
    const env = {
      HEYREACH_BASE_URL: sandbox.url,
      HEYREACH_API_KEY: TEST_KEY,
      HEYREACH_MCP_TOKENS: file.path,
      HEYREACH_AUDIT_LOG: auditLog.path,
    };
    program = await startHttpProgram({ args: ['--log-level', 'debug'], env });
    sandbox.requests.length = 0;
  });
  afterEach(() => program.stop());

  const message = (text: string) => {
    const { conversationId, accountId } = sandbox.workspace.fixtures.unreadReply;
    return { conversationId, linkedInAccountId: accountId, message: text };
  };
  const sends = () => sandbox.requests.filter(({ path }) => path.includes('/inbox/SendMessage')).length;

  test.each(ERAS)('is confirmed by the holder of the token: another holder cannot confirm it (%s)', async (era) => {
    const args = message(`Shown to the robot, ${era}`);
    const confirmToken = tokenIn(await as(program, 'robot', era).call('send_message', args));
    const refused = await as(program, 'friend', era).call('send_message', { ...args, confirmToken });
    expect(errorIn(refused)).toMatchObject({ kind: 'confirmation_other_key', outcome: 'not_sent' });
    expect(tokenIn(refused)).toBeUndefined();
    expect(sends()).toBe(0);
    const sent = await as(program, 'robot', era).call('send_message', { ...args, confirmToken });
    expect(sent.structuredContent).toMatchObject({ delivery: expect.any(String) });
    expect(sends()).toBe(1);
  });

  test('is also confirmed only by its holder when the question is in the state of the request', async () => {
    const forms = { elicitation: { form: {} } };
    const [robot, friend] = (['robot', 'friend'] as const).map((name) => as(program, name, '2026-07-28', forms));
    const params = { name: 'send_message', arguments: message('Asked of the robot') };
    const asked = await robot!.ask('tools/call', params);
    expect(asked).toMatchObject({ resultType: 'input_required', requestState: expect.any(String) });
    const answered = { ...params, ...allowing(asked) };
    const refused = await friend!.ask('tools/call', answered);
    expect(errorIn(refused as never)).toMatchObject({ kind: 'confirmation_other_key', outcome: 'not_sent' });
    expect(sends()).toBe(0);
    expect(await robot!.ask('tools/call', answered)).toMatchObject({
      structuredContent: { delivery: expect.any(String) },
    });
    expect(sends()).toBe(1);
  });

  test('is recorded with the name of the holder in the audit log and the log, and no text contains the token', async () => {
    await as(program, 'robot').call('create_list', { name: 'Made by the robot' });
    await as(program, 'intern', '2026-07-28').call('create_list', { name: 'Made by the intern' });
    await as(program, 'auditor').call('list_campaigns');
    await as(program, 'auditor').ask('resources/read', { uri: 'heyreach://campaigns' });
    await as(program, 'friend').ask('resources/list');
    await as(program, 'friend').ask('prompts/get', { name: 'triage_inbox', arguments: {} });
    await as(program, 'intern').ask('completion/complete', {
      ref: { type: 'ref/resource', uri: 'heyreach://lists/{listId}' },
      argument: { name: 'listId', value: '' },
    });

    const intents = auditLog.lines().filter(({ phase }) => phase === 'intent');
    expect(intents).toMatchObject([
      { token: 'robot', arguments: { name: 'Made by the robot' } },
      { token: 'intern', arguments: { name: 'Made by the intern' } },
    ]);
    const logged = () =>
      program
        .stderr()
        .split('\n')
        .slice(0, -1)
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    const by = (msg: string) =>
      logged()
        .filter((entry) => entry.msg === msg)
        .map(({ token }) => token);
    await expect.poll(() => by('values were completed')).toEqual(['intern']);
    // The prompt calls a tool.
    expect(by('tool answered')).toEqual(['robot', 'intern', 'auditor', 'friend']);
    expect(by('resource was read')[0]).toBe('auditor');
    expect(by('resources were listed')).toEqual(['friend']);
    // A JSON reader would use the last of two equal names.
    for (const line of program.stderr().split('\n')) expect(line.match(/"token":/g)?.length ?? 0).toBeLessThan(2);

    // The audit log belongs to the key, which the holders share. Each call has the name of its holder.
    const read = await as(program, 'auditor').ask('resources/read', { uri: 'heyreach://audit/recent' });
    const { calls } = JSON.parse((read.contents as { text: string }[])[0]!.text) as { calls: { token: string }[] };
    expect(calls.map(({ token }) => token)).toEqual(['intern', 'robot']);

    for (const text of [auditLog.text(), program.stderr(), JSON.stringify(read)]) expectNoToken(text);
  });

  test('reaches HeyReach with the key of the server, and without the token', async () => {
    for (const era of ERAS) {
      for (const holder of Object.keys(HOLDERS) as Holder[]) {
        await as(program, holder, era).call('list_campaigns', { keyword: `by ${holder}` });
        await as(program, holder, era).ask('resources/list');
      }
    }
    expect(sandbox.requests.length).toBeGreaterThan(16);
    expect(new Set(sandbox.requests.map(({ headers }) => headers['x-api-key']))).toEqual(new Set([TEST_KEY]));
    for (const { headers } of sandbox.requests) expect(headers).not.toHaveProperty('authorization');
    expectNoToken(JSON.stringify(sandbox.requests));
  });

  test('a token in place of a text is handled as a text, and no log contains it', async () => {
    const { token } = HOLDERS.robot;
    await as(program, 'robot').call('list_campaigns', { keyword: token });
    await as(program, 'robot').call('get_campaign', { campaignId: token });
    await expect(as(program, 'robot').call(token)).rejects.toThrow(/Unknown tool/);
    await as(program, 'robot').post({ method: 'tools/list', id: token }, { 'x-request-id': 'a-plain-request' });
    expectNoToken(program.stderr());
  });
});
