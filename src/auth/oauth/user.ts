import { digest } from '../../lib/json.ts';
import type { Mode } from '../../mcp/modes.ts';
import type { CallerUser } from '../../mcp/request-context.ts';

/** The user of an access token, with what the token allows. */
export interface User extends CallerUser {
  subject: string;
  groups: readonly string[];
  /** The most permissive mode for this token. */
  mode: Mode;
  /** The most permissive mode that a token of this user with wider scopes would get. */
  limit: Mode;
  /** ms since the epoch. */
  validUntil: number;
}

/** Identifies a user across tokens and OAuth clients: a subject is unique only within its issuer. */
export function userIdOf(issuer: string, subject: string): string {
  return digest([issuer, subject]);
}
