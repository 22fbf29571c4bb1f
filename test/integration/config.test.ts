import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { helpText } from '../../src/help.ts';
import { connectStdio } from '../kit/clients.ts';
import { TEST_KEY, TEST_ORGANIZATION_KEY } from '../kit/keys.ts';
import { runMain, startHttpProgram } from '../kit/program.ts';
import { send } from '../kit/raw-http.ts';

const key = { HEYREACH_API_KEY: TEST_KEY };

describe('a setting that would not do what was meant ends the start with one line and code 2', () => {
  test.each<[string[], Record<string, string>, RegExp]>([
    [[], {}, /HEYREACH_API_KEY is not set; make a key in HeyReach under Settings, Integrations.*--sandbox/],
    [['--sandbx'], {}, /unknown flag --sandbx; did you mean --sandbox\?/],
    [['--frobnicate'], {}, /unknown flag --frobnicate; --help lists them/],
    [['extra'], key, /extra/],
    [['--mode', 'readonly'], key, /--mode must be one of read-only, draft, full \(got "readonly"\)/],
    [[], { ...key, HEYREACH_MODE: 'everything' }, /HEYREACH_MODE must be one of/],
    [
      ['--toolsets', 'default,campaign'],
      key,
      /--toolsets names an unknown toolset, campaign \(did you mean campaigns\?\)/,
    ],
    [
      ['--exclude-tools', 'send_mesage'],
      key,
      /--exclude-tools names an unknown tool, send_mesage \(did you mean send_message\?\)/,
    ],
    [[], { HEYREACH_API_KEY: 'ключ' }, /HEYREACH_API_KEY holds characters that no key has$/m],
    [['--rate-limit', '0'], key, /--rate-limit must be a whole number from 1 to 300/],
    [['--rate-limit', '301'], key, /--rate-limit must be a whole number from 1 to 300/],
    [['--port', '80'], key, /--port has no meaning with --transport stdio/],
    [['--confirm', 'maybe'], key, /--confirm must be one of ask, off \(got "maybe"\)/],
    [[], { ...key, HEYREACH_STATE_SECRET: 'too-short' }, /HEYREACH_STATE_SECRET must have at least 32 characters$/m],
    [[], { ...key, HEYREACH_MAX_SENDS_PER_HOUR: '-1' }, /HEYREACH_MAX_SENDS_PER_HOUR must be a whole number from 0/],
    [[], { ...key, HEYREACH_TOOL_TIMEOUT_SECONDS: '90' }, /HEYREACH_TOOL_TIMEOUT_SECONDS must be .* from 3 to 55/],
    [['--transport', 'sse'], key, /--transport must be one of stdio, http/],
    [['--transport', 'http', '--port', 'x'], key, /--port must be a whole number/],
    [
      [],
      { ...key, HEYREACH_BASE_URL: 'http://api.example.com' },
      /HEYREACH_BASE_URL must be https: the key would travel in the clear/,
    ],
    [
      [],
      { ...key, HEYREACH_BASE_URL: 'https://api.example.com/api/public' },
      /HEYREACH_BASE_URL must be scheme and host/,
    ],
    [
      ['--transport', 'http'],
      { HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY },
      /HEYREACH_ORG_API_KEY over HTTP needs HEYREACH_API_KEY/,
    ],
    [
      ['--transport', 'http', '--host', '0.0.0.0'],
      key,
      /--host 0\.0\.0\.0 is not loopback: with HEYREACH_API_KEY alone .* Set HEYREACH_MCP_TOKENS, or start without/,
    ],
    [['--transport', 'http', '--host', '::'], key, /--host :: is not loopback/],
    [['--transport', 'http', '--host', '192.0.2.7'], key, /--host 192\.0\.2\.7 is not loopback/],
    [
      ['--transport', 'http', '--host', '0.0.0.0', '--sandbox'],
      {},
      /--host 0\.0\.0\.0 is not loopback: with --sandbox alone/,
    ],
    [['--transport', 'http'], { HEYREACH_MCP_TOKENS: '/tokens' }, /HEYREACH_MCP_TOKENS needs HEYREACH_API_KEY/],
    [
      ['--transport', 'http'],
      { ...key, HEYREACH_MCP_TOKENS: '/nowhere/tokens' },
      /HEYREACH_MCP_TOKENS: \/nowhere\/tokens cannot be read \(ENOENT\)/,
    ],
    [['--allowed-origins', 'https://app.example.com'], key, /--allowed-origins has no meaning with --transport stdio/],
    [
      ['--transport', 'http', '--allowed-origins', 'app.example.com'],
      key,
      /--allowed-origins must be origins, such as https:\/\/app\.example\.com \(got "app/,
    ],
    [
      ['--transport', 'http', '--allowed-hosts', 'mcp.example.com:443'],
      key,
      /--allowed-hosts must be host names or addresses alone, such as mcp\.example\.com \(got "mcp\.example\.com:443"\)/,
    ],
    [['--transport', 'http', '--allowed-origins', '*'], key, /--allowed-origins must be origins/],
    [
      ['--transport', 'http', '--allowed-origins', 'https://a.example.com/app'],
      key,
      /--allowed-origins must be origins/,
    ],
    [['--transport', 'http', '--metrics-port', 'x'], key, /--metrics-port must be a whole number from 0 to 65535/],
    [['--transport', 'http', '--metrics-port', '3000'], key, /--metrics-port and --port must differ/],
    [['--transport', 'http'], { ...key, HEYREACH_MAX_BODY_MIB: '0' }, /HEYREACH_MAX_BODY_MIB must be .* from 1 to 64/],
    [
      ['--transport', 'http'],
      { ...key, HEYREACH_DRAIN_SECONDS: '301' },
      /HEYREACH_DRAIN_SECONDS must be .* from 0 to 300/,
    ],
  ])('%j %o', async (args, env, message) => {
    const ended = await runMain(args, { env });
    expect(ended.code).toBe(2);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended.stderr).toMatch(message);
    expect(ended.stdout).toBe('');
  });
});

test('--help and --version print and end', async () => {
  const help = await runMain(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '', stdout: helpText() });
  expect(help.stdout).toMatch(/--transport stdio\|http {2}HEYREACH_MCP_TRANSPORT/);
  expect((await runMain(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe('how settings are read', () => {
  const read = (argv: string[], env: Record<string, string | undefined> = {}) => {
    const parsed = parseConfig(argv, { ...key, ...env });
    if (!parsed.ok || !('config' in parsed)) throw new Error('not a configuration');
    return parsed.config;
  };

  test('the defaults', () => {
    expect(read([])).toEqual({
      transport: 'stdio',
      host: '127.0.0.1',
      port: 3000,
      allowedHosts: [],
      allowedOrigins: [],
      tokens: undefined,
      maxBody: 4,
      metricsPort: undefined,
      drainSeconds: 0,
      sandbox: false,
      apiKey: TEST_KEY,
      organizationKey: undefined,
      baseUrl: 'https://api.heyreach.io',
      mode: 'full',
      toolsets: [
        'account',
        'campaigns',
        'inbox',
        'linkedin_accounts',
        'lists',
        'stats',
        'leads',
        'webhooks',
        'network',
        'blacklist',
        'organization',
      ],
      excludeTools: [],
      confirm: 'ask',
      confirmTimeout: 300,
      stateSecret: undefined,
      maxSendsPerHour: 60,
      maxSendsPerSenderPerHour: 20,
      auditLog: undefined,
      toolTimeout: 55,
      rateLimit: 300,
      logLevel: 'info',
    });
  });

  test('names that the server is called by, as they stand in the URLs of clients', () => {
    const hosts = (given: string) => parseConfig(['--transport', 'http', '--allowed-hosts', given], key);
    const read = 'a.example.com, My_Box,192.0.2.7,2001:DB8:0::7,[2001:db8::8]';
    expect(hosts(read)).toMatchObject({
      config: { allowedHosts: ['a.example.com', 'my_box', '192.0.2.7', '[2001:db8::7]', '[2001:db8::8]'] },
    });
    for (const one of ['https://x.example.com', '*', '*.example.com', 'a b', 'a/b', 'a@b', '[::1]:3000', '1::2::3']) {
      expect(hosts(`ok.example.com,${one}`), one).toMatchObject({
        ok: false,
        problem: expect.stringContaining('host names or addresses alone'),
      });
    }
  });

  test('a flag beats its variable', () => {
    expect(read(['--mode', 'draft'], { HEYREACH_MODE: 'read-only' }).mode).toBe('draft');
    expect(read([], { HEYREACH_MODE: 'read-only' }).mode).toBe('read-only');
    expect(read([], { HEYREACH_MODE: '' }).mode).toBe('full');
  });

  test('variables of the other transport are ignored', () => {
    expect(read([], { HEYREACH_MCP_PORT: 'nonsense' }).port).toBe(3000);
  });

  test('a key is opaque: its last characters survive', () => {
    expect(read([], { HEYREACH_API_KEY: 'a+b/c==' }).apiKey).toBe('a+b/c==');
  });

  test('`default` is all but legacy, and legacy can be added', () => {
    expect(read(['--toolsets', 'default,legacy']).toolsets).toContain('legacy');
    expect(read(['--toolsets', 'inbox']).toolsets).toEqual(['inbox']);
  });
});

test.skipIf(process.platform === 'darwin')(
  'who calls the address that was printed is answered, whichever it is',
  async () => {
    const program = await startHttpProgram({ args: ['--host', '127.0.0.2'] });
    try {
      expect(program.url).toMatch(/^http:\/\/127\.0\.0\.2:\d+\/mcp$/);
      expect((await send(program.url)).status).toBe(200);
    } finally {
      await program.stop();
    }
  },
);

describe('what is shown', () => {
  const shown = async (args: string[], env: Record<string, string> = {}) => {
    const peer = await connectStdio('v1', { args, env: { ...key, ...env } });
    const names = (await peer.listTools()).map(({ name }) => name);
    const instructions = peer.instructions() ?? '';
    await peer.close();
    return { names, instructions };
  };

  test('read-only shows no tool that writes, and does not point to one', async () => {
    const { names, instructions } = await shown(['--mode', 'read-only']);
    expect(names).not.toContain('pause_campaign');
    expect(names).toContain('list_campaigns');
    expect(instructions).toContain('Mode read-only');
  });

  test('a toolset and an exclusion', async () => {
    const { names, instructions } = await shown(['--toolsets', 'inbox', '--exclude-tools', 'send_message']);
    expect(names).toEqual(['list_conversations', 'scan_conversations', 'get_conversation', 'set_conversation_seen']);
    expect(instructions).not.toContain('list_campaigns');
  });

  test('the organization toolset comes with its key', async () => {
    expect((await shown([])).names).toHaveLength(52);
    expect((await shown([], { HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY })).names).toHaveLength(63);
  });

  test('a tool that is not shown cannot be called', async () => {
    const peer = await connectStdio('v1', { args: ['--mode', 'draft'], env: key });
    await expect(peer.callTool('send_message', {})).rejects.toThrow(/Unknown tool/);
    await peer.close();
  });
});
