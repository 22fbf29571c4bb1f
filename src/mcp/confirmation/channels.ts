import { sleep } from '../../client/index.ts';
import { digest } from '../../lib/json.ts';
import type { Confirmed } from '../../safety/audit-log.ts';
import type { ConfirmationScope, TokenError } from '../../safety/confirmation-tokens.ts';
import type { TokenKind } from '../../state/confirmation-store.ts';
import { callerOf, type ToolCall } from '../request-context.ts';
import { plainResult } from '../results/tool-result.ts';
import type { ToolResult } from '../tool.ts';
import { declinedResult } from './declined.ts';
import { type Preview, previewText, showPreview } from './preview.ts';
import { keepRows } from './restore-rows.ts';
import type { ElicitAction, ElicitationMode, InputRequest } from './types.ts';

/** A call that may be made. */
export interface Approval {
  confirmed: Confirmed;
  /** Whether the confirmed state is still the current one. Absent where no state was read. */
  isUnchanged?(boundState: unknown): boolean;
  /** Marks the confirmation as used. @returns false if it was used before. */
  markUsed?(): Promise<boolean>;
}

/** Whether a call may be made. */
export type ConfirmationDecision = { ok: true; approval: Approval } | { ok: false; result: ToolResult | InputRequest };

/** A confirmation that came with a call. */
export type Redemption =
  | { type: 'approved'; approval: Approval }
  | { type: 'declined'; result: ToolResult }
  /** The client was sent a form and could not show it. */
  | { type: 'unable' }
  | { type: 'invalid'; error: TokenError };

/** How a person confirms a call. Protocol and client capabilities decide which implementation is used. */
export interface ConfirmationChannel {
  /** Checks the confirmation that came with the call. @returns undefined where the call carries none. */
  redeem(call: ToolCall): Promise<Redemption | undefined>;
  /** Requests confirmation of a preview. */
  request(call: ToolCall, preview: Preview): Promise<ConfirmationDecision>;
  /** What a rejected confirmation carries besides its error, where a current preview exists. */
  replacementFor(call: ToolCall, preview: Preview): Promise<{ details: Record<string, unknown>; nextStep: string }>;
  /** How to get a new confirmation, as the end of a sentence. */
  readonly howToReplace: (tool: string) => string;
}

/** The channel of a request. */
export function channelOf(elicitation: ElicitationMode): ConfirmationChannel {
  if (elicitation.channel === 'elicit') return new ElicitChannel(elicitation.ask);
  if (elicitation.channel === 'input_required') return new InputRequiredChannel(elicitation.state, elicitation.reply);
  return tokenChannel;
}

/** Previews quote names and messages from outside. */
const QUOTED_FIELDS = ['confirmation.preview.*'];

const callAgain = (tool: string) => `call ${tool} again: it requests a new confirmation of the current state.`;

/** The replacement in channels that ask the person themselves. */
async function showCurrent({ tool }: ToolCall, preview: Preview) {
  const confirmation = { required: true, preview: showPreview(preview) };
  const nextStep = callAgain(tool.name);
  return {
    details: { confirmation, untrustedFields: QUOTED_FIELDS },
    nextStep: `${nextStep.charAt(0).toUpperCase()}${nextStep.slice(1)}`,
  };
}

/** For clients that show no forms: the preview is a result, and the call comes again with a token. */
const tokenChannel: ConfirmationChannel = {
  async redeem(call) {
    return call.confirmToken === undefined ? undefined : redeemToken(call, 'token', call.confirmToken);
  },

  request: (call, preview) => requestByToken(call, preview),

  async replacementFor(call, preview) {
    const nextStep = `Show the new preview to the person you work for; on their yes call ${call.tool.name} again with these arguments and the new confirmToken${mayOmitRows(call)}.`;
    return { details: await issueToken(call, preview), nextStep };
  },

  howToReplace: (tool) => `call ${tool} without confirmToken to see what it would do now and to get a new one.`,
};

/** For clients that declare forms and cannot show them, too. */
export async function requestByToken(call: ToolCall, preview: Preview, reason = ''): Promise<ConfirmationDecision> {
  const { nextStep, ...token } = await tokenResult(call, preview);
  const { confirmation, ...marks } = token;
  return { ok: false, result: plainResult({ confirmation, nextStep: `${reason}${nextStep}`, ...marks }) };
}

/** A preview with its token, and what to do with it. */
export async function tokenResult(call: ToolCall, preview: Preview) {
  const who =
    preview.audience === 'agent'
      ? 'Check the preview. If it is right, call'
      : 'Show the preview to the person you work for; on their yes call';
  const nextStep = `Nothing was done yet. ${who} ${call.tool.name} again with the same arguments and this confirmToken${mayOmitRows(call)}.`;
  return { ...(await issueToken(call, preview)), nextStep };
}

/** Why a client with forms gets a token. */
export const COULD_NOT_ASK = 'The client could not show a confirmation form. ';

function mayOmitRows({ tool: { bulkParameter }, input }: ToolCall): string {
  return bulkParameter === undefined || input[bulkParameter] === undefined ? '' : `; omit ${bulkParameter}`;
}

async function issueToken(call: ToolCall, preview: Preview) {
  const { confirmations } = call.requestContext.safety;
  const { text, expiresAt } = await confirmations.issue('token', confirmationScope(call), preview.boundState);
  keepRows(call, text);
  return {
    confirmation: { required: true, preview: showPreview(preview), confirmToken: text, expiresAt },
    untrustedFields: QUOTED_FIELDS,
  };
}

/** Hosts that see progress keep waiting. */
const PROGRESS_INTERVAL_MS = 15_000;

/** For 2025 clients over stdio: the server elicits while the call waits. */
class ElicitChannel implements ConfirmationChannel {
  readonly howToReplace = callAgain;
  readonly replacementFor = showCurrent;

  constructor(private readonly ask: Extract<ElicitationMode, { channel: 'elicit' }>['ask']) {}

  readonly redeem = redeemFallback;

  async request(call: ToolCall, preview: Preview): Promise<ConfirmationDecision> {
    const action = await this.#elicit(call, preview);
    if (action === 'failed') return requestByToken(call, preview, COULD_NOT_ASK);
    if (action !== 'accept') return { ok: false, result: declinedResult(call, action) };
    const confirmedState = digest(preview.boundState);
    return { ok: true, approval: { confirmed: 'asked', isUnchanged: (now) => digest(now) === confirmedState } };
  }

  /** The time that the person takes is added to the deadline of the call. */
  async #elicit(call: ToolCall, preview: Preview): Promise<ElicitAction> {
    const { signal, notify } = call.request;
    const startedAt = Date.now();
    const answered = new AbortController();
    if (notify !== undefined) void reportWaiting(notify, answered.signal);
    try {
      return await this.ask(previewText(preview), { signal, timeoutMs: call.requestContext.safety.askMs });
    } finally {
      answered.abort();
      call.deadline += Date.now() - startedAt;
    }
  }
}

async function reportWaiting(notify: NonNullable<ToolCall['request']['notify']>, signal: AbortSignal): Promise<void> {
  for (let count = 1; ; count += 1) {
    await sleep(PROGRESS_INTERVAL_MS, signal);
    if (signal.aborted) return;
    // Progress must grow, and the steps of the call itself count from 1.
    await notify({ progress: count / 1_000, message: 'Waiting for a person to allow it' }).catch(() => {});
  }
}

/** For 2026-07-28 clients: the result is an input request, and the call comes again with the reply. */
class InputRequiredChannel implements ConfirmationChannel {
  readonly howToReplace = callAgain;
  readonly replacementFor = showCurrent;

  constructor(
    private readonly state: string | undefined,
    private readonly reply: ElicitAction | undefined,
  ) {}

  async redeem(call: ToolCall): Promise<Redemption | undefined> {
    // A state without a reply confirms nothing, and neither does a reply without a state.
    if (this.state === undefined || this.reply === undefined) return redeemFallback(call);
    const redemption = await redeemToken(call, 'state', this.state);
    // Forged state is a protocol error, whatever the reply.
    const isForged = redemption.type === 'invalid' && redemption.error === 'forged';
    if (isForged || this.reply === 'accept') return redemption;
    if (this.reply === 'failed') return { type: 'unable' };
    return { type: 'declined', result: declinedResult(call, this.reply) };
  }

  async request(call: ToolCall, preview: Preview): Promise<ConfirmationDecision> {
    const { confirmations } = call.requestContext.safety;
    const { text } = await confirmations.issue('state', confirmationScope(call), preview.boundState);
    return { ok: false, result: { question: previewText(preview), state: text } };
  }
}

/**
 * Clients with forms get a token only after they could not show one. Any token that is not valid is ignored, and the form is
 * shown.
 */
async function redeemFallback(call: ToolCall): Promise<Redemption | undefined> {
  if (call.confirmToken === undefined) return undefined;
  const redemption = await redeemToken(call, 'token', call.confirmToken);
  return redemption.type === 'approved' ? redemption : undefined;
}

async function redeemToken(call: ToolCall, kind: TokenKind, text: string): Promise<Redemption> {
  const { confirmations } = call.requestContext.safety;
  const verified = await confirmations.verify(kind, text, confirmationScope(call));
  if (!verified.ok) return { type: 'invalid', error: verified.error };
  const { confirmation } = verified;
  return {
    type: 'approved',
    approval: {
      confirmed: kind === 'token' ? 'token' : 'asked',
      isUnchanged: confirmation.isUnchanged,
      markUsed: () => confirmations.markUsed(confirmation),
    },
  };
}

/** What a confirmation is for. A caller cannot use a confirmation that another caller was shown. */
export function confirmationScope({ tool, input, client, requestContext }: ToolCall): ConfirmationScope {
  return { tool: tool.name, input, key: callerOf(client, requestContext) };
}
