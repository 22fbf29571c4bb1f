import { ConfigError } from '../config/setting-types.ts';
import { type FileReadError, inSequence, readSmallFile } from '../lib/read-small-file.ts';
import { findToken, parseTokens, type Token } from './tokens.ts';

/** The result of reloading the token file. */
export interface ReloadResult {
  /** What is wrong with the file, in one line. */
  error?: string;
  /** How many earlier tokens were revoked, although the file has an error. */
  dropped: number;
}

/** The tokens of the token file, as of its last valid content. */
export class TokenFile {
  readonly #path: string;
  #tokens: readonly Token[] = [];

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws ConfigError with what is wrong with the file. */
  static async open(path: string): Promise<TokenFile> {
    const file = new TokenFile(path);
    const { error } = await file.reload();
    if (error !== undefined) throw new ConfigError(error);
    return file;
  }

  /**
   * Reloads the file.
   * - A token that was removed from the file is revoked, even if the file has errors.
   * - If the file is missing, every token is revoked.
   * - If the file cannot be read for another reason, the current tokens stay.
   */
  readonly reload = inSequence(() => this.#reload());

  async #reload(): Promise<ReloadResult> {
    const sizeBefore = this.#tokens.length;
    let problem: string | undefined;
    try {
      problem = this.#update(await readSmallFile(this.#path));
    } catch (error) {
      const { code, message } = error as FileReadError;
      problem = message;
      // Deleting the file revokes every token. Other errors may be temporary.
      if (code === 'ENOENT') this.#tokens = [];
    }
    if (problem === undefined) return { dropped: 0 };
    return { error: `HEYREACH_MCP_TOKENS: ${this.#path} ${problem}`, dropped: sizeBefore - this.#tokens.length };
  }

  #update(text: string): string | undefined {
    try {
      this.#tokens = parseTokens(text);
    } catch (error) {
      this.#tokens = this.#tokens.filter((token) => isListed(token, text));
      return (error as Error).message;
    }
    return this.#tokens.length === 0 ? 'contains no token. Create one with `heyreach-mcp token NAME`' : undefined;
  }

  get size(): number {
    return this.#tokens.length;
  }

  find(presented: string): Token | undefined {
    return findToken(this.#tokens, presented);
  }

  /** Whether a token is still valid, with the same mode. */
  has({ name, digest, mode }: Token): boolean {
    return this.#tokens.some((token) => token.name === name && token.mode === mode && token.digest.equals(digest));
  }
}

/** Whether the SHA-256 of a token occurs in a text, outside of comments. */
function isListed({ digest }: Token, text: string): boolean {
  return text.replace(/#.*/g, '').toLowerCase().includes(digest.toString('hex'));
}
