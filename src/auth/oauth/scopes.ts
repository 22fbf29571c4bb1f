import { MODES, type Mode } from '../../mcp/modes.ts';

/** The scope of each mode. */
export type ModeScopes = Readonly<Record<Mode, string>>;

/** @param names one scope for each mode, from the strictest. */
export function modeScopes(names: readonly string[]): ModeScopes {
  return Object.fromEntries(MODES.map((mode, index) => [mode, names[index]])) as Record<Mode, string>;
}

/** The most permissive mode of the scopes that a token has. undefined where it has none of them. */
export function modeOfScopes(granted: readonly string[], scopes: ModeScopes): Mode | undefined {
  return [...MODES].reverse().find((mode) => granted.some((scope) => isSameScope(scope, scopes[mode])));
}

/** Entra asks for `api://APP/NAME`, and its tokens have NAME alone. */
function isSameScope(granted: string, configured: string): boolean {
  return granted === configured || (configured.includes('://') && granted === configured.split('/').at(-1));
}

/** The modes up to a limit, from the strictest. */
export function modesUpTo(limit: Mode): readonly Mode[] {
  return MODES.slice(0, MODES.indexOf(limit) + 1);
}

/** The mode of two that shows fewer tools. */
export function stricterMode(a: Mode, b: Mode): Mode {
  return MODES.indexOf(a) < MODES.indexOf(b) ? a : b;
}
