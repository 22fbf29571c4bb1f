import { type Challenge, tooSmallScope } from '../../../auth/oauth/oauth-authenticator.ts';
import { type ModeScopes, modesUpTo } from '../../../auth/oauth/scopes.ts';
import { isRecord } from '../../../lib/json.ts';
import { MODES, type Mode } from '../../../mcp/modes.ts';
import type { Middleware } from '../pipeline.ts';

/** Whether the server has a tool in a mode. */
export type IsShown = (tool: string, mode: Mode) => boolean;

/**
 * Rejects a call of a tool that a wider scope of the same user would show, and names that scope. The client requests it and
 * repeats the call. A tool that no scope of the user would show is unknown, as for every caller.
 */
export function stepUp({
  isShown,
  scopes,
  challenge,
}: {
  isShown: IsShown;
  scopes: ModeScopes;
  challenge: Challenge;
}): Middleware {
  return ({ principal: { user }, message }) => {
    if (user === undefined) return undefined;
    const messages = Array.isArray(message) ? message : [message];
    const needed = messages.flatMap((rpcMessage) => {
      const tool = calledTool(rpcMessage);
      if (tool === undefined || isShown(tool, user.mode)) return [];
      const mode = modesUpTo(user.limit).find((candidate) => isShown(tool, candidate));
      return mode === undefined ? [] : [{ tool, mode }];
    });
    // The widest, so that one more sign-in is enough for a batch.
    const [widest] = needed.sort((a, b) => MODES.indexOf(b.mode) - MODES.indexOf(a.mode));
    return widest && tooSmallScope(scopes[widest.mode], `call ${widest.tool}`, challenge);
  };
}

function calledTool(message: unknown): string | undefined {
  if (!isRecord(message) || message.method !== 'tools/call' || !isRecord(message.params)) return undefined;
  const { name } = message.params;
  return typeof name === 'string' ? name : undefined;
}
