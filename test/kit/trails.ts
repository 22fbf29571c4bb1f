import { AuditTrail, type Ending, type Intent, type LostCall } from '../../src/safety/audit.ts';

export const KEY = 'fingerprint-of-one';
export const OTHER_KEY = 'fingerprint-of-two';

/** A call that is about to be made. */
export const intent = (changes: Partial<Intent> = {}): Intent => ({
  tool: 'pause_campaign',
  kind: 'stop',
  key: KEY,
  arguments: { campaignId: 600001 },
  confirmed: 'not_needed',
  ...changes,
});
/** One that can be told from others. */
export const named = (name: string, key = KEY): Intent => intent({ arguments: { name }, key });
export const DONE: Ending = { outcome: 'done', http: ['/campaign/Pause 200'] };

/**
 * A start of the program with the number `pid`, of which no other process knows.
 * @param running the numbers of others that live.
 */
export function startTrail(path: string, pid = 100, running: number[] = []): { trail: AuditTrail; lost: LostCall[] } {
  const lost: LostCall[] = [];
  const trail = new AuditTrail({
    path,
    identity: { pid, isRunning: (other) => other === pid || running.includes(other) },
    onLost: (call) => void lost.push(call),
    onPast: () => {},
  });
  return { trail, lost };
}
