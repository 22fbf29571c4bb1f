import type { Finding } from '../shared/finding.ts';

/** `unknown`: a read that the check needs has failed, or HeyReach does not publish it. */
export type CheckState = 'ok' | 'warn' | 'stop' | 'unknown';

/** The outcome of one check of a campaign. */
export interface CampaignCheck<Facts = object> {
  state: CheckState;
  findings: readonly Finding[];
  /** The numbers behind the state. A number that is not known is null. */
  facts: Facts;
  /** The next call, where it does not follow from a finding. */
  next?: string;
}

/**
 * A check with its state: the worst of its findings.
 * @param isUnread a part could not be read, so the check is never `ok`.
 */
export function checked<Facts extends object>(
  findings: readonly Finding[],
  facts: Facts,
  { next, isUnread = false }: { next?: string | undefined; isUnread?: boolean } = {},
): CampaignCheck<Facts> {
  const has = (severity: Finding['severity']) => findings.some((finding) => finding.severity === severity);
  const state = has('stop') ? 'stop' : isUnread ? 'unknown' : has('warn') ? 'warn' : 'ok';
  return { state, findings, facts, ...(next === undefined ? {} : { next }) };
}

/** A check that lacks a part which another check has read. It keeps a stop. */
export function unreadIf<Facts>(isUnread: boolean, check: CampaignCheck<Facts>): CampaignCheck<Facts> {
  return isUnread && check.state !== 'stop' ? { ...check, state: 'unknown' } : check;
}

/** A finding of a check that has no place in the sequence. */
export function finding(severity: Finding['severity'], path: string, problem: string, fix: string): Finding {
  return { severity, path, problem, fix };
}
