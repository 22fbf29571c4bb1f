import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  inputResponse,
  SdkError,
  SdkErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import { isRecord } from '../../lib/json.ts';
import { lazy } from '../../lib/lazy.ts';
import { LIFETIME_SECONDS, type TokenSigner } from '../../safety/confirmation-tokens.ts';
import type { TokenKind } from '../../state/confirmation-store.ts';
import { modernEnvelopeOf } from '../envelope.ts';
import type { Tool } from '../tool.ts';
import type { ElicitAction, ElicitationMode } from './types.ts';

/** The key of the only input request that a call may make. */
export const REPLY = 'confirm';

/** The two options of a confirmation form. Only `yes` allows the call. */
export interface Choice {
  yes: string;
  no: string;
}

/** Plainer verbs for tool names that say too little in a form. */
const PLAIN_VERBS: Record<string, string> = { set: 'change', update: 'change' };

/** The options for a tool, in its own verb: `Send` and `Do not send`. */
export function choiceOf({ name, verb }: Pick<Tool, 'name' | 'verb'>): Choice {
  const first = name.split('_')[0]!;
  const text = verb ?? PLAIN_VERBS[first] ?? first;
  return { yes: `${text.charAt(0).toUpperCase()}${text.slice(1)}`, no: `Do not ${text}` };
}

/**
 * The confirmation form: one required choice, the negative option first and none preselected. Hosts that accept forms
 * unattended send an empty form, which chooses nothing.
 */
export function formOf({ yes, no }: Choice) {
  return {
    type: 'object' as const,
    properties: { decision: { type: 'string' as const, title: 'Decision', enum: [no, yes] } },
    required: ['decision'],
  };
}

/** Only the exact positive choice of this call allows it. */
function actionOf(action: 'accept' | 'decline' | 'cancel', content: unknown, { yes, no }: Choice): ElicitAction {
  if (action !== 'accept') return action;
  if (!isRecord(content) || Object.keys(content).length !== 1 || !Object.hasOwn(content, 'decision')) return 'unchosen';
  if (content.decision === yes) return 'accept';
  return content.decision === no ? 'decline' : 'unchosen';
}

/** Loose, so that unexpected content can be read and counts as a decline. Any other action cannot be read. */
const elicited = lazy(() =>
  z.looseObject({ action: z.enum(['accept', 'decline', 'cancel']), content: z.unknown().optional() }),
);

/**
 * How a person can confirm a request.
 * @param declared the capabilities of a 2025 client on this connection. A stateless HTTP request has none.
 * @param choice the options in the form of this call.
 */
export function elicitationModeOf(
  context: ServerContext,
  declared: ClientCapabilities | undefined,
  choice: Choice,
): ElicitationMode {
  const { inputResponses, requestState, send } = context.mcpReq;
  const envelope = modernEnvelopeOf(context.mcpReq);
  if (envelope !== undefined) {
    if (!supportsForms(envelope[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities)) return { channel: 'token' };
    const state = requestState();
    const response = inputResponse(inputResponses, REPLY);
    // A retry without any responses is asked again. Responses without a readable one show that the client cannot ask.
    const unread = inputResponses === undefined ? undefined : 'failed';
    return {
      channel: 'input_required',
      state: typeof state === 'string' ? state : undefined,
      reply: response.kind === 'elicit' ? actionOf(response.action, response.content, choice) : unread,
    };
  }
  if (!supportsForms(declared)) return { channel: 'token' };
  return {
    channel: 'elicit',
    async ask(message, { signal, timeoutMs }): Promise<ElicitAction> {
      try {
        const params = { mode: 'form' as const, message, requestedSchema: formOf(choice) };
        // The SDK's own elicitInput throws on content that does not fit the form.
        const reply = await send({ method: 'elicitation/create', params }, elicited(), { signal, timeout: timeoutMs });
        return actionOf(reply.action, reply.content, choice);
      } catch (error) {
        if (signal.aborted) return 'cancel';
        return error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout ? 'silent' : 'failed';
      }
    },
  };
}

/** A client that declares elicitation without a mode can show forms. */
function supportsForms(capabilities: ClientCapabilities | undefined): boolean {
  const { elicitation } = capabilities ?? {};
  return elicitation !== undefined && ('form' in elicitation || !('url' in elicitation));
}

/** Signs confirmations with the SDK's codec for request state. */
export function createTokenSigners(secret: Uint8Array | string): Record<TokenKind, TokenSigner> {
  const createSigner = (kind: TokenKind): TokenSigner => {
    const codec = createRequestStateCodec<object>({ key: secret, ttlSeconds: LIFETIME_SECONDS[kind] });
    // The codec reads the context only when it binds to one.
    return { sign: (payload) => codec.mint(payload), verify: (text) => codec.verify(text, {} as ServerContext) };
  };
  return { token: createSigner('token'), state: createSigner('state') };
}
