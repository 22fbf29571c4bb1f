import {
  type AuditEnding,
  type AuditIntent,
  AuditLog,
  type AuditLogOptions,
  type LostCall,
} from '../../../src/safety/audit-log.ts';

export const KEY = 'fingerprint-of-one';
export const OTHER_KEY = 'fingerprint-of-two';

/** A call that is about to be made. */
export const intent = (changes: Partial<AuditIntent> = {}): AuditIntent => ({
  tool: 'pause_campaign',
  kind: 'stop',
  key: KEY,
  arguments: { campaignId: 600001 },
  confirmed: 'not_needed',
  ...changes,
});
/** A record with its own text. */
export const named = (name: string, key = KEY): AuditIntent => intent({ arguments: { name }, key });
export const DONE: AuditEnding = { outcome: 'done', http: ['/campaign/Pause 200'] };

/**
 * A start of the program with the given pid, which is unknown to other processes.
 * @param running the pids of other running processes.
 * @param replica the machine or container.
 */
export function startAuditLog(path: string, pid = 100, running: number[] = [], replica?: string) {
  const lost: LostCall[] = [];
  const past: Parameters<AuditLogOptions['onPast']>[0][] = [];
  const auditLog = new AuditLog({
    path,
    identity: { pid, replica, isRunning: (other) => other === pid || running.includes(other) },
    onLost: (call) => void lost.push(call),
    onPast: (call) => void past.push(call),
  });
  return { auditLog, lost, past };
}
