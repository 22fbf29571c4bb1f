import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectHttp, connectStdio, type McpPeer } from '../../support/clients/clients.ts';
import { send } from '../../support/clients/raw-http.ts';
import { block, type Entry, root, shownWith, startEntry } from '../../support/documents/documents.ts';
import { startStub } from '../../support/heyreach/heyreach-stub.ts';
import { freePort } from '../../support/programs/free-port.ts';
import { recordOutput } from '../../support/programs/output.ts';
import { cleanEnvironment, run, startHttpProgram, stopChild } from '../../support/programs/program.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../../support/runs/keys.ts';
import { defaultTools } from '../../support/tools/tool-counts.ts';

interface Reply {
  status: number;
  text: string;
}

/** One HTTP request, with any header, including Host. */
function request(
  url: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Makes the request of a curl command, for the few options in the documents. */
function sendAsCurl(command: string): Promise<Reply> {
  const url = /https?:\/\/\S+/.exec(command)?.[0] ?? '';
  const headers = Object.fromEntries(
    [...command.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name, value]),
  );
  const body = /-d '([^']+)'/.exec(command)?.[1] ?? '';
  return request(url, { method: 'POST', headers, body });
}

describe('client configurations start as written, in draft mode', () => {
  test.each([
    ['claude-desktop', 'mcpServers'],
    ['cursor', 'mcpServers'],
    ['vscode', 'servers'],
    ['gemini-cli', 'mcpServers'],
  ])('%s', async (name, key) => {
    const entry = JSON.parse(block(name))[key].heyreach as Entry;
    expect(entry.command).toBe('node');
    expect(entry.env).toHaveProperty('HEYREACH_API_KEY');
    expect(entry.args?.join(' ')).toContain('--mode draft');
    expect(await startEntry(entry)).toEqual({ tools: shownWith(entry), title: 'HeyReach' });
  });

  test('the bridge for Claude Desktop contains the endpoint and the header', () => {
    const entry = JSON.parse(block('claude-desktop-http')).mcpServers.heyreach as Entry;
    expect(entry.args).toContain('http://127.0.0.1:3000/mcp');
    expect(entry.args?.at(-1)).toBe(['X-API-KEY:', '{HEYREACH_API_KEY}'].join('$'));
  });

  test('Claude Code stores the server for all folders', async () => {
    const [options = '', command = ''] = block('claude-code').split(' -- ');
    expect(options).toMatch(/ -s user .*--env HEYREACH_API_KEY=\S+$/);
    const [node, ...args] = command.split(' ');
    expect(node).toBe('node');
    const entry = { args, env: { HEYREACH_API_KEY: TEST_KEY } };
    expect(await startEntry(entry)).toEqual({ tools: shownWith(entry), title: 'HeyReach' });
    expect(block('claude-code-http')).toMatch(/ -s user http:\/\/127\.0\.0\.1:3000\/mcp --header "X-API-KEY: [\w-]+"$/);
  });
});

test('the HTTP block of the README serves the live workspace with the key of the client', async () => {
  const [program, main, ...flags] = block('http-live').split(' ');
  expect([program, main]).toEqual(['node', 'dist/main.js']);
  const heyreach = await startStub();
  const served = await startHttpProgram({ args: flags, env: { HEYREACH_BASE_URL: heyreach.url } });
  const peer = await connectHttp('v1', served.url, { 'X-API-KEY': OTHER_TEST_KEY });
  expect(peer.serverTitle()).toBe('HeyReach');
  expect((await peer.callTool('check_api_key')).structuredContent).toEqual({ valid: true, source: 'live' });
  expect(heyreach.requests.map(({ headers }) => headers['x-api-key'])).toEqual([OTHER_TEST_KEY]);
  expect((await peer.listTools()).map(({ name }) => name)).not.toContain('send_message');
  await peer.close();
  await served.stop();
  await heyreach.close();
});

/** Runs `npm start` as documented, on its own port, or on another port if its own is in use. */
async function startAsDocumented(
  args: string[] = [],
): Promise<{ child: ChildProcess; written: string; origin: string }> {
  const child = spawn(process.execPath, [`${root}scripts/start.mjs`, ...args], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let written = '';
  const origin = await new Promise<string | undefined>((resolve) => {
    child.stderr?.on('data', (chunk) => {
      written += chunk;
      recordOutput(String(chunk));
      const url = /listening on (\S+)\/mcp/.exec(written)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('close', () => resolve(undefined));
  });
  if (origin !== undefined) return { child, written, origin };
  if (!written.includes('EADDRINUSE')) throw new Error(`npm start ended: ${written}`);
  return startAsDocumented(['--port', '0', ...args]);
}

describe('with `npm start` running', () => {
  let started: Awaited<ReturnType<typeof startAsDocumented>>;
  const here = (text: string) => text.replaceAll('http://127.0.0.1:3000', started.origin);
  beforeAll(async () => {
    started = await startAsDocumented();
  });
  afterAll(() => stopChild(started.child));

  test('it prints that it uses the sandbox, and its address', () => {
    expect(started.written).toBe(
      here(
        'SANDBOX: an embedded HeyReach with made-up data. Nothing leaves this machine. Set HEYREACH_API_KEY to work live.\n' +
          'Callers: every program that reaches this address uses the key of this server. Behind a proxy, set HEYREACH_MCP_TOKENS.\n' +
          'listening on http://127.0.0.1:3000/mcp\n',
      ),
    );
  });

  test('the curl block gets campaigns', async () => {
    const command = here(block('curl'));
    const ended = await run('sh', ['-c', command]);
    // Without curl, the test makes the same request itself.
    const answer = ended.code === 127 ? (await sendAsCurl(command)).text : ended.stdout;
    expect(answer).toContain('\\"totalCount\\":12');
  });

  test('the curl block accepts both required types', async () => {
    expect((await sendAsCurl(here(block('curl')))).text).toContain('\\"totalCount\\":12');
    const refused = await sendAsCurl(here(block('curl')).replace(', text/event-stream', ''));
    expect(refused.status).toBe(406);
  });

  describe('mcp.json.example', () => {
    const entries = JSON.parse(readFileSync(`${root}mcp.json.example`, 'utf8')).mcpServers as Record<string, Entry>;

    test('has a live, a sandbox and an HTTP entry, and one placeholder path', () => {
      expect(Object.keys(entries)).toEqual(['heyreach', 'heyreach-sandbox', 'heyreach-http']);
      const paths = JSON.stringify(entries).match(/\/path\/to\/[\w-]+/g);
      expect(new Set(paths)).toEqual(new Set(['/path/to/heyreach-mcp']));
    });

    test('the live entry starts in draft mode, and the sandbox entry with all tools', async () => {
      expect(entries.heyreach!.args?.join(' ')).toContain('--mode draft');
      expect(await startEntry(entries.heyreach!)).toEqual({ tools: shownWith(entries.heyreach!), title: 'HeyReach' });
      expect(await startEntry(entries['heyreach-sandbox']!)).toEqual({
        tools: defaultTools.length,
        title: 'HeyReach (sandbox)',
      });
    });

    test('the HTTP entry connects', async () => {
      const { url = '', headers = {} } = entries['heyreach-http']!;
      const peer = await connectHttp('v1', here(url), headers);
      expect((await peer.callTool('check_api_key')).structuredContent).toEqual({ valid: true, source: 'sandbox' });
      await peer.close();
    });
  });
});

describe('each authentication mode over HTTP has one block', () => {
  /** Runs a block as written, on free ports. */
  const runBlock = async (name: string) => {
    const ports = new Map<string, number>();
    for (const [port] of block(name).matchAll(/\b[34]0\d\d\b/g)) {
      if (!ports.has(port)) ports.set(port, await freePort());
    }
    const command = block(name).replaceAll(/\b[34]0\d\d\b/g, (port) => String(ports.get(port)));
    return run('sh', ['-c', command]);
  };

  test('own keys', async () => {
    const { stdout, stderr } = await runBlock('http-own-keys');
    expect(stdout).toContain('\\"totalCount\\":12');
    expect(stdout).toContain('"heyreach-mcp/source":"sandbox"');
    expect(stderr).toContain('Callers: each with a HeyReach key of its own.');
  });

  test('tokens', async () => {
    const { stdout, stderr } = await runBlock('http-tokens');
    expect(stdout).toContain('\\"totalCount\\":12');
    expect(stderr).toContain('Callers: 1 with a token.');
  });
});

test('the n8n block accepts calls under the name of its host', async () => {
  const flags = block('n8n').replace('node dist/main.js --transport http ', '').split(' ');
  expect(flags.splice(0, 2)).toEqual(['--host', '0.0.0.0']);
  // On loopback: a test opens no port to the network.
  const program = await startHttpProgram({ args: flags });
  const statusFor = async (host: string) => (await send(program.url, { headers: { host } })).status;
  expect(await statusFor('host.docker.internal:3000')).toBe(200);
  expect(await statusFor('elsewhere.example.com')).toBe(403);
  await program.stop();
});

test('the sandbox block serves any HTTP client', async () => {
  const port = '0';
  const child = spawn(process.execPath, [`${root}dist/sandbox.js`, '--port', port], { env: cleanEnvironment() });
  const url = await new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk) => {
      const address = /listening on (\S+)/.exec(String(chunk))?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  expect(block('sandbox')).toBe('npm run sandbox -- --port 4010');
  expect(JSON.parse((await request(`${url}/_sandbox/reached`)).text)).toHaveProperty('total', 0);
  const bare = await request(`${url}/api/public/campaign/GetAll`, { method: 'POST', headers: { 'X-API-KEY': 'any' } });
  expect(bare.status).toBe(415);
  await stopChild(child);
});

/** One command line of the Inspector, as its calls. */
async function inspect(peer: McpPeer, line: string): Promise<string> {
  const option = (name: string) => new RegExp(`--${name} (\\S+)`).exec(line)?.[1] ?? '';
  const [argument = '', value = ''] = option('prompt-args').split('=');
  const calls: Record<string, () => Promise<unknown>> = {
    'resources/list': () => peer.listResources(),
    'resources/templates/list': () => peer.listResourceTemplates(),
    'resources/read': () => peer.readResource(option('uri')),
    'prompts/list': () => peer.listPrompts(),
    'prompts/get': () => peer.getPrompt(option('prompt-name'), { [argument]: value }),
  };
  return JSON.stringify(await calls[option('method')]!());
}

test('every step of the walk through resources and prompts returns what the text says', async () => {
  const lines = block('inspector-resources').split('\n');
  const [start = ''] = lines[0]!.split(' --method');
  expect(lines.every((line) => line.startsWith(`${start} --method `))).toBe(true);
  expect(start).toMatch(/^npx -y @modelcontextprotocol\/inspector@\d+\.\d+\.\d+ --cli node dist\/main\.js --sandbox$/);
  const peer = await connectStdio('v1', { args: ['--sandbox'] });
  const answers: string[] = [];
  for (const line of lines) answers.push(await inspect(peer, line));
  await peer.close();
  const expected = [
    '"uri":"heyreach://campaigns"',
    '"uriTemplate":"heyreach://campaigns/{campaignId}"',
    '\\"id\\":600170',
    '## 1. Check',
    '# Building a sequence',
    '"name":"campaign_review"',
    'Review campaign 600170',
  ];
  for (const [place, text] of expected.entries()) expect(answers[place]).toContain(text);
});
