import { parseArgs } from 'node:util';
import { wayOf } from './front-door/way.ts';
import { isLoopback } from './host.ts';
import type { Setting } from './setting.ts';
import { type Config, settings } from './settings.ts';
import { nearest } from './tools/nearest.ts';

export type ParsedConfig =
  | { ok: true; config: Config }
  | { ok: true; asked: 'help' | 'version' }
  | { ok: false; problem: string };

/**
 * Reads flags and variables; a flag beats its variable, and variables of the other transport are not looked at.
 * @returns one line about the first problem instead of a configuration that would not do what was meant.
 */
export function parseConfig(argv: readonly string[], env: Record<string, string | undefined>): ParsedConfig {
  const flags = readFlags(argv);
  if (typeof flags === 'string') return { ok: false, problem: flags };
  if (flags.help === true) return { ok: true, asked: 'help' };
  if (flags.version === true) return { ok: true, asked: 'version' };
  const config: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(settings) as [string, Setting<unknown>][]) {
    const foreign = given.transport !== undefined && given.transport !== config.transport;
    const flag = given.flag === undefined ? undefined : flags[given.flag];
    if (foreign && flag !== undefined) {
      return { ok: false, problem: `--${given.flag} has no meaning with --transport ${String(config.transport)}` };
    }
    const variable = given.variable === undefined || foreign ? undefined : env[given.variable];
    const source = flag !== undefined ? `--${given.flag}` : given.variable;
    const text = flag === true ? '1' : typeof flag === 'string' ? flag : variable?.trim() || given.fallback;
    const read = given.read.safeParse(text);
    if (!read.success) {
      const shown = given.secret === true ? '' : ` (got "${text.slice(0, 80)}")`;
      return { ok: false, problem: `${source} ${read.error.issues[0]?.message}${shown}` };
    }
    config[name] = read.data;
  }
  const problem = findConflict(config as Config);
  return problem === undefined ? { ok: true, config: config as Config } : { ok: false, problem };
}

function readFlags(argv: readonly string[]): Record<string, string | boolean | undefined> | string {
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
    const meant = nearest(unknown, Object.keys(options));
    return `unknown flag ${unknown}${meant === undefined ? '; --help lists them' : `; did you mean --${meant}?`}`;
  }
}

function findConflict(config: Config): string | undefined {
  const { transport, sandbox, apiKey, organizationKey, tokens, host, port, metricsPort } = config;
  if (transport === 'stdio') {
    return sandbox || apiKey !== undefined
      ? undefined
      : 'HEYREACH_API_KEY is not set; make a key in HeyReach under Settings, Integrations, HeyReach API, or try --sandbox';
  }
  if (!sandbox && apiKey === undefined) {
    if (organizationKey !== undefined) {
      return 'HEYREACH_ORG_API_KEY over HTTP needs HEYREACH_API_KEY too: it cannot be combined with keys sent by requests';
    }
    if (tokens !== undefined) {
      return 'HEYREACH_MCP_TOKENS needs HEYREACH_API_KEY: tokens are for those who work with the key of this server';
    }
  }
  if (wayOf(config) === 'open' && !isLoopback(host)) {
    const own = sandbox ? '--sandbox' : 'HEYREACH_API_KEY';
    return `--host ${host} is not loopback: with ${own} alone whoever reaches it could call. Set HEYREACH_MCP_TOKENS, or start without ${own} so that each request brings its own HeyReach key`;
  }
  if (metricsPort === port && port !== 0) return '--metrics-port and --port must differ';
  return undefined;
}
