import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeToken } from '../../../src/auth/tokens.ts';
import { connectHttp, type McpPeer } from '../../support/clients/clients.ts';
import { ACCEPT, CHECK, callOf, send } from '../../support/clients/raw-http.ts';
import { speaker } from '../../support/clients/stdio-lines.ts';
import { startWorkspaces, type WorkspacesStub } from '../../support/heyreach/workspaces-stub.ts';
import { recordOutput } from '../../support/programs/output.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import {
  ALL_LINES,
  bearing,
  expectNoToken,
  HOLDERS,
  reload,
  type TokenFileOfTest,
  tokenFile,
} from '../../support/programs/token-files.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';

/** The server reloads its tokens on SIGHUP. */
const { auditor, intern, robot, friend } = HOLDERS;
const SOON = { timeout: 30_000 };

let heyreach: WorkspacesStub;
let file: TokenFileOfTest;
let program: HttpProgram;
const peers: McpPeer[] = [];
const env = () => ({ HEYREACH_BASE_URL: heyreach.url, HEYREACH_API_KEY: TEST_KEY, HEYREACH_MCP_TOKENS: file.path });
beforeEach(async () => {
  heyreach = await startWorkspaces();
  file = tokenFile(...ALL_LINES);
  program = await startHttpProgram({ env: env() });
});
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close().catch(() => {});
  await program.stop();
  await heyreach.close();
  file.remove();
  // No log line may contain a token.
  expectNoToken(program.stderr());
});

const statusFor = async (holder: { token: string }, body: object = CHECK) =>
  (await send(program.url, { headers: bearing(holder), body })).status;
const toolsOf = async (holder: { token: string }) => {
  const { tools } = await speaker(program.url, '2025', bearing(holder)).ask('tools/list');
  return (tools as { name: string }[]).map(({ name }) => name);
};

/** A request whose body is written later, over its own connection. */
async function writeSlowly(holder: { token: string }, body: object, headers: Record<string, string> = {}) {
  const text = JSON.stringify(body);
  const made: ClientRequest = httpRequest(program.url, {
    method: 'POST',
    agent: false,
    headers: { ...ACCEPT, ...bearing(holder), ...headers, 'content-length': String(Buffer.byteLength(text)) },
  });
  await new Promise((resolve) => made.write(text.slice(0, 20), resolve));
  // The server answers a later request only after it has read the headers of this request.
  await toolsOf(holder);
  return {
    async finish() {
      made.end(text.slice(20));
      const [response] = (await once(made, 'response')) as [IncomingMessage];
      let written = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        written += chunk;
      });
      await once(response, 'end');
      recordOutput(written);
      return { status: response.statusCode, text: written };
    },
  };
}

function replaceByFolder(): void {
  rmSync(file.path);
  mkdirSync(file.path);
}

describe('on SIGHUP', () => {
  test('accepts an added token, and rejects a removed token at once', async () => {
    const newcomer = makeToken('newcomer', 'draft');
    expect(await statusFor(newcomer)).toBe(401);
    expect(await statusFor(robot)).toBe(200);
    file.write(auditor.line, intern.line, friend.line, newcomer.line);
    // Not before the signal.
    expect([await statusFor(newcomer), await statusFor(robot)]).toEqual([401, 200]);
    expect(await reload(program)).toMatchObject([{ level: 30, tokens: 4, msg: 'token file reloaded' }]);
    expect([await statusFor(newcomer), await statusFor(robot), await statusFor(auditor)]).toEqual([200, 401, 200]);
    expectNoToken(program.stderr(), newcomer);
  });

  test('rejects a token that was replaced under its name, and accepts the new one', async () => {
    const renewed = makeToken('robot', 'full');
    file.write(auditor.line, renewed.line);
    await reload(program);
    expect([await statusFor(robot), await statusFor(renewed)]).toEqual([401, 200]);
  });

  test('shows other tools after a change of mode, and rejects calls of hidden tools', async () => {
    expect(await toolsOf(robot)).toContain('send_message');
    file.write(robot.line.replace(' full', ' read-only'), friend.line);
    await reload(program);
    const shown = await toolsOf(robot);
    expect(shown).toContain('list_campaigns');
    for (const hidden of ['send_message', 'create_list', 'pause_campaign']) expect(shown).not.toContain(hidden);
    const call = send(program.url, { headers: bearing(robot), body: callOf('pause_campaign', { campaignId: 1 }) });
    expect((await call).message().error).toMatchObject({
      code: -32_602,
      message: expect.stringMatching(/^pause_campaign is hidden by the mode/),
    });
    expect(await toolsOf(friend)).toContain('send_message');
  });

  test.each<[what: string, spoil: () => void, message: RegExp]>([
    ['an invalid line', () => file.write(...ALL_LINES, 'example not-so-secret'), /line 5 has no SHA-256/],
    [
      'a mode that does not exist',
      () => file.write(...ALL_LINES.slice(0, 3), `${friend.line} all`),
      /line 4 has an invalid mode/,
    ],
    ['a repeated name', () => file.write(...ALL_LINES, makeToken('robot', undefined).line), /line 5 repeats the name/],
    ['a folder in its place', () => replaceByFolder(), /is not a regular file/],
    ['too much content', () => file.write(...ALL_LINES, '#'.repeat(1024 * 1024)), /is larger than 1 MiB/],
  ])('with %s in the file, nothing changes, and the log has one line', async (_, spoil, message) => {
    const stream = await listen(intern);
    spoil();
    const [line, ...more] = await reload(program);
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      level: 50,
      err: expect.stringMatching(message),
      tokens: 4,
      dropped: 0,
      msg: 'token file not reloaded: the previous tokens stay active',
    });
    expect(line?.err).toContain(file.path);
    expect(JSON.stringify(line)).not.toContain('not-so-secret');
    for (const holder of Object.values(HOLDERS)) expect(await statusFor(holder)).toBe(200);
    await pauseCampaign(friend);
    await expect.poll(() => stream.told, SOON).toContain(CAMPAIGN);
    // After a repair the file is used.
    rmSync(file.path, { recursive: true });
    file.write(auditor.line);
    await reload(program);
    expect([await statusFor(auditor), await statusFor(intern)]).toEqual([200, 401]);
  });

  test.each<[what: string, empty: () => void, message: RegExp]>([
    ['an empty file', () => file.write(), /contains no token/],
    ['only comments', () => file.write(...ALL_LINES.map((line) => `# ${line}`)), /contains no token/],
    ['a missing file', () => rmSync(file.path), /cannot be read \(ENOENT\)/],
    ['only a token in place of its hash', () => file.write(`robot ${robot.token}`), /line 1 has no SHA-256/],
  ])('with %s every caller is rejected, and open streams end', async (_, empty, message) => {
    const { closed } = await listen(intern);
    empty();
    const [line, ...more] = await reload(program);
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      level: 50,
      err: expect.stringMatching(message),
      tokens: 0,
      dropped: 4,
      msg: 'token file not reloaded: no token is left and every request is rejected',
    });
    await closed;
    for (const holder of Object.values(HOLDERS)) expect(await statusFor(holder)).toBe(401);
    expect(heyreach.requests.filter(({ path }) => path.includes('CheckApiKey'))).toEqual([]);
    file.write(auditor.line);
    await reload(program);
    expect([await statusFor(auditor), await statusFor(intern)]).toEqual([200, 401]);
  });

  test('revokes a removed token, even if another line is invalid', async () => {
    const [gone, stays] = [await listen(intern), await listen(friend)];
    file.write(auditor.line, 'newcomer not-so-secret', friend.line);
    const [line] = await reload(program);
    expect(line).toMatchObject({
      level: 50,
      err: expect.stringMatching(/line 2 has no SHA-256/),
      tokens: 2,
      dropped: 2,
      msg: 'token file not reloaded: the previous tokens stay active, except those that were removed from the file',
    });
    await gone.closed;
    const statuses = await Promise.all([auditor, friend, intern, robot].map((holder) => statusFor(holder)));
    expect(statuses).toEqual([200, 200, 401, 401]);
    await pauseCampaign(friend);
    await expect.poll(() => stays.told, SOON).toContain(CAMPAIGN);
  });

  test('after many signals in a row, the last file applies', async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      file.write(turn % 2 === 0 ? robot.line : friend.line);
      program.process.kill('SIGHUP');
    }
    await reload(program);
    await expect.poll(async () => [await statusFor(robot), await statusFor(friend)], SOON).toEqual([401, 200]);
  });
});

const CAMPAIGN = 'heyreach://campaigns/7';
const pauseCampaign = (holder: { token: string }) =>
  send(program.url, { headers: bearing(holder), body: callOf('pause_campaign', { campaignId: 7 }) });

/** A stream of changes for one holder. */
async function listen(holder: { token: string }): Promise<McpPeer & { closed: Promise<string> }> {
  const peer = await connectHttp('v2-modern', program.url, bearing(holder));
  peers.push(peer);
  const { honored, closed } = await peer.subscribe([CAMPAIGN]);
  expect(honored).toEqual({ resourceSubscriptions: [CAMPAIGN] });
  return Object.assign(peer, { closed });
}

describe('streams of changes', () => {
  test('end with the token or after a change of its mode, and those of others continue', async () => {
    const [gone, narrowed, stays] = [await listen(robot), await listen(friend), await listen(intern)];
    const ended: string[] = [];
    for (const [name, { closed }] of [
      ['gone', gone],
      ['narrowed', narrowed],
      ['stays', stays],
    ] as const)
      void closed.then(() => ended.push(name));
    file.write(intern.line, `${friend.line} draft`);
    await reload(program);
    await expect.poll(() => [...ended].sort(), SOON).toEqual(['gone', 'narrowed']);
    await pauseCampaign(intern);
    await expect.poll(() => [...new Set(stays.told)], SOON).toEqual([CAMPAIGN]);
    expect([gone.told, narrowed.told]).toEqual([[], []]);
    await expect(gone.subscribe([CAMPAIGN])).rejects.toThrow();
    // The holder with the changed mode may subscribe again.
    expect((await narrowed.subscribe([CAMPAIGN])).honored).toEqual({ resourceSubscriptions: [CAMPAIGN] });
    expect(ended).not.toContain('stays');
  });

  test('continue if the file has the same tokens', async () => {
    const stays = await listen(robot);
    let isEnded = false;
    void stays.closed.then(() => {
      isEnded = true;
    });
    file.write('# in another order', ...ALL_LINES.toReversed());
    await reload(program);
    await pauseCampaign(friend);
    await expect.poll(() => [...new Set(stays.told)], SOON).toEqual([CAMPAIGN]);
    expect(isEnded).toBe(false);
  });
});

describe('a request that is still being written when its token is revoked', () => {
  const LISTEN = {
    jsonrpc: '2.0',
    id: 1,
    method: 'subscriptions/listen',
    params: { notifications: { resourceSubscriptions: [CAMPAIGN] } },
  };

  test.each([
    ['a call', CHECK, {}],
    ['a stream', LISTEN, { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' }],
  ])('is rejected: %s', async (_, body, headers) => {
    const slow = await writeSlowly(robot, body, headers as Record<string, string>);
    file.write(friend.line);
    await reload(program);
    const { status, text } = await slow.finish();
    expect(status).toBe(401);
    expect(JSON.parse(text)).toMatchObject({ error: { code: -32_600, data: { requestId: expect.any(String) } } });
    expect(heyreach.requests).toEqual([]);
  });

  test('gets no more than its new mode', async () => {
    const slow = await writeSlowly(robot, callOf('pause_campaign', { campaignId: 7 }));
    file.write(robot.line.replace(' full', ' read-only'));
    await reload(program);
    expect((await slow.finish()).text).toContain('pause_campaign is hidden by the mode');
    expect(heyreach.requests).toEqual([]);
  });
});

test('survives SIGHUP during startup', async () => {
  for (let turn = 0; turn < 3; turn += 1) {
    const early = await startHttpProgram({ env: env() });
    // The server has only just printed its address.
    await reload(early);
    expect(await early.stop()).toBe(0);
  }
});

test('without tokens, SIGHUP ends the server, as usual for a process', async () => {
  const other = await startHttpProgram({ env: { HEYREACH_BASE_URL: heyreach.url, HEYREACH_API_KEY: TEST_KEY } });
  const ended = once(other.process, 'exit');
  other.process.kill('SIGHUP');
  expect((await ended)[0]).toBe(0);
});
