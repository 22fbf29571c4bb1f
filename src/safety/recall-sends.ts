import * as z from 'zod';
import { lazy } from '../lib/lazy.ts';
import type { Log } from '../observability/log.ts';
import { AuditLog, type AuditOutcome, type LostCall, type ProcessIdentity } from './audit-log.ts';
import type { Safety } from './index.ts';

interface RecallOptions {
  path: string;
  identity: ProcessIdentity;
  sendsOf: Safety['sendsOf'];
  log: Log;
}

/** The audit log at a path. The messages that it holds of earlier processes count as sent: the same text is held back. */
export function openAuditLog({ path, identity, sendsOf, log }: RecallOptions): AuditLog {
  return new AuditLog({
    path,
    identity,
    async onLost(call) {
      // The log hides a field that is called `key`.
      const fields = { tool: call.tool, keyFingerprint: call.key, began: call.time };
      log.warn(fields, 'found an audit entry without an outcome from a previous process');
      await recallSend(call, 'unknown', sendsOf);
    },
    onPast: (call) => recallSend(call, call.outcome, sendsOf),
  });
}

const sentMessage = lazy(() =>
  z.object({ message: z.string(), conversationId: z.string(), linkedInAccountId: z.number() }),
);

async function recallSend(call: LostCall, outcome: AuditOutcome, sendsOf: Safety['sendsOf']): Promise<void> {
  if (call.tool !== 'send_message' || (outcome !== 'unknown' && outcome !== 'done')) return;
  const sent = sentMessage().safeParse(call.arguments);
  if (sent.success) {
    await sendsOf(call.key).remember(sent.data, outcome === 'done' ? 'accepted' : 'unknown', call.time);
  }
}
