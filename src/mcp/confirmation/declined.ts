import type { ToolCall } from '../request-context.ts';
import { plainResult } from '../results/tool-result.ts';
import type { ToolResult } from '../tool.ts';
import { choiceOf } from './elicitation.ts';
import type { ElicitAction } from './types.ts';

type Decline = Exclude<ElicitAction, 'accept' | 'failed'>;

/** The server cannot see whether a person answered: hosts that run unattended answer by themselves. */
const UNATTENDED = 'A host that runs unattended answers forms by itself.';

const REASONS: Record<Exclude<Decline, 'unchosen'>, { reason: string; message: string }> = {
  decline: { reason: 'declined', message: `The client declined the form: nothing was done. ${UNATTENDED}` },
  cancel: { reason: 'dismissed', message: `The client dismissed the form: nothing was done. ${UNATTENDED}` },
  silent: { reason: 'no_answer', message: 'The client did not answer the form in time: nothing was done.' },
};

const NEXT_STEP =
  'Tell the user that nothing was done, and call again only if they ask for it. If the client cannot show forms, its operator can start this server with --confirm token: previews then come with a confirmToken.';

/** A declined call is a result, not an error. */
export function declinedResult({ tool }: Pick<ToolCall, 'tool'>, action: Decline): ToolResult {
  return plainResult({ declined: true, ...reasonOf(tool, action), nextStep: NEXT_STEP });
}

function reasonOf(tool: ToolCall['tool'], action: Decline): { reason: string; message: string } {
  if (action !== 'unchosen') return REASONS[action];
  const { yes } = choiceOf(tool);
  const message = `The client accepted the form without the choice "${yes}", which counts as a decline: nothing was done. ${UNATTENDED}`;
  return { reason: 'declined', message };
}
