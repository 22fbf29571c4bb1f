import { describe, expect, test } from 'vitest';
import type { Campaign } from '../../../../src/client/operations/campaigns.ts';
import { checkOverlap } from '../../../../src/workflows/campaign-check/overlap.ts';
import type { Overlap } from '../../../../src/workflows/people-index/overlap.ts';
import { findingsOf } from '../../../support/tools/campaign-check.ts';

describe('overlap', () => {
  const group = (count: number) => ({ count, examples: [] });
  const overlap = (more: Partial<Overlap> = {}): Overlap => ({
    state: 'checked',
    inRunningCampaigns: group(0),
    inAnyOtherCampaign: group(0),
    onlyWaiting: group(0),
    inConversation: group(0),
    onlyWithOwnSenders: group(0),
    blacklisted: group(0),
    uncheckable: 0,
    age: 0,
    requests: 0,
    incomplete: [],
    ...more,
  });
  const draft: Campaign = { status: 'DRAFT' };
  const inOthers = overlap({ inAnyOtherCampaign: group(5), onlyWaiting: group(3), inRunningCampaigns: group(1) });

  test('is ok if no lead is in another campaign or conversation', () => {
    expect(checkOverlap(draft, 10, overlap({ blacklisted: group(6) }))).toEqual({
      state: 'ok',
      findings: [],
      facts: {
        checked: 10,
        inOtherCampaigns: 0,
        waitingElsewhere: 0,
        inRunning: 0,
        inConversation: 0,
        blacklisted: 6,
        exclusions: [],
      },
    });
  });

  test('warns about leads in other campaigns that no setting excludes', () => {
    const check = checkOverlap(draft, 10, inOthers);
    expect(check.facts).toMatchObject({ inOtherCampaigns: 2, waitingElsewhere: 3, inRunning: 1 });
    expect(check.findings).toMatchObject([
      {
        severity: 'warn',
        problem: 'Leads are in other campaigns, and nothing excludes them',
        leads: { count: 2, of: 10 },
        fix: expect.stringContaining('excludeContactedFromOtherCampaigns'),
      },
    ]);
  });

  test('an exclusion covers its own kind only', () => {
    const own = { ...draft, excludeInOtherCampaigns: true, excludeListId: 7 };
    expect(checkOverlap(own, 10, inOthers)).toMatchObject({
      state: 'ok',
      facts: { exclusions: ['excludeContactedFromOtherCampaigns', 'excludeListId 7'] },
    });
    expect(
      findingsOf(checkOverlap({ ...draft, excludeContactedFromSenderInOtherCampaign: true }, 10, inOthers)),
    ).toEqual(['warn: Leads are in other campaigns, and only those contacted by its own senders are excluded']);
    const talking = overlap({ inConversation: group(4) });
    expect(findingsOf(checkOverlap(own, 10, talking))).toEqual([
      'warn: Leads are in conversations, and nothing excludes them',
    ]);
    expect(checkOverlap({ ...draft, excludeHasOtherAccConversations: true }, 10, talking).state).toBe('ok');
  });

  test('does not exclude leads who talk only with senders of the campaign', () => {
    const own = overlap({ inConversation: group(4), onlyWithOwnSenders: group(3) });
    const withFlag = { ...draft, excludeHasOtherAccConversations: true };
    expect(checkOverlap(withFlag, 10, own).findings).toMatchObject([
      {
        problem:
          'Leads are in conversations with its own senders only, which excludeHasOtherAccConversations does not cover',
        leads: { count: 3, of: 10 },
        fix: expect.stringContaining('remove_leads_from_list'),
      },
    ]);
    expect(checkOverlap(draft, 10, own).findings).toMatchObject([
      {
        leads: { count: 4, of: 10 },
        fix: 'Set excludeHasOtherAccConversations to true with update_campaign_settings, or accept it. It does not cover 3 who talk with its own senders only.',
      },
    ]);
    const allOwn = overlap({ inConversation: group(4), onlyWithOwnSenders: group(4) });
    expect(checkOverlap(draft, 10, allOwn).findings[0]?.fix).not.toContain('excludeHasOtherAccConversations');
    expect(checkOverlap(withFlag, 10, overlap({ inConversation: group(4), onlyWithOwnSenders: null })).state).toBe(
      'unknown',
    );
  });

  test('treats conversations of a campaign that has run as its own', () => {
    expect(checkOverlap({ status: 'PAUSED' }, 10, overlap({ inConversation: group(4) }))).toMatchObject({
      state: 'ok',
      facts: { inConversation: 4 },
    });
  });

  test('is unknown if it was not checked, or not completely', () => {
    const nulls = { inOtherCampaigns: null, inRunning: null, inConversation: null, blacklisted: null };
    for (const read of [undefined, { state: 'not_checked', reason: 'needs about 900 requests' } as const]) {
      expect(checkOverlap(draft, 10, read)).toMatchObject({ state: 'unknown', facts: { checked: 0, ...nulls } });
    }
    expect(checkOverlap(draft, 10, overlap({ inConversation: null })).state).toBe('unknown');
    const gap = { part: 'blacklist', reason: 'no' };
    expect(checkOverlap(draft, 10, overlap({ incomplete: [gap] })).state).toBe('unknown');
    expect(checkOverlap(draft, 10, overlap({ uncheckable: 4 }))).toMatchObject({
      state: 'unknown',
      facts: { checked: 6, uncheckable: 4 },
    });
  });
});
