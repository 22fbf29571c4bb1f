import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  inputResponse,
  PROTOCOL_VERSION_META_KEY,
  SdkError,
  SdkErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { type Carrier, LIFE_SECONDS, type Seal } from '../safety/confirmations.ts';
import type { Asking, Reply } from '../tools/asking.ts';

/** The name of the one question that a call may put. */
export const REPLY = 'confirm';
/** A form without fields: to accept it is the yes. */
export const YES_OR_NO = { type: 'object' as const, properties: {} };

/**
 * How the person behind a request can be asked.
 * @param declared what a 2025 client declared on this connection; a stateless HTTP request has none.
 */
export function askingOf(context: ServerContext, declared: ClientCapabilities | undefined): Asking {
  const { inputResponses, requestState, elicitInput } = context.mcpReq;
  // Only requests of 2026-07-28 carry an envelope, and in it what their client can do.
  const envelope = context.mcpReq.envelope as Record<string, unknown> | undefined;
  if (envelope?.[PROTOCOL_VERSION_META_KEY] !== undefined) {
    if (!hasForms(envelope[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities)) return { way: 'token' };
    const state = requestState();
    const replied = inputResponse(inputResponses, REPLY);
    return {
      way: 'input_required',
      state: typeof state === 'string' ? state : undefined,
      reply: replied.kind === 'elicit' ? replied.action : undefined,
    };
  }
  if (!hasForms(declared)) return { way: 'token' };
  return {
    way: 'elicit',
    async ask(message, { signal, timeoutMs }): Promise<Reply> {
      try {
        const question = { mode: 'form' as const, message, requestedSchema: YES_OR_NO };
        return (await elicitInput(question, { signal, timeout: timeoutMs })).action;
      } catch (error) {
        return error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout ? 'silent' : 'failed';
      }
    },
  };
}

/** A client that declares elicitation without saying how can show forms. */
function hasForms(capabilities: ClientCapabilities | undefined): boolean {
  const { elicitation } = capabilities ?? {};
  return elicitation !== undefined && ('form' in elicitation || !('url' in elicitation));
}

/** Signs what goes out to clients and comes back, with the SDK's codec for request state. */
export function createSeals(secret: Uint8Array | string): Record<Carrier, Seal> {
  const seal = (via: Carrier): Seal => {
    const codec = createRequestStateCodec<object>({ key: secret, ttlSeconds: LIFE_SECONDS[via] });
    // The codec only looks at a context where it was told to bind to one.
    return { mint: (payload) => codec.mint(payload), verify: (text) => codec.verify(text, {} as ServerContext) };
  };
  return { token: seal('token'), state: seal('state') };
}
