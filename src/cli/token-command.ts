import { appendFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isTokenName, makeToken, parseTokens } from '../auth/tokens.ts';
import { type FileReadError, readSmallFile } from '../lib/read-small-file.ts';
import { MODES, type Mode } from '../mcp/modes.ts';

const USAGE = `Usage: heyreach-mcp token NAME [--mode ${MODES.join('|')}] [--file FILE]`;
const HELP = `${USAGE}

Creates a bearer token for a caller of an HTTP server that has its own HeyReach key, and its line for the token file.

  --mode    the most permissive mode for the caller. Default: the mode of the server
  --file    the token file (HEYREACH_MCP_TOKENS). Appends the line to it and prints only the token

The token is stored nowhere. If it is lost, create another one. A running server reloads the file on SIGHUP.
`;

/**
 * Creates a token.
 * @returns the text to print.
 * @throws Error that says in one line what is wrong with the arguments or the file.
 */
export async function runTokenCommand(argv: readonly string[]): Promise<string> {
  const { values, positionals } = readArguments(argv);
  if (values.help === true) return HELP;
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0) throw new Error(`token takes one name. ${USAGE}`);
  if (!isTokenName(name)) throw new Error('a name has letters, digits, dots, dashes and underscores, at most 64');
  const { mode, file } = values;
  if (mode !== undefined && !MODES.includes(mode as Mode)) throw new Error(`--mode must be one of ${MODES.join(', ')}`);
  const { token, line } = makeToken(name, mode as Mode | undefined);
  if (file === undefined) return `token, for the caller:     ${token}\nline, for the token file:  ${line}\n`;
  await appendLine(file, name, line);
  return `${token}\n`;
}

async function appendLine(file: string, name: string, line: string): Promise<void> {
  const content = await readSmallFile(file).catch((error: FileReadError) => {
    if (error.code === 'ENOENT') return '';
    throw new Error(`${file} ${error.message}`);
  });
  const text = content === '' || content.endsWith('\n') ? `${line}\n` : `\n${line}\n`;
  try {
    parseTokens(content + text);
  } catch (error) {
    // The appended line can only be wrong for its name.
    const isTaken = content.split(/\r?\n/).some((existing) => existing.trim().split(/\s+/)[0] === name);
    throw new Error(isTaken ? `${file} already has a token named ${name}` : `${file} ${(error as Error).message}`);
  }
  await appendFile(file, text, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be written (${error.code})`);
  });
}

function readArguments(argv: readonly string[]) {
  const options = {
    mode: { type: 'string' },
    file: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw new Error(`${(error as Error).message.split('\n')[0]} ${USAGE}`);
  }
}
