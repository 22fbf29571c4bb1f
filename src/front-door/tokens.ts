import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { MODES, type Mode } from '../tools/modes.ts';

/** Somebody who may call with the server's own key. */
export interface Token {
  name: string;
  /** SHA-256 of the token, which itself is kept nowhere. */
  digest: Buffer;
  /** What its holder is shown at most; undefined for what the server shows. */
  mode: Mode | undefined;
}

const NAME = /^[\w.-]{1,64}$/;
const PREFIX = 'hmcp_';

/**
 * Reads a text of tokens: `name sha256 [mode]` a line, `#` begins a remark.
 * @throws Error that names the first line that is not so, without what stands in it.
 */
export function parseTokens(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [name, digest, mode, ...rest] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (name === undefined || name === '') continue;
    const fault = findFault({ name, digest, mode, rest }, tokens);
    if (fault !== undefined) throw new Error(`line ${index + 1} ${fault}`);
    tokens.push({ name, digest: Buffer.from(digest!, 'hex'), mode: mode as Mode | undefined });
  }
  return tokens;
}

interface Line {
  name: string;
  digest: string | undefined;
  mode: string | undefined;
  rest: string[];
}

function findFault({ name, digest, mode, rest }: Line, before: readonly Token[]): string | undefined {
  if (!isTokenName(name)) return 'begins with what is no name (letters, digits, dots, dashes, underscores; at most 64)';
  if (digest === undefined || !/^[0-9a-f]{64}$/i.test(digest)) return 'has no SHA-256 in hexadecimal after the name';
  if (mode !== undefined && !MODES.includes(mode as Mode)) return `ends with what is no mode (${MODES.join(', ')})`;
  if (rest.length > 0) return 'has more than a name, a SHA-256 and a mode';
  if (before.some((token) => token.name === name)) return 'has the name of an earlier one';
  if (before.some((token) => token.digest.equals(Buffer.from(digest, 'hex')))) return 'has the token of an earlier one';
  return undefined;
}

export function isTokenName(name: string): boolean {
  return NAME.test(name);
}

/** Whether a text is a token of some server like this one, and so no HeyReach key. */
export function looksLikeToken(text: string): boolean {
  return text.toLowerCase().startsWith(PREFIX);
}

/** Finds who presents a token. It takes equally long whoever it is, and nobody too. */
export function findToken(tokens: readonly Token[], presented: string): Token | undefined {
  const digest = sha256(presented);
  let found: Token | undefined;
  for (const token of tokens) if (timingSafeEqual(token.digest, digest)) found = token;
  return found;
}

/** Makes a token, and the line that lets its holder in. */
export function makeToken(name: string, mode: Mode | undefined): { token: string; line: string } {
  const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
  return { token, line: [name, sha256(token).toString('hex'), ...(mode === undefined ? [] : [mode])].join(' ') };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
