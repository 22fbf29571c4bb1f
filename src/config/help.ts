import type { Setting } from './setting-types.ts';
import { settings } from './settings.ts';
import { version } from './version.ts';

type Described = Omit<Setting<unknown>, 'read'>;

const all = Object.values<Described>(settings).filter(({ hidden }) => hidden !== true);

function flagText({ flag, placeholder }: Described): string {
  if (flag === undefined) return '';
  return placeholder === undefined ? `--${flag}` : `--${flag} ${placeholder}`;
}

/** The text that `--help` prints. */
export function helpText(): string {
  const lines = all.map((setting) => {
    const names = [flagText(setting), setting.variable ?? ''].filter((name) => name !== '').join('  ');
    const fallback = setting.shownFallback ?? setting.fallback;
    return `  ${names}\n      ${setting.meaning}${fallback === '' ? '' : ` Default: ${fallback}.`}`;
  });
  return [
    `heyreach-mcp ${version}: the HeyReach API as MCP tools, over stdio or Streamable HTTP.`,
    '',
    'Usage: heyreach-mcp [flags]',
    '       heyreach-mcp doctor [--json] [flags]            finds out why the server does not work',
    '       heyreach-mcp init HOST|all [--help]             adds the server to the configuration of a host',
    '       heyreach-mcp token NAME [--mode M] [--file F]   creates a token for HEYREACH_MCP_TOKENS',
    '',
    'A flag overrides its environment variable.',
    '',
    ...lines,
    '  --help, --version',
    '',
  ].join('\n');
}

/** The line that `--version` prints. */
export function versionText(): string {
  return `${version}\n`;
}

/** The table of settings in the docs. */
export function settingsTable(): string {
  const code = (text: string) => (text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``);
  const rows = all.map((setting) => {
    const fallback = setting.shownFallback ?? code(setting.fallback);
    return `| ${code(flagText(setting))} | ${setting.variable ?? ''} | ${fallback} | ${setting.meaning} |`;
  });
  return ['| flag | variable | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}
