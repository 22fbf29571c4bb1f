import { describe, expect, test } from 'vitest';
import type { Campaign } from '../../../../src/client/operations/campaigns.ts';
import type { LeadProfile } from '../../../../src/client/operations/fields.ts';
import type { LinkedInAccount } from '../../../../src/client/operations/linkedin-accounts.ts';
import type { SequenceNode } from '../../../../src/client/operations/sequence.ts';
import { checkCapacity } from '../../../../src/workflows/campaign-check/capacity.ts';
import { checkParts } from '../../../../src/workflows/campaign-check/check-campaign.ts';
import { checkList } from '../../../../src/workflows/campaign-check/list.ts';
import type { CampaignCheck } from '../../../../src/workflows/campaign-check/outcome.ts';
import { checkOverlap } from '../../../../src/workflows/campaign-check/overlap.ts';
import { checkSchedule } from '../../../../src/workflows/campaign-check/schedule.ts';
import { checkSenders } from '../../../../src/workflows/campaign-check/senders.ts';
import { checkSequenceTexts } from '../../../../src/workflows/campaign-check/sequence.ts';
import { checkStatus } from '../../../../src/workflows/campaign-check/status.ts';
import type { Overlap } from '../../../../src/workflows/people-index/overlap.ts';
import { needsOf } from '../../../../src/workflows/senders/step-needs.ts';

/** The severities and the problems of a check. */
const found = ({ findings }: CampaignCheck) => findings.map(({ severity, problem }) => `${severity}: ${problem}`);

const end: SequenceNode = { nodeType: 'END', actionDelay: 3, actionDelayUnit: 'HOUR' };
const invitation = (note = ''): SequenceNode => ({
  nodeType: 'CONNECTION_REQUEST',
  payload: { messages: [note] },
  conditionalNode: end,
  unconditionalNode: end,
});
const step = (nodeType: SequenceNode['nodeType'], payload: object = {}): SequenceNode => ({
  nodeType,
  payload: { ...payload },
  unconditionalNode: end,
});
const inMail = step('INMAIL', { messages: [{ subject: 'Hello', message: 'Hello' }] });

describe('status', () => {
  const counts = (pending: number, inProgress: number): Campaign => ({
    progressStats: { totalUsersPending: pending, totalUsersInProgress: inProgress },
  });

  test.each([
    ['DRAFT', 'start_campaign'],
    ['SCHEDULED', 'pause_campaign before a change'],
    ['STARTING', 'pause_campaign before a change'],
    ['IN_PROGRESS', 'pause_campaign before a change'],
  ])('%s is ok, and the next call is %s', (status, next) => {
    expect(checkStatus({ status })).toEqual({ state: 'ok', findings: [], facts: { status }, next });
  });

  test.each(['PAUSED', 'FINISHED'])('%s is resumed, with the leads that go on', (status) => {
    expect(checkStatus({ status, ...counts(3, 4) })).toEqual({
      state: 'ok',
      findings: [],
      facts: { status, goOn: { pending: 3, inProgress: 4 } },
      next: 'resume_campaign',
    });
  });

  test('a negative count is unknown', () => {
    const { state, facts } = checkStatus({ status: 'PAUSED', ...counts(0, -7) });
    expect({ state, facts }).toEqual({
      state: 'ok',
      facts: { status: 'PAUSED', goOn: { pending: 0, inProgress: null } },
    });
  });

  test('warns where no lead is left, and where HeyReach failed the campaign', () => {
    expect(found(checkStatus({ status: 'FINISHED', ...counts(0, 0) }))).toEqual([
      'warn: No lead of it is pending or in progress, so a resume contacts no one',
    ]);
    expect(found(checkStatus({ status: 'FAILED', ...counts(2, 0) }))).toEqual([
      'warn: HeyReach failed it, so it may fail again',
    ]);
  });

  test('CANCELED stops, and a status that is not known is unknown', () => {
    expect(checkStatus({ status: 'CANCELED' }).state).toBe('stop');
    for (const campaign of [{}, { status: 'ARCHIVED' }]) expect(checkStatus(campaign).state).toBe('unknown');
  });
});

describe('list', () => {
  const ada: LeadProfile = {
    firstName: 'Ada',
    lastName: 'Example',
    profileUrl: 'https://www.linkedin.com/in/ada-example',
    linkedin_id: '1',
  };
  const jane = { ...ada, firstName: 'Jane', profileUrl: 'https://www.linkedin.com/in/jane-example', linkedin_id: '2' };
  const listOf = (members: LeadProfile[], isAll = true) => ({
    list: { totalItemsCount: members.length },
    members,
    isAll,
  });

  test('is ok with people who differ', () => {
    expect(checkList(listOf([ada, jane]), false)).toEqual({
      state: 'ok',
      findings: [],
      facts: { size: 2, read: 2, duplicates: 0, nameless: 0 },
    });
  });

  test('counts the same person under another spelling, and under another URL with the same member id', () => {
    const again = { ...ada, profileUrl: 'linkedin.com/in/Ada-Example/?x=1', linkedin_id: null };
    const navigator = { ...ada, profileUrl: 'https://www.linkedin.com/sales/lead/ACwAA1,NAME', linkedin_id: '1' };
    // People without a readable URL and without an id are not the same person.
    const unknown = { firstName: 'A', lastName: 'B' };
    const check = checkList(listOf([ada, again, jane, navigator, unknown, unknown]), false);
    expect(check).toMatchObject({ state: 'warn', facts: { duplicates: 2 } });
    expect(check.findings).toMatchObject([{ leads: { count: 2, of: 6 } }]);
  });

  test('counts people without a first or a last name', () => {
    const check = checkList(listOf([ada, { ...jane, lastName: ' ' }]), false);
    expect(check).toMatchObject({ state: 'warn', facts: { nameless: 1 } });
    expect(found(check)).toEqual(['warn: Leads have no first or no last name']);
  });

  test('an empty or a missing list stops, and an empty list of a running campaign is a warning', () => {
    expect(found(checkList(listOf([]), false))).toEqual([
      'stop: Its list is empty: it will pause itself right after it begins',
    ]);
    expect(found(checkList(listOf([]), true))).toEqual(['warn: Its list is empty']);
    expect(found(checkList(undefined, false))).toEqual(['stop: It has no list of people']);
  });

  test('is unknown where the list or a part of its leads was not read', () => {
    expect(checkList({ list: undefined, members: [ada], isAll: true }, false).state).toBe('unknown');
    expect(checkList(listOf([ada], false), false).state).toBe('unknown');
  });
});

describe('senders', () => {
  const works: LinkedInAccount = { authIsValid: true, isActive: true, isValidNavigator: true };
  const check = (accounts: LinkedInAccount[], root: SequenceNode = invitation(), navigatorLeads = 0) => {
    const ids = accounts.map((_, index) => index + 1);
    const found = accounts.map((account, index) => [ids[index]!, account] as const);
    return checkSenders({ ids, accounts: new Map(found) }, needsOf(root), navigatorLeads);
  };

  test('are ok where all work', () => {
    expect(check([works, works])).toEqual({ state: 'ok', findings: [], facts: { senders: 2, working: 2 } });
  });

  test('a sender that delivers nothing is a warning, and without a working one the check stops', () => {
    const out = { ...works, firstName: 'Mei', authIsValid: false };
    expect(found(check([works, out]))).toEqual(['warn: Delivers nothing: "Mei" (LinkedIn account 2): login invalid']);
    expect(check([out, { ...works, isActive: false }])).toMatchObject({ state: 'stop', facts: { working: 0 } });
    expect(found(check([]))).toEqual(['stop: It has no sender']);
  });

  test('a sender that the workspace does not have delivers nothing', () => {
    const check = checkSenders({ ids: [1, 9], accounts: new Map([[1, works]]) }, needsOf(invitation()), 0);
    expect(found(check)).toEqual([
      'warn: Delivers nothing: LinkedIn account 9: not among the senders of the workspace that were read',
    ]);
  });

  test('a cooldown and an allowance of 0 count only where a step needs them', () => {
    const held = { ...works, connectionRequestCooldown: true, accountLimits: { connectioRequestLimit: 0 } };
    expect(found(check([held]))).toEqual([
      'warn: LinkedIn holds the invitations of LinkedIn account 1',
      'warn: Allowance of 0 invitations a day: LinkedIn account 1',
    ]);
    expect(check([held], step('MESSAGE')).state).toBe('ok');
    expect(found(check([{ ...works, inMailCooldown: true }], inMail))).toEqual([
      'warn: LinkedIn holds the InMails of LinkedIn account 1',
    ]);
    const noNotes = { ...works, connectionNoteCooldown: true };
    expect(check([noNotes], invitation('')).state).toBe('ok');
    expect(found(check([noNotes], invitation('Hi')))).toEqual([
      'warn: LinkedIn holds invitations with a note of LinkedIn account 1',
    ]);
  });

  test('Sales Navigator counts only where a step or a lead needs it', () => {
    const without = { ...works, isValidNavigator: false };
    expect(check([without]).state).toBe('ok');
    expect(found(check([works, without], inMail))).toEqual([
      'warn: No valid Sales Navigator, needed for INMAIL: LinkedIn account 2',
    ]);
    const branch = { ...step('CHECK_IS_OPEN_PROFILE'), conditionalNode: inMail };
    expect(found(check([without], branch))).toEqual([
      'stop: No valid Sales Navigator, needed for INMAIL, CHECK_IS_OPEN_PROFILE: LinkedIn account 1',
    ]);
    expect(found(check([without], invitation(), 2))).toEqual([
      'warn: No valid Sales Navigator, needed for 2 Sales Navigator URLs of its list: LinkedIn account 1',
    ]);
  });

  test('names at most five', () => {
    const [problem = ''] = found(check([works, ...Array.from({ length: 9 }, () => ({ authIsValid: false }))]));
    expect(problem).toMatch(/LinkedIn account 6 and 4 more: login invalid$/);
  });
});

describe('capacity', () => {
  const sendersWith = (...limits: (number | null)[]) => ({
    ids: limits.map((_, index) => index + 1),
    accounts: new Map(
      limits.map((limit, index) => [
        index + 1,
        { accountLimits: { connectioRequestLimit: limit, inMailLimit: 4, messageLimit: 40 } } as LinkedInAccount,
      ]),
    ),
  });
  const invitations = invitation();

  test('is the leads over the invitations of a day, in whole days', () => {
    expect(checkCapacity(100, sendersWith(20, 15), invitations)).toEqual({
      state: 'ok',
      findings: [],
      facts: { leads: 100, perDay: 35, actions: 'invitations', days: 3 },
    });
    expect(checkCapacity(0, sendersWith(20), invitations).facts.days).toBe(0);
  });

  test('warns about many days and about many invitations a week', () => {
    expect(found(checkCapacity(300, sendersWith(25), invitations))).toEqual([
      'warn: 12 days of invitations, more than 10',
      expect.stringMatching(/^warn: .*would send 125 invitations in five working days, more than 100$/),
    ]);
  });

  test('stops where no sender can send, and says how many would wait', () => {
    expect(found(checkCapacity(5, sendersWith(0), invitations))).toEqual([
      'stop: No sender can send invitations now, so 5 leads would wait',
    ]);
    expect(found(checkCapacity(null, sendersWith(0), invitations))).toEqual([
      'stop: No sender can send invitations now, so its leads wait',
    ]);
    expect(checkCapacity(0, sendersWith(0), invitations).state).toBe('ok');
  });

  test('only warns where leads on another branch go on', () => {
    const blocked = {
      ids: [1],
      accounts: new Map([[1, { inMailCooldown: true, accountLimits: { messageLimit: 9 } }]]),
    };
    const check = (yes: SequenceNode | undefined, no: SequenceNode, senders: typeof blocked = blocked) => {
      const root: SequenceNode = { nodeType: 'CHECK_IS_CONNECTION', conditionalNode: yes, unconditionalNode: no };
      return found(checkCapacity(5, senders, root));
    };
    const stop = ['stop: No sender can send InMails now, so 5 leads would wait'];
    expect(check(step('MESSAGE'), inMail)).toEqual([
      'warn: No sender can send InMails now, so leads on that branch would wait',
    ]);
    expect(check(inMail, inMail)).toEqual(stop);
    // The other branch sends nothing, or its step is held too.
    expect(check(end, inMail)).toEqual(stop);
    const silent = { ids: [1], accounts: new Map([[1, { inMailCooldown: true, accountLimits: { messageLimit: 0 } }]]) };
    expect(check(step('MESSAGE'), inMail, silent)).toEqual(stop);
    // Every path comes to it, although a step before it can be done.
    const first = { ...step('MESSAGE'), unconditionalNode: inMail };
    expect(found(checkCapacity(5, blocked, first))).toEqual(stop);
  });

  test('is taken from the scarcest step, and is invitations without a sequence', () => {
    expect(checkCapacity(8, sendersWith(1), inMail).facts).toMatchObject({ actions: 'InMails', days: 2 });
    expect(checkCapacity(80, sendersWith(1), step('MESSAGE')).facts).toMatchObject({
      actions: 'messages',
      days: 2,
    });
    expect(checkCapacity(8, sendersWith(1), undefined).facts).toMatchObject({ actions: 'invitations', days: 8 });
    expect(checkCapacity(8, sendersWith(1), step('FIND_EMAIL'))).toMatchObject({
      state: 'ok',
      facts: { days: null },
    });
  });

  test('is unknown without the leads, the senders or an allowance', () => {
    for (const check of [
      checkCapacity(null, sendersWith(20), invitations),
      checkCapacity(5, undefined, invitations),
      checkCapacity(5, sendersWith(20, null), invitations),
    ]) {
      expect(check).toMatchObject({ state: 'unknown', facts: { days: null } });
    }
  });
});

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

  test('is ok where no one is elsewhere', () => {
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

  test('warns about leads in other campaigns that nothing excludes', () => {
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

  test('an exclusion covers what it excludes, and no more', () => {
    const own = { ...draft, excludeInOtherCampaigns: true, excludeListId: 7 };
    expect(checkOverlap(own, 10, inOthers)).toMatchObject({
      state: 'ok',
      facts: { exclusions: ['excludeContactedFromOtherCampaigns', 'excludeListId 7'] },
    });
    expect(found(checkOverlap({ ...draft, excludeContactedFromSenderInOtherCampaign: true }, 10, inOthers))).toEqual([
      'warn: Leads are in other campaigns, and only those contacted by its own senders are excluded',
    ]);
    const talking = overlap({ inConversation: group(4) });
    expect(found(checkOverlap(own, 10, talking))).toEqual([
      'warn: Leads are in conversations, and nothing excludes them',
    ]);
    expect(checkOverlap({ ...draft, excludeHasOtherAccConversations: true }, 10, talking).state).toBe('ok');
  });

  test('leads who talk only with its own senders are not excluded', () => {
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

  test('conversations of a campaign that has run are its own', () => {
    expect(checkOverlap({ status: 'PAUSED' }, 10, overlap({ inConversation: group(4) }))).toMatchObject({
      state: 'ok',
      facts: { inConversation: 4 },
    });
  });

  test('is unknown where it was not checked, or not wholly', () => {
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

describe('schedule', () => {
  const schedule = { dailyStartTime: '09:00:00', dailyEndTime: '17:30:00', timeZoneId: 'Europe/Berlin' };
  const setAt = '2026-06-01T08:00:00.000Z';
  const now = new Date('2026-06-15T10:00:00Z');

  test('is never ok, because HeyReach does not return it', () => {
    expect(checkSchedule(undefined, now)).toEqual({
      state: 'unknown',
      findings: [],
      facts: {},
      next: 'HeyReach does not return schedules. Ask the user for days, hours and time zone.',
    });
    const set = {
      ...schedule,
      enabledFriday: false,
      enabledSunday: true,
      startDate: '2026-06-10',
      endDate: '2026-06-15',
    };
    expect(checkSchedule({ schedule: set, setAt }, now)).toMatchObject({
      state: 'unknown',
      findings: [],
      facts: {
        lastSet: 'Mon Tue Wed Thu Sun 09:00-17:30 Europe/Berlin, from 2026-06-10, to 2026-06-15',
        setAt,
      },
    });
  });

  test('stops where the schedule that was set last is over', () => {
    const check = checkSchedule({ schedule: { ...schedule, endDate: '2026-06-14' }, setAt }, now);
    expect(found(check)).toEqual(['stop: The schedule that this server set last ended on 2026-06-14']);
  });
});

describe('sequence', () => {
  const clean = invitation('');

  test('is ok, warns and stops with its texts', () => {
    expect(checkSequenceTexts(clean, [], true)).toEqual({ state: 'ok', findings: [], facts: { steps: 1 } });
    const unfinished = { ...clean, payload: { messages: ['TODO'] } };
    expect(checkSequenceTexts(unfinished, [], true).state).toBe('stop');
    const plain = { ...clean, payload: { messages: ['Hi {FIRST_NAME}'], fallbackMessage: 'Hi' } };
    const nameless = [{ firstName: '' }, { firstName: 'Ada' }];
    expect(checkSequenceTexts(plain, nameless, true)).toMatchObject({
      state: 'warn',
      findings: [{ leads: { count: 1, of: 2 } }],
    });
  });

  test('stops where there is none, and is unknown where it or the leads were not read', () => {
    expect(checkSequenceTexts(null, [], true)).toMatchObject({ state: 'stop', facts: { steps: 0 } });
    expect(checkSequenceTexts(undefined, [], true)).toMatchObject({ state: 'unknown', facts: { steps: null } });
    expect(checkSequenceTexts(clean, [], false).state).toBe('unknown');
  });
});

test('checks that lack a part which another check reads are unknown too', () => {
  const campaign: Campaign = { status: 'DRAFT', campaignAccountIds: [1] };
  const senders = { ids: [1], accounts: new Map([[1, { accountLimits: { connectioRequestLimit: 20 } }]]) };
  const lead = { firstName: 'Ada', lastName: 'Example', profileUrl: 'https://www.linkedin.com/in/ada-example' };
  const comparison = { overlap: undefined, schedule: undefined };
  const statesOf = (checks: Record<string, CampaignCheck>) =>
    Object.fromEntries(Object.entries(checks).map(([name, { state }]) => [name, state]));
  const whole = { list: { totalItemsCount: 1 }, members: [lead], isAll: true };
  const unreadSequence = checkParts(campaign, { sequence: undefined, list: whole, senders }, comparison);
  expect(statesOf(unreadSequence)).toEqual({
    status: 'ok',
    sequence: 'unknown',
    list: 'ok',
    overlap: 'unknown',
    senders: 'unknown',
    capacity: 'unknown',
    schedule: 'unknown',
  });
  const someLeads = { ...whole, isAll: false };
  const unreadLeads = checkParts(campaign, { sequence: invitation(), list: someLeads, senders }, comparison);
  expect(statesOf(unreadLeads)).toMatchObject({ sequence: 'unknown', list: 'unknown', senders: 'unknown' });
  const unreadSenders = checkParts(campaign, { sequence: invitation(), list: whole, senders: undefined }, comparison);
  expect(statesOf(unreadSenders)).toMatchObject({
    sequence: 'ok',
    list: 'ok',
    senders: 'unknown',
    capacity: 'unknown',
  });
});
