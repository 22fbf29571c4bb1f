import { z } from 'zod';
import { LOG_LEVELS } from './log.ts';
import { choice, hosts, key, known, onOff, optional, origin, origins, setting, whole, wholeOrNone } from './setting.ts';
import { TOOLSETS, type Toolset } from './tools/define.ts';
import { MODES } from './tools/modes.ts';
import { tools } from './tools/registry.ts';

/** Everything that can be configured. Help, README and reading all come from here. */
export const settings = {
  transport: setting({
    flag: 'transport',
    placeholder: 'stdio|http',
    variable: 'HEYREACH_MCP_TRANSPORT',
    fallback: 'stdio',
    meaning: 'How hosts connect: one host over stdio, or many over Streamable HTTP.',
    read: choice(['stdio', 'http']),
  }),
  host: setting({
    flag: 'host',
    placeholder: 'ADDRESS',
    variable: 'HEYREACH_MCP_HOST',
    fallback: '127.0.0.1',
    transport: 'http',
    meaning: 'Address to listen on.',
    read: z.string().min(1),
  }),
  port: setting({
    flag: 'port',
    placeholder: 'N',
    variable: 'HEYREACH_MCP_PORT',
    fallback: '3000',
    transport: 'http',
    meaning: 'Port to listen on; 0 picks a free one. stderr says `listening on http://…/mcp`.',
    read: whole(0, 65_535),
  }),
  allowedHosts: setting({
    flag: 'allowed-hosts',
    placeholder: 'a,b',
    variable: 'HEYREACH_ALLOWED_HOSTS',
    fallback: '',
    shownFallback: 'loopback names',
    transport: 'http',
    meaning: 'Further host names the server may be called by, without ports (a container is called by its name).',
    read: hosts,
  }),
  allowedOrigins: setting({
    flag: 'allowed-origins',
    placeholder: 'a,b',
    variable: 'HEYREACH_ALLOWED_ORIGINS',
    fallback: '',
    shownFallback: 'none',
    transport: 'http',
    meaning:
      'Web pages that may call from a browser, as scheme, host and port (https://app.example.com); they get CORS.',
    read: origins,
  }),
  tokens: setting({
    variable: 'HEYREACH_MCP_TOKENS',
    fallback: '',
    shownFallback: 'none',
    transport: 'http',
    meaning:
      'File of those who may call with the key of this server: a name, the SHA-256 of a token and perhaps a mode a line, as `heyreach-mcp token NAME` makes them. Read again on SIGHUP.',
    read: optional,
  }),
  maxBody: setting({
    variable: 'HEYREACH_MAX_BODY_MIB',
    fallback: '4',
    transport: 'http',
    meaning: 'The largest request body, in MiB.',
    read: whole(1, 64),
  }),
  metricsPort: setting({
    flag: 'metrics-port',
    placeholder: 'N',
    variable: 'HEYREACH_METRICS_PORT',
    fallback: '',
    shownFallback: 'off',
    transport: 'http',
    meaning: 'Port of 127.0.0.1 on which Prometheus finds `/metrics`; 0 picks a free one.',
    read: wholeOrNone(0, 65_535),
  }),
  drainSeconds: setting({
    variable: 'HEYREACH_DRAIN_SECONDS',
    fallback: '0',
    transport: 'http',
    meaning:
      'How long after SIGTERM it goes on answering 503 before it ends, so that a load balancer sees `/readyz` fail.',
    read: whole(0, 300),
  }),
  sandbox: setting({
    flag: 'sandbox',
    variable: 'HEYREACH_SANDBOX',
    fallback: '0',
    shownFallback: 'off',
    meaning: 'Work on the embedded HeyReach with made-up data. It never leaves this machine and ignores keys.',
    read: onOff,
  }),
  apiKey: setting({
    variable: 'HEYREACH_API_KEY',
    fallback: '',
    secret: true,
    meaning: 'The workspace key. Needed on stdio unless on the sandbox; over HTTP a key in the request beats it.',
    read: key,
  }),
  organizationKey: setting({
    variable: 'HEYREACH_ORG_API_KEY',
    fallback: '',
    secret: true,
    meaning:
      'An organization key: turns the organization toolset on. Over HTTP it needs HEYREACH_API_KEY too, and keys in requests are refused.',
    read: key,
  }),
  baseUrl: setting({
    variable: 'HEYREACH_BASE_URL',
    fallback: 'https://api.heyreach.io',
    meaning: 'Scheme and host of the API; the key is sent nowhere else.',
    read: origin,
  }),
  mode: setting({
    flag: 'mode',
    placeholder: MODES.join('|'),
    variable: 'HEYREACH_MODE',
    fallback: 'full',
    meaning: 'Which tools are shown: only reads; also what reaches nobody and loses nothing; or all.',
    read: choice(MODES),
  }),
  toolsets: setting({
    flag: 'toolsets',
    placeholder: 'a,b',
    variable: 'HEYREACH_TOOLSETS',
    fallback: 'default',
    meaning: `Groups of tools to show: ${TOOLSETS.join(', ')}; \`default\` is all but legacy.`,
    read: known('toolset', ['default', ...TOOLSETS]).transform((given): Toolset[] =>
      TOOLSETS.filter((name) => given.includes(name) || (name !== 'legacy' && given.includes('default'))),
    ),
  }),
  excludeTools: setting({
    flag: 'exclude-tools',
    placeholder: 'x,y',
    variable: 'HEYREACH_EXCLUDE_TOOLS',
    fallback: '',
    meaning: 'Tools to hide by name.',
    read: known(
      'tool',
      tools.map((tool) => tool.name),
    ),
  }),
  rateLimit: setting({
    flag: 'rate-limit',
    placeholder: 'N',
    variable: 'HEYREACH_RATE_LIMIT_PER_MINUTE',
    fallback: '300',
    meaning: "This process's share of the 300 requests a minute that HeyReach allows per key.",
    read: whole(1, 300),
  }),
  confirm: setting({
    flag: 'confirm',
    placeholder: 'ask|off',
    variable: 'HEYREACH_CONFIRM',
    fallback: 'ask',
    meaning:
      'Whether somebody has to allow what reaches people, leaves the workspace or cannot be undone (docs/safety.md).',
    read: choice(['ask', 'off']),
  }),
  confirmTimeout: setting({
    variable: 'HEYREACH_CONFIRM_TIMEOUT_SECONDS',
    fallback: '300',
    meaning: 'How long a person is waited for who is asked during a call; then nothing is sent.',
    read: whole(1, 300),
  }),
  stateSecret: setting({
    variable: 'HEYREACH_STATE_SECRET',
    fallback: '',
    shownFallback: 'random per process',
    secret: true,
    meaning: 'Signs confirmations, at least 32 characters. With one of your own they outlive a restart of the server.',
    read: optional.refine((value) => value === undefined || value.length >= 32, 'must have at least 32 characters'),
  }),
  maxSendsPerHour: setting({
    variable: 'HEYREACH_MAX_SENDS_PER_HOUR',
    fallback: '60',
    meaning: 'Messages that may be sent in any hour with one key.',
    read: whole(0, 10_000),
  }),
  maxSendsPerSenderPerHour: setting({
    variable: 'HEYREACH_MAX_SENDS_PER_SENDER_PER_HOUR',
    fallback: '20',
    meaning: 'Messages that may be sent in any hour from one LinkedIn account.',
    read: whole(0, 10_000),
  }),
  auditLog: setting({
    variable: 'HEYREACH_AUDIT_LOG',
    fallback: '',
    shownFallback: 'none',
    meaning:
      'File that gets a JSON line before and after every call that is not a read; what cannot be written down is not done.',
    read: optional,
  }),
  toolTimeout: setting({
    variable: 'HEYREACH_TOOL_TIMEOUT_SECONDS',
    fallback: '55',
    meaning: 'Every call is answered by then; hosts give up after 60 s. Time that a person is asked does not count.',
    read: whole(3, 55),
  }),
  logLevel: setting({
    flag: 'log-level',
    placeholder: LOG_LEVELS.join('|'),
    variable: 'HEYREACH_LOG_LEVEL',
    fallback: 'info',
    meaning: 'How much is logged to stderr, as JSON lines.',
    read: choice(LOG_LEVELS),
  }),
};

type Settings = typeof settings;
/** What the program runs with. */
export type Config = { [Name in keyof Settings]: z.output<Settings[Name]['read']> };
