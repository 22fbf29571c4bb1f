import type { AuditOutcome, Confirmed } from '../safety/audit.ts';
import type { Acted } from './act.ts';
import { auditArguments, hideSecrets } from './audit-arguments.ts';
import type { Job } from './context.ts';
import type { ToolResult } from './define.ts';
import { refusal } from './results.ts';

const LONGEST_ERROR = 300;

/**
 * Looks into the trail for calls that a process left in the middle, before anything is shown: a message among them may have
 * been sent. @returns the refusal where the trail cannot be read.
 */
export async function openAudit(job: Job): Promise<ToolResult | undefined> {
  try {
    await job.caller.safety.audit?.open();
    return undefined;
  } catch (error) {
    return unwritable(job, error);
  }
}

/** @returns how to write down the end, which never rejects, or the refusal of a call that cannot be written down. */
export async function beginAudit(
  job: Job,
  confirmed: Confirmed,
): Promise<{ end(acted: Acted): Promise<void> } | ToolResult> {
  const { tool, input, client, caller } = job;
  const { audit } = caller.safety;
  if (audit === undefined) return { end: async () => {} };
  try {
    const given = auditArguments(input, keyHider(job));
    const { name, kind } = tool;
    const { requestId: request, token } = caller;
    const by = { key: client.fingerprint, ...(token && { token }), ...(request && { request }) };
    const end = await audit.begin({ tool: name, kind, ...by, arguments: given, confirmed });
    return {
      end: (acted) =>
        end(endingOf(job, acted)).catch((error: unknown) =>
          caller.log.error({ tool: name, err: String(error) }, 'the end of a call could not be written down'),
        ),
    };
  } catch (error) {
    return unwritable(job, error);
  }
}

function unwritable({ tool, caller }: Job, error: unknown): ToolResult {
  caller.log.error({ tool: tool.name, err: String(error) }, 'the audit trail cannot be written');
  return refusal(
    'audit_unwritable',
    'The audit trail cannot be written, and nothing is changed without it.',
    'Whoever runs this server has to look at the file that HEYREACH_AUDIT_LOG names; its log says what is wrong.',
  );
}

/** Takes every key of the caller out of a text: a call made with one of them may quote the other. */
function keyHider({ caller }: Job): (text: string) => string {
  const clients = [caller.client, caller.organization].filter((client) => client !== undefined);
  return (text) => clients.reduce((hidden, client) => client.hideKey(hidden), text);
}

function endingOf(job: Job, acted: Acted) {
  const { failure } = acted;
  return {
    outcome: outcomeOf(acted),
    http: job.trace.attempts.map(({ path, ended }) => `${path} ${ended}`),
    ...(failure === undefined
      ? {}
      : { error: hideSecrets(keyHider(job)(failure.message), job.input).slice(0, LONGEST_ERROR) }),
  };
}

function outcomeOf({ result, failure, isPartial }: Acted): AuditOutcome {
  if (failure !== undefined) return isPartial && failure.outcome !== 'unknown' ? 'done' : failure.outcome;
  // A defect of ours has a result alone; a failure that a late answer made good is none any more.
  const { error: twin } = (result.structuredContent ?? {}) as { error?: { kind: string; outcome: AuditOutcome } };
  return twin?.kind === 'internal' ? twin.outcome : 'done';
}
