import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { helpText } from '../../src/config/help.ts';
import { parseConfig } from '../../src/config/load-config.ts';
import { tools } from '../../src/tools/registry.ts';
import { connectStdio } from '../support/clients/clients.ts';
import { send } from '../support/clients/raw-http.ts';
import { MAIN, runMain, runProgram, startHttpProgram } from '../support/programs/program.ts';
import { TEST_KEY, TEST_ORGANIZATION_KEY } from '../support/runs/keys.ts';
import { onlyInFullRun } from '../support/runs/run-scope.ts';
import { defaultTools } from '../support/tools/tool-counts.ts';

const key = { HEYREACH_API_KEY: TEST_KEY };

type Rejected = [args: string[], env: Record<string, string>, message: RegExp];
const REJECTED: Rejected[] = [
  [[], {}, /HEYREACH_API_KEY is not set\. Create a key in HeyReach under Settings, Integrations.*--sandbox/],
  [['--sandbx'], {}, /unknown flag --sandbx\. Did you mean --sandbox\?/],
  [['--frobnicate'], {}, /unknown flag --frobnicate\. --help lists all flags\./],
  [['extra'], key, /extra/],
  [['--mode', 'readonly'], key, /--mode must be one of read-only, draft, full \(got "readonly"\)/],
  [[], { ...key, HEYREACH_MODE: 'everything' }, /HEYREACH_MODE must be one of/],
  [
    ['--toolsets', 'default,campaign'],
    key,
    /--toolsets contains an unknown toolset: campaign \(did you mean campaigns\?\)/,
  ],
  [
    ['--exclude-tools', 'send_mesage'],
    key,
    /--exclude-tools contains an unknown tool: send_mesage \(did you mean send_message\?\)/,
  ],
  [[], { HEYREACH_API_KEY: 'ключ' }, /HEYREACH_API_KEY contains characters that are not allowed in a key$/m],
  ...['${HEYREACH_API_KEY}', '${user_config.api_key}', 'your-heyreach-api-key', '<your-key>', 'undefined'].map(
    (text): Rejected => [
      [],
      { HEYREACH_API_KEY: text },
      /HEYREACH_API_KEY holds .* instead of a key: the host did not fill it in\. Set it to a key .*$/m,
    ],
  ),
  [[], { HEYREACH_API_KEY: `"${TEST_KEY}"` }, /HEYREACH_API_KEY is in quotation marks/],
  [[], { HEYREACH_API_KEY: `Bearer ${TEST_KEY}` }, /HEYREACH_API_KEY begins with Bearer/],
  [['--transport', 'http'], { HEYREACH_API_KEY: '{{key}}' }, /HEYREACH_API_KEY holds a placeholder/],
  [[], { ...key, HEYREACH_ORG_API_KEY: 'null' }, /HEYREACH_ORG_API_KEY holds a placeholder/],
  [['--rate-limit', '0'], key, /--rate-limit must be a whole number from 1 to 300/],
  [['--rate-limit', '301'], key, /--rate-limit must be a whole number from 1 to 300/],
  [['--port', '80'], key, /--port has no meaning with --transport stdio/],
  [['--confirm', 'maybe'], key, /--confirm must be one of ask, token, off \(got "maybe"\)/],
  [[], { ...key, HEYREACH_STATE_SECRET: 'too-short' }, /HEYREACH_STATE_SECRET must have at least 32 characters$/m],
  [[], { ...key, HEYREACH_REDIS_URL: 'redis://127.0.0.1' }, /HEYREACH_REDIS_URL needs HEYREACH_STATE_SECRET/m],
  [
    [],
    { ...key, HEYREACH_REDIS_URL: 'http://user:hidden@127.0.0.1' },
    /HEYREACH_REDIS_URL must be a URL such as \S+$/m,
  ],
  [[], { ...key, HEYREACH_REPLICAS: '3' }, /HEYREACH_REPLICAS needs HEYREACH_REDIS_URL$/m],
  [[], { ...key, HEYREACH_MAX_SENDS_PER_HOUR: '-1' }, /HEYREACH_MAX_SENDS_PER_HOUR must be a whole number from 0/],
  [[], { ...key, HEYREACH_TOOL_TIMEOUT_SECONDS: '90' }, /HEYREACH_TOOL_TIMEOUT_SECONDS must be .* from 3 to 55/],
  [['--transport', 'sse'], key, /--transport must be one of stdio, http/],
  [['--transport', 'http', '--port', 'x'], key, /--port must be a whole number/],
  [
    [],
    { ...key, HEYREACH_BASE_URL: 'http://api.example.com' },
    /HEYREACH_BASE_URL must be https: over http the key would be sent unencrypted/,
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
    /--host 0\.0\.0\.0 is not loopback: with HEYREACH_API_KEY alone, .* Set HEYREACH_MCP_TOKENS, or start without/,
  ],
  [['--transport', 'http', '--host', '::'], key, /--host :: is not loopback/],
  [['--transport', 'http', '--host', '192.0.2.7'], key, /--host 192\.0\.2\.7 is not loopback/],
  [
    ['--transport', 'http', '--host', '0.0.0.0', '--sandbox'],
    {},
    /--host 0\.0\.0\.0 is not loopback: with --sandbox alone/,
  ],
  [['--transport', 'http'], { HEYREACH_MCP_TOKENS: '/tokens' }, /HEYREACH_MCP_TOKENS needs HEYREACH_API_KEY/],
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
  [['--transport', 'http', '--allowed-origins', 'https://a.example.com/app'], key, /--allowed-origins must be origins/],
  [['--transport', 'http', '--metrics-port', 'x'], key, /--metrics-port must be a whole number from 0 to 65535/],
  [['--transport', 'http', '--metrics-port', '3000'], key, /--metrics-port and --port must differ/],
  [['--transport', 'http'], { ...key, HEYREACH_MAX_BODY_MIB: '0' }, /HEYREACH_MAX_BODY_MIB must be .* from 1 to 64/],
  [
    ['--transport', 'http'],
    { ...key, HEYREACH_DRAIN_SECONDS: '301' },
    /HEYREACH_DRAIN_SECONDS must be .* from 0 to 300/,
  ],
  [
    [],
    { ...key, HEYREACH_STATE_SECRET: '${HEYREACH_STATE_SECRET_OF_THIS_SERVER}' },
    /_STATE_SECRET holds a placeholder/,
  ],
  [
    [],
    { ...key, HEYREACH_STATE_SECRET: 'replace-with-at-least-32-random-characters' },
    /_STATE_SECRET holds the example text of a document$/m,
  ],
  [[], { ...key, HEYREACH_AUDIT_LOG: 'undefined' }, /_AUDIT_LOG holds a placeholder/],
  [['--mode', '${MODE}'], key, /--mode holds a placeholder/],
  [['--transport', 'http', '--host', '{{host}}'], key, /--host holds a placeholder/],
];
/** Only the program opens the token file. */
const REJECTED_AT_START: Rejected = [
  ['--transport', 'http'],
  { ...key, HEYREACH_MCP_TOKENS: '/nowhere/tokens' },
  /HEYREACH_MCP_TOKENS: \/nowhere\/tokens cannot be read \(ENOENT\)/,
];

/** Audit logs that the program cannot write. */
const AUDIT_LOGS: Rejected[] = [
  [
    [],
    { ...key, HEYREACH_AUDIT_LOG: '/no/folder/a.jsonl' },
    /_AUDIT_LOG: \/no\/folder\/a\.jsonl cannot be created \(ENOENT/,
  ],
  [['--sandbox'], { HOME: '/no/home', HEYREACH_AUDIT_LOG: '~/a.jsonl' }, /_AUDIT_LOG: \/no\/home\/a\.jsonl cannot be/],
  [['--transport', 'http'], { ...key, HEYREACH_AUDIT_LOG: '/' }, /_AUDIT_LOG: \/ is not a regular file$/m],
];

describe('an invalid setting', () => {
  test.each(REJECTED)('is rejected in one line: %j %o', (args, env, message) => {
    const parsed = parseConfig(args, env);
    expect(parsed).toMatchObject({ ok: false, problem: expect.stringMatching(message) });
    expect(JSON.stringify(parsed)).not.toContain('\\n');
  });

  const started = onlyInFullRun([...REJECTED.slice(1), ...AUDIT_LOGS.slice(1)]);
  test.each([
    [runMain, ...REJECTED[0]!],
    ...[REJECTED_AT_START, AUDIT_LOGS[0]!, ...started].map((row) => [runProgram, ...row] as const),
  ] as const)('ends the start with one line and code 2: %o %j %o', async (start, args, env, message) => {
    const exit = await start(args, { env });
    expect(exit.code).toBe(2);
    expect(exit.stderr.trim().split('\n')).toHaveLength(1);
    expect(exit.stderr).toMatch(message);
    expect(exit.stdout).toBe('');
  });
});

test.each([['--help'], ...onlyInFullRun([['--version'], ['token', 'newcomer']])])(
  '%s reports in one line that stdout cannot be written',
  async (...args) => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', full, 'pipe'] });
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    const [code] = await once(child, 'close');
    closeSync(full);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^heyreach-mcp: stdout cannot be written: [^\n]*ENOSPC[^\n]*\n$/),
    ]);
  },
);

test('--help and --version print and end', async () => {
  const help = await runMain(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '', stdout: helpText() });
  expect(help.stdout).toMatch(/--transport stdio\|http {2}HEYREACH_MCP_TRANSPORT/);
  expect((await runMain(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe('the parsed settings', () => {
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
      apps: 'on',
      auth: 'auto',
      tokens: undefined,
      oauthScopes: ['heyreach:read', 'heyreach:draft', 'heyreach:full'],
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
        'workflows',
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
      results: 'structured',
      stateSecret: undefined,
      maxSendsPerHour: 60,
      maxSendsPerSenderPerHour: 20,
      auditLog: undefined,
      toolTimeout: 55,
      rateLimit: 300,
      logLevel: 'info',
    });
  });

  test('host names have the spelling of client URLs', () => {
    const hosts = (names: string) => parseConfig(['--transport', 'http', '--allowed-hosts', names], key);
    const names = 'a.example.com, My_Box,192.0.2.7,2001:DB8:0::7,[2001:db8::8]';
    expect(hosts(names)).toMatchObject({
      config: { allowedHosts: ['a.example.com', 'my_box', '192.0.2.7', '[2001:db8::7]', '[2001:db8::8]'] },
    });
    for (const host of ['https://x.example.com', '*', '*.example.com', 'a b', 'a/b', 'a@b', '[::1]:3000', '1::2::3']) {
      expect(hosts(`ok.example.com,${host}`), host).toMatchObject({
        ok: false,
        problem: expect.stringContaining('host names or addresses alone'),
      });
    }
  });

  test('a flag overrides its variable', () => {
    expect(read(['--mode', 'draft'], { HEYREACH_MODE: 'read-only' }).mode).toBe('draft');
    expect(read([], { HEYREACH_MODE: 'read-only' }).mode).toBe('read-only');
    expect(read([], { HEYREACH_MODE: '' }).mode).toBe('full');
  });

  test('variables of the other transport are ignored', () => {
    expect(read([], { HEYREACH_MCP_PORT: 'nonsense' }).port).toBe(3000);
  });

  test('a key is kept exactly as given', () => {
    expect(read([], { HEYREACH_API_KEY: 'a+b/c==' }).apiKey).toBe('a+b/c==');
  });

  test('`default` is all toolsets except legacy, and legacy can be added', () => {
    expect(read(['--toolsets', 'default,legacy']).toolsets).toContain('legacy');
    expect(read(['--toolsets', 'inbox']).toolsets).toEqual(['inbox']);
  });

  test('the preset essentials can be combined with toolsets, by flag and by variable', () => {
    expect(read(['--toolsets', 'essentials,network']).toolsets).toEqual(['network', 'essentials']);
    expect(read([], { HEYREACH_TOOLSETS: 'essentials' }).toolsets).toEqual(['essentials']);
    expect(parseConfig(['--toolsets', 'essential'], key)).toMatchObject({
      problem: expect.stringContaining('did you mean essentials?'),
    });
  });
});

test.skipIf(process.platform === 'darwin')(
  'the printed address answers, also when it is another loopback address',
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

describe('the shown tools', () => {
  const shown = async (args: string[], env: Record<string, string> = {}) => {
    const peer = await connectStdio('v1', { args, env: { ...key, ...env } });
    const names = (await peer.listTools()).map(({ name }) => name);
    const instructions = peer.instructions() ?? '';
    await peer.close();
    return { names, instructions };
  };

  test('read-only shows no tool that writes, and the instructions name the mode', async () => {
    const { names, instructions } = await shown(['--mode', 'read-only']);
    expect(names).not.toContain('pause_campaign');
    expect(names).toContain('list_campaigns');
    expect(instructions).toContain('Mode read-only');
  });

  test('a toolset with an exclusion', async () => {
    const { names, instructions } = await shown(['--toolsets', 'inbox', '--exclude-tools', 'send_message']);
    expect(names).toEqual(['list_conversations', 'scan_conversations', 'get_conversation', 'set_conversation_seen']);
    expect(instructions).not.toContain('list_campaigns');
  });

  test('the preset essentials with a toolset', async () => {
    const { names, instructions } = await shown(['--toolsets', 'essentials,network']);
    const workflows = tools.filter(({ toolset }) => toolset === 'workflows');
    expect(names).toHaveLength(25 + 2 + workflows.length);
    expect(instructions).toContain('inbox triage: list_unanswered;');
  });

  test('the organization toolset requires its key', async () => {
    expect((await shown([])).names).toHaveLength(defaultTools.length);
    expect((await shown([], { HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY })).names).toHaveLength(
      defaultTools.length + 11,
    );
  });

  test('a hidden tool cannot be called', async () => {
    const peer = await connectStdio('v1', { args: ['--mode', 'draft'], env: key });
    await expect(peer.callTool('send_message', {})).rejects.toThrow(/send_message is hidden by --mode draft/);
    await peer.close();
  });
});
