import { HeyReachError } from '../../client/index.ts';
import type { TokenError } from '../../safety/confirmation-tokens.ts';
import { createToolContext, markAfterReads, type ToolCall } from '../request-context.ts';
import { rejection, toResult, unsentResult, withDetails } from '../results/tool-result.ts';
import type { ToolContext, ToolOutput, ToolResult } from '../tool.ts';
import {
  COULD_NOT_ASK,
  type ConfirmationDecision,
  channelOf,
  confirmationScope,
  requestByToken,
  tokenResult,
} from './channels.ts';
import { type Preview, showPreview } from './preview.ts';

/** Decides whether a call may be made: from the confirmation that came with it, or by requesting one. Sends only reads. */
export async function requireConfirmation(call: ToolCall): Promise<ConfirmationDecision> {
  const { tool, request, requestContext } = call;
  if (tool.confirmation === 'never') return { ok: true, approval: { confirmed: 'not_needed' } };
  if (requestContext.safety.confirm === 'off') {
    const ahead = tool.runReadsPreview ? await readLongPreview(call) : undefined;
    return ahead?.ok === false ? ahead : { ok: true, approval: { confirmed: 'off' } };
  }
  const channel = channelOf(request.elicitation);
  const redemption = await channel.redeem(call);
  if (redemption?.type === 'approved') return { ok: true, approval: redemption.approval };
  if (redemption?.type === 'declined') return { ok: false, result: redemption.result };
  if (redemption?.type === 'invalid') return { ok: false, result: await rejectConfirmation(call, redemption.error) };
  const read = await (tool.previewMayTakeLong ? readLongPreview(call) : readPreview(call, createToolContext(call)));
  if (!read.ok) return read;
  // If the state changes so that the call needs a confirmation, there is none, and the call is rejected.
  if (read.preview === undefined) return { ok: true, approval: { confirmed: 'not_needed', isUnchanged: () => false } };
  if (read.preview.audience === 'agent') return requestByToken(call, read.preview);
  if (redemption?.type === 'unable') return requestByToken(call, read.preview, COULD_NOT_ASK);
  return channel.request(call, read.preview);
}

/** Reads the preview of a call: undefined where it needs no confirmation, or the error of a read, with nothing sent. */
export async function readPreview(
  { tool, input, requestContext, trace }: ToolCall,
  context: ToolContext,
): Promise<PreviewRead> {
  try {
    const preview = await tool.preview?.(input as never, context);
    if (preview === undefined && tool.confirmation === 'always') throw new Error(`${tool.name} returned no preview`);
    return { ok: true, preview: inWorkspace(preview, requestContext.workspace) };
  } catch (error) {
    return { ok: false, result: failureOf({ tool, input, trace }, error) };
  }
}

type PreviewRead = { ok: true; preview: Preview | undefined } | { ok: false; result: ToolResult };

/** The result of a call whose preview failed. @throws an error that is a defect. */
function failureOf({ tool, input, trace }: Pick<ToolCall, 'tool' | 'input' | 'trace'>, error: unknown): ToolResult {
  if (!(error instanceof HeyReachError)) throw error;
  return unsentResult(tool, markAfterReads(trace, error.asNotSent()), input);
}

/**
 * Reads a preview that can take longer than a call. It then continues as a job, whose result has the preview and its token.
 * A client that can show a form gets no token: the same call shows the form, and most of its reads are cached. If no
 * confirmation is required, the same call writes.
 */
async function readLongPreview(call: ToolCall): Promise<PreviewRead> {
  const { tool, input, requestContext } = call;
  const context = createToolContext(call);
  let preview: Preview | undefined;
  try {
    const output = await context.jobs.runRead(async (readContext) => {
      preview = inWorkspace(await tool.preview?.(input as never, readContext), requestContext.workspace);
      // Within the call the channel requests the confirmation.
      const isJob = call.deadline === Number.POSITIVE_INFINITY;
      return isJob ? jobOutputOf(call, preview) : { data: sameCallStep(call) };
    }, context);
    if (output.continuedAsJob === undefined) return { ok: true, preview };
    return { ok: false, result: toResult(tool, output, context.full) };
  } catch (error) {
    return { ok: false, result: failureOf(call, error) };
  }
}

/** The same call shows the form, or writes. @param why follows the sentence. */
const sameCallStep = ({ tool }: ToolCall, why = '') => ({
  nextStep: `Call ${tool.name} again with the same arguments${why}.`,
});

/** What get_job returns of a preview. */
async function jobOutputOf(call: ToolCall, preview: Preview | undefined): Promise<ToolOutput> {
  if (preview === undefined) return { data: sameCallStep(call) };
  const { request, requestContext } = call;
  const previewWithStep = (why: string) => ({ data: { preview: showPreview(preview), ...sameCallStep(call, why) } });
  if (requestContext.safety.confirm === 'off')
    return previewWithStep(': nothing was sent yet, and that call needs few requests');
  if (request.elicitation.channel !== 'token' && preview.audience !== 'agent')
    return previewWithStep(': that call asks the person and needs few requests');
  const { confirmation, nextStep } = await tokenResult(call, preview);
  const { preview: shown, confirmToken, expiresAt } = confirmation;
  return { data: { preview: shown, confirmToken, expiresAt, nextStep } };
}

/** The person must see which of several workspaces a call changes. */
function inWorkspace(preview: Preview | undefined, workspace: string | undefined): Preview | undefined {
  if (preview === undefined || workspace === undefined) return preview;
  const { lines, facts } = preview;
  return { ...preview, lines: [`Workspace: ${workspace}`, ...lines], facts: { ...facts, workspace } };
}

/** `showsPreview`: the person may decide again about the current state. */
const TOKEN_ERRORS: Record<TokenError, { message: string; showsPreview: boolean }> = {
  forged: {
    message:
      'This server does not know this confirmation: it was altered, or the server was restarted since, or it expired long ago.',
    showsPreview: false,
  },
  expired: { message: 'This confirmation has expired.', showsPreview: true },
  other_key: { message: 'This confirmation was made for another API key or caller.', showsPreview: false },
  other_tool: { message: 'This confirmation was made for another tool.', showsPreview: false },
  other_arguments: {
    message: 'This confirmation was made for other arguments than those given now.',
    showsPreview: true,
  },
  changed: { message: 'What the preview showed has changed since it was confirmed.', showsPreview: true },
  used: { message: 'This confirmation was used already. A confirmation allows one call.', showsPreview: false },
};

/**
 * The error of a confirmation that does not allow the call, with a current preview where the person may decide again.
 * @param current the current preview, where it has been read already.
 */
export async function rejectConfirmation(call: ToolCall, error: TokenError, current?: Preview): Promise<ToolResult> {
  const { message, showsPreview } = TOKEN_ERRORS[error];
  const preview = current ?? (showsPreview ? await currentPreview(call) : undefined);
  if (preview === undefined) return rejectToken(call, error);
  const { details, nextStep } = await channelOf(call.request.elicitation).replacementFor(call, preview);
  return withDetails(rejection(`confirmation_${error}`, message, nextStep), details);
}

/** The error of a confirmation without a current preview. */
function rejectToken({ tool, request }: ToolCall, error: TokenError): ToolResult {
  const advice =
    error === 'used' ? 'Check what the earlier call did. To repeat it, ' : 'If the action is still wanted, ';
  const howToReplace = channelOf(request.elicitation).howToReplace(tool.name);
  return rejection(`confirmation_${error}`, TOKEN_ERRORS[error].message, `${advice}${howToReplace}`);
}

/** Rejects a call that leaves out rows which this process does not have. Its other arguments have not been read. */
export async function rejectMissingRows(call: ToolCall, confirmToken: string): Promise<ToolResult> {
  const { tool, requestContext } = call;
  const scope = { ...confirmationScope(call), input: undefined };
  const verified = await requestContext.safety.confirmations.verify('token', confirmToken, scope);
  if (!verified.ok) return rejectToken(call, verified.error);
  const { bulkParameter, bulkAlternatives = [] } = tool;
  const rows = [bulkParameter, ...bulkAlternatives].join(' or ');
  return rejection(
    'confirmation_rows_needed',
    `The call leaves out ${rows}, and this server process does not have ${bulkParameter} of this confirmation. Another process may have shown the preview, or the rows were dropped to free memory.`,
    `Call ${tool.name} again with the same arguments, with ${rows} and with the same confirmToken.`,
  );
}

async function currentPreview(call: ToolCall): Promise<Preview | undefined> {
  const read = await readPreview(call, createToolContext(call));
  return read.ok ? read.preview : undefined;
}
