import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { MODES, type Mode } from '../mcp/modes.ts';

/** Permission to use the server's own HeyReach key. */
export interface Token {
  name: string;
  /** SHA-256 of the token. The token itself is not stored. */
  digest: Buffer;
  /** The most permissive mode for the holder. undefined means the mode of the server. */
  mode: Mode | undefined;
}

const NAME = /^[\w.-]{1,64}$/;
const PREFIX = 'hmcp_';

/**
 * Parses a token file: one `name sha256 [mode]` per line. `#` starts a comment.
 * @throws Error with the number of the first invalid line, without its content.
 */
export function parseTokens(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [name, digest, mode, ...rest] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (name === undefined || name === '') continue;
    const problem = findLineError({ name, digest, mode, rest }, tokens);
    if (problem !== undefined) throw new Error(`line ${index + 1} ${problem}`);
    tokens.push({ name, digest: Buffer.from(digest!, 'hex'), mode: mode as Mode | undefined });
  }
  return tokens;
}

interface TokenLine {
  name: string;
  digest: string | undefined;
  mode: string | undefined;
  rest: string[];
}

function findLineError({ name, digest, mode, rest }: TokenLine, earlier: readonly Token[]): string | undefined {
  if (!isTokenName(name)) return 'has an invalid name (letters, digits, dots, dashes, underscores, at most 64)';
  if (digest === undefined || !/^[0-9a-f]{64}$/i.test(digest)) return 'has no SHA-256 in hexadecimal after the name';
  if (mode !== undefined && !MODES.includes(mode as Mode)) return `has an invalid mode (${MODES.join(', ')})`;
  if (rest.length > 0) return 'has more than a name, a SHA-256 and a mode';
  if (earlier.some((token) => token.name === name)) return 'repeats the name of an earlier line';
  if (earlier.some((token) => token.digest.equals(Buffer.from(digest, 'hex')))) {
    return 'repeats the token of an earlier line';
  }
  return undefined;
}

/** Whether a text can name a token: letters, digits, dots, dashes and underscores, at most 64. */
export function isTokenName(name: string): boolean {
  return NAME.test(name);
}

/** Whether a text is a token of a heyreach-mcp server, and so not a HeyReach key. */
export function looksLikeToken(text: string): boolean {
  return text.toLowerCase().startsWith(PREFIX);
}

/** Finds the token that a request presents. The time does not depend on which token matches, or whether one does. */
export function findToken(tokens: readonly Token[], presented: string): Token | undefined {
  const digest = sha256(presented);
  let match: Token | undefined;
  for (const token of tokens) if (timingSafeEqual(token.digest, digest)) match = token;
  return match;
}

/** Creates a token and its line for the token file. */
export function makeToken(name: string, mode: Mode | undefined): { token: string; line: string } {
  const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
  return { token, line: [name, sha256(token).toString('hex'), ...(mode === undefined ? [] : [mode])].join(' ') };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
