import * as z from 'zod';
import { MODES } from '../mcp/modes.ts';
import { TOOLSETS } from '../mcp/tool.ts';
import { LOG_LEVELS } from '../observability/log.ts';
import { tools } from '../tools/registry.ts';
import type { ToolGroup } from '../tools/shared/essentials.ts';
import {
  boolean,
  choice,
  hosts,
  integer,
  key,
  oneOfNames,
  optional,
  optionalInteger,
  optionalPath,
  optionalUrl,
  origin,
  origins,
  redisUrl,
  scopes,
  setting,
} from './setting-types.ts';

/** All settings. Parsing, `--help` and the table in the docs are derived from them. */
export const settings = {
  transport: setting({
    flag: 'transport',
    placeholder: 'stdio|http',
    variable: 'HEYREACH_MCP_TRANSPORT',
    fallback: 'stdio',
    meaning: 'How clients connect: one client over stdio, or many over Streamable HTTP.',
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
    meaning: 'Port to listen on. 0 picks a free port. stderr prints `listening on http://…/mcp`.',
    read: integer(0, 65_535),
  }),
  allowedHosts: setting({
    flag: 'allowed-hosts',
    placeholder: 'a,b',
    variable: 'HEYREACH_ALLOWED_HOSTS',
    fallback: '',
    shownFallback: 'loopback names',
    transport: 'http',
    meaning: 'Additional host names that clients may use in the URL, without ports, such as the name of a container.',
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
      'Origins of web pages that may call from a browser, such as https://app.example.com. They get CORS headers.',
    read: origins,
  }),
  tokens: setting({
    variable: 'HEYREACH_MCP_TOKENS',
    fallback: '',
    shownFallback: 'none',
    transport: 'http',
    meaning:
      'Path to a file of bearer tokens, one per line: name, SHA-256, optional mode. Create entries with `heyreach-mcp token NAME`. Reloaded on SIGHUP.',
    read: optionalPath,
  }),
  auth: setting({
    flag: 'auth',
    placeholder: 'auto|oauth',
    variable: 'HEYREACH_MCP_AUTH',
    fallback: 'auto',
    transport: 'http',
    meaning:
      'How callers authenticate. `auto`: by keys or bearer tokens, depending on HEYREACH_API_KEY and HEYREACH_MCP_TOKENS. `oauth`: by access tokens of HEYREACH_OAUTH_ISSUER (docs/deploy.md).',
    read: choice(['auto', 'oauth']),
  }),
  publicUrl: setting({
    variable: 'HEYREACH_PUBLIC_URL',
    fallback: '',
    shownFallback: 'none',
    transport: 'http',
    meaning: 'With `--auth oauth`: the URL of the endpoint as clients know it, such as https://mcp.example.com/mcp.',
    read: optionalUrl,
  }),
  oauthIssuer: setting({
    variable: 'HEYREACH_OAUTH_ISSUER',
    fallback: '',
    shownFallback: 'none',
    transport: 'http',
    meaning: 'With `--auth oauth`: the issuer of access tokens, exactly as its metadata spells it.',
    read: optionalUrl,
  }),
  oauthAudience: setting({
    variable: 'HEYREACH_OAUTH_AUDIENCE',
    fallback: '',
    shownFallback: 'HEYREACH_PUBLIC_URL',
    transport: 'http',
    meaning: 'With `--auth oauth`: the audience (`aud`) that an access token must have.',
    read: optional,
  }),
  oauthScopes: setting({
    variable: 'HEYREACH_OAUTH_SCOPES',
    fallback: 'heyreach:read,heyreach:draft,heyreach:full',
    transport: 'http',
    meaning:
      'With `--auth oauth`: the scopes for the modes read-only, draft and full. The widest scope of a token is its mode, within `--mode`.',
    read: scopes,
  }),
  oauthSubjects: setting({
    variable: 'HEYREACH_OAUTH_SUBJECTS',
    fallback: '',
    shownFallback: 'every user',
    transport: 'http',
    meaning:
      'With `--auth oauth`: path to a file of the users who may call, one per line: a subject or `group:NAME`, and a mode. Reloaded on SIGHUP.',
    read: optionalPath,
  }),
  maxBody: setting({
    variable: 'HEYREACH_MAX_BODY_MIB',
    fallback: '4',
    transport: 'http',
    meaning: 'Largest request body, in MiB. A caller without a key may send 64 KiB.',
    read: integer(1, 64),
  }),
  metricsPort: setting({
    flag: 'metrics-port',
    placeholder: 'N',
    variable: 'HEYREACH_METRICS_PORT',
    fallback: '',
    shownFallback: 'off',
    transport: 'http',
    meaning: 'Port on 127.0.0.1 that serves Prometheus metrics at `/metrics`. 0 picks a free port.',
    read: optionalInteger(0, 65_535),
  }),
  drainSeconds: setting({
    variable: 'HEYREACH_DRAIN_SECONDS',
    fallback: '0',
    transport: 'http',
    meaning:
      'Seconds to keep answering 503 after SIGTERM, so that a load balancer sees `/readyz` fail before the server ends.',
    read: integer(0, 300),
  }),
  sandbox: setting({
    flag: 'sandbox',
    variable: 'HEYREACH_SANDBOX',
    fallback: '0',
    shownFallback: 'off',
    meaning: 'Use the embedded HeyReach with made-up data. Nothing leaves this machine, and keys are ignored.',
    read: boolean,
  }),
  apiKey: setting({
    variable: 'HEYREACH_API_KEY',
    fallback: '',
    secret: true,
    meaning:
      'HeyReach key of the workspace. Required over stdio, except with the sandbox or HEYREACH_WORKSPACES. Over HTTP, a key in the request overrides it in the mode loopback only, and only without HEYREACH_WORKSPACES and HEYREACH_ORG_API_KEY. Otherwise that request is rejected (docs/deploy.md).',
    read: key,
  }),
  workspaces: setting({
    variable: 'HEYREACH_WORKSPACES',
    fallback: '',
    shownFallback: 'none',
    meaning:
      'Path to a file of several HeyReach keys, one per line: name and key, mode 0600. Tools then take a parameter `workspace`. Read again on SIGHUP.',
    read: optionalPath,
  }),
  organizationKey: setting({
    variable: 'HEYREACH_ORG_API_KEY',
    fallback: '',
    secret: true,
    meaning:
      'HeyReach key of an organization. Enables the organization toolset. Over HTTP it needs HEYREACH_API_KEY, and keys in requests are rejected.',
    read: key,
  }),
  baseUrl: setting({
    variable: 'HEYREACH_BASE_URL',
    fallback: 'https://api.heyreach.io',
    meaning: 'Scheme and host of the HeyReach API. The key is sent to no other host.',
    read: origin,
  }),
  mode: setting({
    flag: 'mode',
    placeholder: MODES.join('|'),
    variable: 'HEYREACH_MODE',
    fallback: 'full',
    meaning:
      'Which tools are available. `read-only`: reads. `draft`: plus changes that contact no one and delete nothing, adding leads included. `full`: all.',
    read: choice(MODES),
  }),
  toolsets: setting({
    flag: 'toolsets',
    placeholder: 'a,b',
    variable: 'HEYREACH_TOOLSETS',
    fallback: 'default',
    meaning: `Toolsets to enable: ${TOOLSETS.join(', ')}. \`default\` is all except legacy. \`essentials\` is workflows and the operations used most, for clients that limit tools.`,
    read: oneOfNames('toolset', ['default', 'essentials', ...TOOLSETS]).transform((names): ToolGroup[] => [
      ...TOOLSETS.filter((name) => names.includes(name) || (name !== 'legacy' && names.includes('default'))),
      ...(names.includes('essentials') ? (['essentials'] as const) : []),
    ]),
  }),
  excludeTools: setting({
    flag: 'exclude-tools',
    placeholder: 'x,y',
    variable: 'HEYREACH_EXCLUDE_TOOLS',
    fallback: '',
    meaning: 'Names of tools to disable.',
    read: oneOfNames(
      'tool',
      tools.map((tool) => tool.name),
    ),
  }),
  rateLimit: setting({
    flag: 'rate-limit',
    placeholder: 'N',
    variable: 'HEYREACH_RATE_LIMIT_PER_MINUTE',
    fallback: '300',
    meaning: 'Requests per minute and key that this process may send. HeyReach allows 300 per key.',
    read: integer(1, 300),
  }),
  confirm: setting({
    flag: 'confirm',
    placeholder: 'ask|token|off',
    variable: 'HEYREACH_CONFIRM',
    fallback: 'ask',
    meaning:
      '`ask`: tools that contact people, share data externally or cannot be undone require confirmation (docs/safety.md), by a form where the client has forms. `token`: never by a form, always by preview and confirmToken. `off`: no tool requires it.',
    read: choice(['ask', 'token', 'off']),
  }),
  confirmTimeout: setting({
    variable: 'HEYREACH_CONFIRM_TIMEOUT_SECONDS',
    fallback: '300',
    meaning: 'Seconds to wait for the answer to an elicitation during a call. After that nothing is sent.',
    read: integer(1, 300),
  }),
  stateSecret: setting({
    variable: 'HEYREACH_STATE_SECRET',
    fallback: '',
    shownFallback: 'random per process',
    secret: true,
    meaning:
      'Secret that signs confirmations, at least 32 characters. With a fixed secret, confirmations stay valid after a restart.',
    read: optional
      .refine((value) => value === undefined || value.length >= 32, 'must have at least 32 characters')
      // Everyone can read the example in docs/deploy.md.
      .refine((value) => !/^replace-with-/i.test(value ?? ''), 'holds the example text of a document'),
  }),
  redisUrl: setting({
    variable: 'HEYREACH_REDIS_URL',
    fallback: '',
    shownFallback: 'none',
    secret: true,
    meaning:
      'Redis or Valkey that all replicas share: `redis://` or `rediss://`, with user and password. It keeps rate limit, send limits, confirmations and circuits. Needs HEYREACH_STATE_SECRET.',
    read: redisUrl,
  }),
  replicas: setting({
    variable: 'HEYREACH_REPLICAS',
    fallback: '',
    shownFallback: 'none',
    meaning:
      'How many replicas share HEYREACH_REDIS_URL. With it, each replica still reads at its share of the rate limit from a minute after Redis is lost. Without it, nothing is sent until Redis is back.',
    read: optionalInteger(1, 300),
  }),
  results: setting({
    flag: 'results',
    placeholder: 'structured|text',
    variable: 'HEYREACH_RESULTS',
    fallback: 'structured',
    meaning:
      '`structured`: results have structured content and the same content as text, and tools have output schemas. `text`: JSON text only, without output schemas, for clients that pass both forms to the model.',
    read: choice(['structured', 'text']),
  }),
  apps: setting({
    flag: 'apps',
    placeholder: 'on|off',
    variable: 'HEYREACH_APPS',
    fallback: 'on',
    meaning:
      '`on`: list_unanswered and get_performance have a view, for clients that show MCP Apps (docs/apps.md). `off`: no tool has one.',
    read: choice(['on', 'off']),
  }),
  maxSendsPerHour: setting({
    variable: 'HEYREACH_MAX_SENDS_PER_HOUR',
    fallback: '60',
    meaning: 'Maximum number of messages per hour and key.',
    read: integer(0, 10_000),
  }),
  maxSendsPerSenderPerHour: setting({
    variable: 'HEYREACH_MAX_SENDS_PER_SENDER_PER_HOUR',
    fallback: '20',
    meaning: 'Maximum number of messages per hour and LinkedIn account.',
    read: integer(0, 10_000),
  }),
  stateFolder: setting({
    variable: 'HEYREACH_STATE_DIR',
    fallback: '',
    shownFallback: 'memory',
    meaning:
      'Folder that keeps jobs and files of callers for 24 hours, so that a restarted server has them. Without it they are lost when the server ends.',
    read: optionalPath,
  }),
  filesFolder: setting({
    variable: 'HEYREACH_FILES_DIR',
    fallback: '',
    shownFallback: 'none',
    transport: 'stdio',
    meaning:
      'Folder whose .csv, .tsv, .jsonl and .json files tools can read people from, subfolders included. Without it they read no file.',
    read: optionalPath,
  }),
  doNotContact: setting({
    variable: 'HEYREACH_DO_NOT_CONTACT',
    fallback: '',
    shownFallback: 'none',
    meaning:
      'Path to a file of people whom tools do not add. send_message and check_campaign warn of them. One entry per line: a domain, `company: Example Ltd` or a profile URL. Reloaded on SIGHUP.',
    read: optionalPath,
  }),
  auditLog: setting({
    variable: 'HEYREACH_AUDIT_LOG',
    fallback: '',
    shownFallback: 'none',
    meaning:
      'Path of the audit log: one JSON line before and one after every write. If the log cannot be written, writes are rejected.',
    read: optionalPath,
  }),
  testWindow: setting({
    variable: 'HEYREACH_TEST_WINDOW_MS',
    fallback: '',
    hidden: true,
    meaning: 'Milliseconds of the window in which requests are counted, in place of a minute.',
    read: optionalInteger(200, 60_000),
  }),
  toolTimeout: setting({
    variable: 'HEYREACH_TOOL_TIMEOUT_SECONDS',
    fallback: '55',
    meaning:
      'Deadline for each tool call, in seconds. Clients give up after 60 s. Waiting for confirmation does not count.',
    read: integer(3, 55),
  }),
  logLevel: setting({
    flag: 'log-level',
    placeholder: LOG_LEVELS.join('|'),
    variable: 'HEYREACH_LOG_LEVEL',
    fallback: 'info',
    meaning: 'Lowest level that is logged to stderr, as JSON lines.',
    read: choice(LOG_LEVELS),
  }),
};

type Settings = typeof settings;
/** The parsed settings. */
export type Config = { [Name in keyof Settings]: z.output<Settings[Name]['read']> };
