import { settings } from './settings.ts';
import { version } from './version.ts';

interface Described {
  flag?: string;
  placeholder?: string;
  variable?: string;
  fallback: string;
  shownFallback?: string;
  meaning: string;
}

const all: Described[] = Object.values(settings);

function flagText({ flag, placeholder }: Described): string {
  if (flag === undefined) return '';
  return placeholder === undefined ? `--${flag}` : `--${flag} ${placeholder}`;
}

function fallbackText({ fallback, shownFallback }: Described): string {
  return shownFallback ?? fallback;
}

/** What `--help` prints. */
export function helpText(): string {
  const lines = all.map((one) => {
    const names = [flagText(one), one.variable ?? ''].filter((name) => name !== '').join('  ');
    const fallback = fallbackText(one);
    return `  ${names}\n      ${one.meaning}${fallback === '' ? '' : ` Default: ${fallback}.`}`;
  });
  return [
    `heyreach-mcp ${version}: the HeyReach API as MCP tools, over stdio or Streamable HTTP.`,
    '',
    'Usage: heyreach-mcp [flags]',
    '       heyreach-mcp token NAME [--mode M] [--file F]   makes a token for HEYREACH_MCP_TOKENS',
    '',
    'A flag beats its variable.',
    '',
    ...lines,
    '  --help, --version',
    '',
  ].join('\n');
}

export function versionText(): string {
  return `${version}\n`;
}

/** The table of settings in the README. */
export function settingsTable(): string {
  const code = (text: string) => (text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``);
  const rows = all.map((one) => {
    const fallback = one.shownFallback ?? code(one.fallback);
    return `| ${code(flagText(one))} | ${one.variable ?? ''} | ${fallback} | ${one.meaning} |`;
  });
  return ['| flag | variable | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}
