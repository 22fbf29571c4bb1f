import { parseArgs } from 'node:util';
import { hasKeyCharacters, whyNotAKey } from '../lib/api-key.ts';
import { closestMatch } from '../lib/closest-match.ts';
import { isLoopback } from '../lib/hostnames.ts';
import { isPlaceholder } from '../lib/placeholder.ts';
import { key, type Setting } from './setting-types.ts';
import { type Config, settings } from './settings.ts';

/** The settings, a text to print instead of a start, or what is wrong in one line. */
export type ParsedConfig =
  | { ok: true; config: Config }
  | { ok: true; print: 'help' | 'version' }
  | { ok: false; problem: string };

/**
 * How HTTP callers authenticate: each with its own HeyReach key, with a bearer token, with an access token of an issuer, or
 * not at all on loopback.
 */
export type AuthMode = 'caller_keys' | 'bearer_tokens' | 'oauth' | 'loopback_only';

/** The authentication mode that the settings select. */
export function authModeOf({
  sandbox,
  apiKey,
  workspaces,
  tokens,
  auth,
}: Pick<Config, 'sandbox' | 'apiKey' | 'tokens'> & Partial<Pick<Config, 'workspaces' | 'auth'>>): AuthMode {
  if (auth === 'oauth') return 'oauth';
  if (tokens !== undefined) return 'bearer_tokens';
  return sandbox || (apiKey ?? workspaces) !== undefined ? 'loopback_only' : 'caller_keys';
}

/**
 * Parses flags and environment variables. A flag overrides its variable. Variables of the other transport are ignored.
 * @returns the configuration, or one line about the first problem.
 */
export function parseConfig(argv: readonly string[], env: Record<string, string | undefined>): ParsedConfig {
  const flags = parseFlags(argv);
  if (typeof flags === 'string') return { ok: false, problem: flags };
  if (flags.help === true) return { ok: true, print: 'help' };
  if (flags.version === true) return { ok: true, print: 'version' };
  const config: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings) as [string, Setting<unknown>][]) {
    const isForeign = setting.transport !== undefined && setting.transport !== config.transport;
    const flag = setting.flag === undefined ? undefined : flags[setting.flag];
    if (isForeign && flag !== undefined) {
      return { ok: false, problem: `--${setting.flag} has no meaning with --transport ${String(config.transport)}` };
    }
    const variable = setting.variable === undefined || isForeign ? undefined : env[setting.variable];
    const source = flag !== undefined ? `--${setting.flag}` : setting.variable;
    const written = flag === true ? '1' : typeof flag === 'string' ? flag : variable?.trim() || undefined;
    const text = written ?? setting.fallback;
    // The fallbacks hold no placeholder, and the patterns take a while to compile.
    if (written !== undefined && setting.read !== key && isPlaceholder(written)) {
      return { ok: false, problem: `${source} holds a placeholder instead of a value: the host did not fill it in` };
    }
    const parsed = setting.read.safeParse(text);
    if (!parsed.success) {
      const shown = setting.secret === true ? '' : ` (got "${text.slice(0, 80)}")`;
      return { ok: false, problem: `${source} ${parsed.error.issues[0]?.message}${shown}` };
    }
    config[name] = parsed.data;
  }
  const problem = findConflict(config as Config);
  return problem === undefined ? { ok: true, config: config as Config } : { ok: false, problem };
}

function parseFlags(argv: readonly string[]): Record<string, string | boolean | undefined> | string {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean' },
  };
  for (const { flag, placeholder } of Object.values(settings) as Setting<unknown>[]) {
    if (flag !== undefined) options[flag] = { type: placeholder === undefined ? 'boolean' : 'string' };
  }
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values as never;
  } catch (error) {
    const unknown = /^Unknown option '(--?[^']+)'/.exec((error as Error).message)?.[1];
    if (unknown === undefined) return (error as Error).message.split('\n')[0]!;
    const closest = closestMatch(unknown, Object.keys(options));
    return `unknown flag ${unknown}. ${closest === undefined ? '--help lists all flags.' : `Did you mean --${closest}?`}`;
  }
}

/** One line about settings that exclude or require each other. */
function findConflict(config: Config): string | undefined {
  const { transport, sandbox, apiKey, workspaces, organizationKey, tokens, host, port, metricsPort, baseUrl } = config;
  const { testWindow, redisUrl, replicas, stateSecret } = config;
  const hasKey = sandbox || (apiKey ?? workspaces) !== undefined;
  const badKey = sandbox
    ? undefined
    : (findBadKey('HEYREACH_API_KEY', apiKey) ?? findBadKey('HEYREACH_ORG_API_KEY', organizationKey));
  if (badKey !== undefined) return badKey;
  if (testWindow !== undefined && !sandbox && !isLoopback(new URL(baseUrl).hostname)) {
    return `HEYREACH_TEST_WINDOW_MS is for tests: it needs --sandbox or a loopback HEYREACH_BASE_URL, and ${baseUrl} counts requests per minute.`;
  }
  if (redisUrl !== undefined && stateSecret === undefined) {
    return 'HEYREACH_REDIS_URL needs HEYREACH_STATE_SECRET, the same in all replicas: each must accept the confirmations of the others.';
  }
  if (replicas !== undefined && redisUrl === undefined) return 'HEYREACH_REPLICAS needs HEYREACH_REDIS_URL';
  if (transport === 'stdio') {
    return hasKey
      ? undefined
      : 'HEYREACH_API_KEY is not set. Create a key in HeyReach under Settings, Integrations, HeyReach API, or try --sandbox.';
  }
  const oauthProblem = findOAuthConflict(config, hasKey);
  if (oauthProblem !== undefined) return oauthProblem;
  if (!hasKey) {
    if (organizationKey !== undefined) {
      return 'HEYREACH_ORG_API_KEY over HTTP needs HEYREACH_API_KEY: it cannot be combined with keys in requests.';
    }
    if (tokens !== undefined) {
      return 'HEYREACH_MCP_TOKENS needs HEYREACH_API_KEY: callers with a bearer token use the key of the server.';
    }
  }
  if (authModeOf(config) === 'loopback_only' && !isLoopback(host)) {
    const own = sandbox ? '--sandbox' : apiKey === undefined ? 'HEYREACH_WORKSPACES' : 'HEYREACH_API_KEY';
    return `--host ${host} is not loopback: with ${own} alone, every client that reaches it could call. Set HEYREACH_MCP_TOKENS, or start without ${own} so that each request brings its own HeyReach key.`;
  }
  if (metricsPort === port && port !== 0) return '--metrics-port and --port must differ';
  return undefined;
}

/** One line about settings of OAuth that are missing or have no effect. */
function findOAuthConflict(config: Config, hasKey: boolean): string | undefined {
  const { auth, tokens, publicUrl, oauthIssuer, oauthAudience, oauthSubjects } = config;
  const oauthSettings = Object.entries({
    HEYREACH_PUBLIC_URL: publicUrl,
    HEYREACH_OAUTH_ISSUER: oauthIssuer,
    HEYREACH_OAUTH_AUDIENCE: oauthAudience,
    HEYREACH_OAUTH_SUBJECTS: oauthSubjects,
  });
  if (auth !== 'oauth') {
    // The operator expects callers to sign in. Without the flag anyone could call.
    const [first] = oauthSettings.find(([, value]) => value !== undefined) ?? [];
    return first && `${first} needs --auth oauth.`;
  }
  if (!hasKey) return '--auth oauth needs HEYREACH_API_KEY: users with an access token use the key of the server.';
  if (tokens !== undefined) return '--auth oauth and HEYREACH_MCP_TOKENS exclude each other. Remove one of them.';
  if (oauthIssuer === undefined) return '--auth oauth needs HEYREACH_OAUTH_ISSUER, the issuer of access tokens.';
  if (publicUrl === undefined) return '--auth oauth needs HEYREACH_PUBLIC_URL, such as https://mcp.example.com/mcp.';
  return undefined;
}

/** One line about an invalid key, without the key. */
function findBadKey(variable: string, key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  const reason = whyNotAKey(key);
  if (reason !== undefined) {
    return `${variable} ${reason}. Set it to a key from HeyReach under Settings, Integrations, HeyReach API, or try --sandbox.`;
  }
  return hasKeyCharacters(key) ? undefined : `${variable} contains characters that are not allowed in a key`;
}
