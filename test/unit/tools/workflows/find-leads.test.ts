import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { beforeEach, describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { useSandbox } from '../../../support/programs/sandbox-harness.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { rowsOf } from '../../../support/tools/tables.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const DAY = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();
const END = { nodeType: 'END', actionDelay: 3, actionDelayUnit: 'HOUR' };
const MESSAGE = { nodeType: 'MESSAGE', actionDelay: 1, actionDelayUnit: 'DAY', unconditionalNode: END };
const invitation = (yes: object, no: object) => ({
  nodeType: 'CONNECTION_REQUEST',
  conditionalNode: yes,
  unconditionalNode: { ...no, actionDelay: 10, actionDelayUnit: 'DAY' },
});

interface Lead {
  slug: string;
  connection?: string;
  message?: string;
  status?: string;
  sender?: number;
  lastActionDays?: number;
  errorCode?: string;
}

interface Campaign {
  id: number;
  status: string;
  leads: Lead[];
  failed?: number;
  sequence?: object;
}

describe('find_leads', () => {
  const wire = useToolHarness();
  let campaigns: Campaign[];
  let written: string[];

  beforeEach(() => {
    campaigns = [];
    written = [];
    wire.answerWith({
      '/campaign/GetAll': ({ body }) => {
        const { statuses } = JSON.parse(body) as { statuses?: string[] };
        const rows = campaigns.filter(({ status }) => statuses?.includes(status) ?? true);
        const items = rows.map(({ id, status, leads, failed = 0 }) => ({
          ...{ id, name: `Campaign ${id}`, status },
          progressStats: { totalUsers: leads.length, totalUsersFailed: failed },
        }));
        return { body: { totalCount: items.length, items } };
      },
      '/campaign/GetLeadsFromCampaign': ({ body }) => {
        const { campaignId, timeFilter } = JSON.parse(body);
        const { leads } = campaigns.find(({ id }) => id === campaignId)!;
        const rows = timeFilter === 'FailedTime' ? leads.filter(({ status }) => status === 'Failed') : leads;
        return { body: { totalCount: rows.length, items: rows.map(toLead) } };
      },
      '/campaign/GetCampaignSequence': ({ path }) => ({
        body: campaigns.find(({ id }) => path.endsWith(`=${id}`))?.sequence ?? {},
      }),
      '/inbox/GetConversationsV3': ({ body }) => {
        const { filters } = JSON.parse(body);
        const isWritten = written.some((slug) => filters.leadProfileUrl?.endsWith(`/${slug}`));
        const messages = [{ sender: 'ME', body: 'Hi', createdAt: ago(1) }];
        const items = isWritten ? [{ id: 'c', linkedInAccountId: 1, lastMessageSender: 'ME', messages }] : [];
        return { body: { totalCount: items.length, items, hasNextPage: false } };
      },
      '/li_account/GetAll': {
        body: { totalCount: 2, items: [{ id: 1 }, { id: 2, authIsValid: false }] },
      },
    });
  });

  const accepted = (slug: string, more: Partial<Lead> = {}): Lead => ({
    slug,
    connection: 'ConnectionAccepted',
    status: 'InSequence',
    ...more,
  });
  const outcomes = (result: Parameters<typeof rowsOf>[0]) =>
    Object.fromEntries(rowsOf(result).map(({ profileUrl, outcome, reason }) => [profileUrl, `${outcome}: ${reason}`]));

  test('accepted_not_messaged: reads campaigns, leads, the sequences of running campaigns, and the inbox for each person', async () => {
    campaigns = [
      {
        id: 1,
        status: 'IN_PROGRESS',
        sequence: invitation(MESSAGE, END),
        leads: [accepted('ada-example'), { slug: 'x' }],
      },
      { id: 2, status: 'PAUSED', leads: [accepted('bob-example', { status: 'Paused' })] },
    ];
    const result = await wire.call('find_leads', { stage: 'accepted_not_messaged' });
    const filters = {
      ...{ linkedInAccountIds: [], campaignIds: [], searchString: null, leadLinkedInId: null },
      ...{ tags: [], seen: null, latestAutoTagNames: [] },
    };
    const inbox = (slug: string) =>
      post('/api/public/inbox/GetConversationsV3', {
        ...{ limit: 100, cursor: null },
        filters: { ...filters, leadProfileUrl: `https://www.linkedin.com/in/${slug}` },
      });
    expect(wire.sent().filter(({ method }) => method === 'POST')).toEqual([
      post('/api/public/campaign/GetAll', { statuses: ['IN_PROGRESS', 'PAUSED', 'FINISHED'], offset: 0, limit: 100 }),
      post('/api/public/campaign/GetLeadsFromCampaign', { campaignId: 1, offset: 0, limit: 100 }),
      post('/api/public/campaign/GetLeadsFromCampaign', { campaignId: 2, offset: 0, limit: 100 }),
      inbox('ada-example'),
      inbox('bob-example'),
    ]);
    expect(
      wire
        .sent()
        .filter(({ method }) => method === 'GET')
        .map(({ path }) => path),
    ).toEqual(['/api/public/campaign/GetCampaignSequence?campaignId=1']);
    expect(result.structuredContent).toMatchObject({
      found: 2,
      byOutcome: { comes: 1, held: 1 },
      byReason: { 'message step follows': 1, 'campaign paused': 1 },
      scanned: { campaigns: 2, leads: 3 },
      inbox: 'person by person',
      byCampaign: {
        rows: [
          [2, 'Campaign 2', 'PAUSED', 1],
          [1, 'Campaign 1', 'IN_PROGRESS', 1],
        ],
      },
      senders: { rows: [[1, 'Grace Example']] },
      nextStep: expect.stringContaining('resume_campaign'),
      file: { rows: 2, uri: expect.stringContaining('heyreach://results/') },
    });
    expect(rowsOf(result)[0]).toEqual({
      name: 'bob-example Example',
      company: 'Example Ltd',
      profileUrl: 'bob-example',
      campaignId: 2,
      linkedInAccountId: 1,
      since: ago(1).slice(0, 10),
      outcome: 'held',
      reason: 'campaign paused',
    });
  });

  test('gives the reason why a first message never comes, is held, or is unknown', async () => {
    const late = invitation(END, { nodeType: 'CHECK_IS_CONNECTION', conditionalNode: MESSAGE, unconditionalNode: END });
    const inTime = invitation(MESSAGE, { nodeType: 'VIEW_PROFILE', unconditionalNode: END });
    campaigns = [
      { id: 1, status: 'FINISHED', leads: [accepted('finished')] },
      { id: 2, status: 'CANCELED', leads: [accepted('canceled')] },
      {
        ...{ id: 3, status: 'IN_PROGRESS', sequence: invitation(MESSAGE, END) },
        leads: [
          accepted('done', { status: 'Finished' }),
          accepted('failed', { status: 'Failed', errorCode: 'NO_WAY' }),
          accepted('paused', { status: 'Paused' }),
          accepted('comes'),
          accepted('messaged', { message: 'MessageSent' }),
          accepted('unreadable', { message: 'Something' }),
        ],
      },
      { id: 4, status: 'IN_PROGRESS', sequence: invitation(END, END), leads: [accepted('no-step')] },
      { id: 5, status: 'IN_PROGRESS', sequence: late, leads: [accepted('late')] },
      { id: 6, status: 'IN_PROGRESS', sequence: inTime, leads: [accepted('in-time')] },
    ];
    const statuses = ['IN_PROGRESS', 'FINISHED', 'CANCELED'];
    const result = await wire.call('find_leads', { stage: 'accepted_not_messaged', statuses, verifyInbox: false });
    expect(outcomes(result)).toEqual({
      finished: 'never: campaign finished',
      canceled: 'never: campaign canceled',
      done: 'never: lead finished',
      failed: 'never: lead failed: NO_WAY',
      'no-step': 'never: no message step follows',
      paused: 'held: lead paused',
      comes: 'comes: message step follows',
      'in-time': 'comes: message step follows an acceptance in time',
      late: 'unknown: message step only after a late acceptance',
    });
    expect(rowsOf(result).map(({ outcome }) => outcome)).toEqual([
      ...Array.from({ length: 5 }, () => 'never'),
      'held',
      'unknown',
      'comes',
      'comes',
    ]);
    expect(wire.sent().some(({ path }) => path.includes('/inbox/'))).toBe(false);
    expect(JSON.stringify(result.structuredContent)).not.toContain('wroteToUs');
  });

  test('omits people to whom a sender wrote in any conversation', async () => {
    campaigns = [{ id: 1, status: 'PAUSED', leads: [accepted('ada-example'), accepted('bob-example')] }];
    written = ['bob-example'];
    const result = await wire.call('find_leads', { stage: 'accepted_not_messaged' });
    expect(Object.keys(outcomes(result))).toEqual(['ada-example']);
    expect(result.structuredContent).toMatchObject({ found: 1, leftOut: { writtenToElsewhere: 1 } });
  });

  test('failed: asks only for failed leads, in campaigns that have some, and groups them by code', async () => {
    const failed = (slug: string, errorCode: string): Lead => ({ slug, errorCode, status: 'Failed' });
    campaigns = [
      { id: 1, status: 'FINISHED', failed: 2, leads: [failed('a', 'GONE'), failed('b', 'GONE'), { slug: 'c' }] },
      { id: 2, status: 'FINISHED', failed: 0, leads: [{ slug: 'd' }] },
    ];
    const result = await wire.call('find_leads', { stage: 'failed' });
    const [, ...reads] = wire.sent();
    expect(reads).toEqual([
      post('/api/public/campaign/GetLeadsFromCampaign', {
        ...{ campaignId: 1, timeFilter: 'FailedTime', timeFrom: '2015-01-01T00:00:00Z', offset: 0, limit: 100 },
      }),
    ]);
    expect(result.structuredContent).toMatchObject({
      found: 2,
      byReason: { GONE: 2 },
      errors: { rows: [['GONE', 'Says why: GONE']] },
    });
  });

  test('failed: reads all leads where HeyReach returns fewer than it counts', async () => {
    campaigns = [{ id: 1, status: 'FINISHED', failed: 2, leads: [{ slug: 'a', status: 'Failed' }, { slug: 'c' }] }];
    const result = await wire.call('find_leads', { stage: 'failed' });
    expect(wire.sent().at(-1)).toEqual(
      post('/api/public/campaign/GetLeadsFromCampaign', { campaignId: 1, offset: 0, limit: 100 }),
    );
    expect(result.structuredContent).toMatchObject({ found: 1, scanned: { leads: 2 } });
  });

  test('invite_pending: counts younger invitations, lists the oldest first, and only the leads of the sender', async () => {
    const sent = (slug: string, lastActionDays: number, sender = 1): Lead => ({
      ...{ slug, lastActionDays, sender, connection: 'ConnectionSent', status: 'InSequence' },
    });
    campaigns = [
      {
        id: 1,
        status: 'IN_PROGRESS',
        leads: [sent('young', 3), sent('old', 20), sent('older', 30), sent('other', 40, 2)],
      },
    ];
    const args = { stage: 'invite_pending', olderThanDays: 14, linkedInAccountIds: [1] };
    const result = await wire.call('find_leads', args);
    expect(rowsOf(result).map(({ profileUrl }) => profileUrl)).toEqual(['older', 'old']);
    expect(result.structuredContent).toMatchObject({ found: 2, leftOut: { underOlderThanDays: 1 } });
  });

  test('stalled: finds leads idle longer than the longest wait and two days, with the problem of the sender', async () => {
    const inSequence = (slug: string, lastActionDays: number, sender = 1): Lead => ({
      ...{ slug, lastActionDays, sender, status: 'InSequence' },
    });
    const sequence = invitation(MESSAGE, END);
    campaigns = [
      { id: 1, status: 'IN_PROGRESS', sequence, leads: [inSequence('waits', 11), inSequence('stuck', 13, 2)] },
      { id: 2, status: 'FINISHED', leads: [inSequence('over', 90)] },
    ];
    const result = await wire.call('find_leads', { stage: 'stalled' });
    expect(rowsOf(result)).toMatchObject([{ profileUrl: 'stuck', reason: 'sender: login invalid' }]);
  });

  test('accepted, replied and no_reply', async () => {
    campaigns = [
      {
        ...{ id: 1, status: 'FINISHED' },
        leads: [
          { slug: 'answers', message: 'MessageReply', status: 'Finished' },
          { slug: 'silent', message: 'MessageSent', status: 'Finished' },
          { slug: 'open', message: 'MessageSent', status: 'InSequence', connection: 'ConnectionAccepted' },
        ],
      },
    ];
    expect(rowsOf(await wire.call('find_leads', { stage: 'accepted' }))).toMatchObject([{ profileUrl: 'open' }]);
    expect(rowsOf(await wire.call('find_leads', { stage: 'replied' }))).toMatchObject([{ profileUrl: 'answers' }]);
    expect(rowsOf(await wire.call('find_leads', { stage: 'no_reply' }))).toMatchObject([{ profileUrl: 'silent' }]);
  });

  test('output=file: counts without rows, and the rows are kept', async () => {
    campaigns = [{ id: 1, status: 'PAUSED', leads: Array.from({ length: 30 }, (_, at) => accepted(`lead-${at}`)) }];
    const args = { stage: 'accepted_not_messaged', verifyInbox: false };
    const file = await wire.call('find_leads', { ...args, output: 'file' });
    expect(file.structuredContent).toMatchObject({ found: 30, rows: [], file: { rows: 30 } });
    const rows = await wire.call('find_leads', args);
    expect(rowsOf(rows)).toHaveLength(25);
    expect(rows.structuredContent?.nextStep).toContain('5 more rows');
    expect(encode(rows.content[0]!.text!).length).toBeLessThanOrEqual(2_000);
  });

  test('reads campaignIds whatever their status, and names an unknown one', async () => {
    campaigns = [
      { id: 1, status: 'CANCELED', leads: [accepted('ada-example')] },
      { id: 2, status: 'PAUSED', leads: [accepted('bob-example')] },
    ];
    const result = await wire.call('find_leads', { stage: 'accepted_not_messaged', campaignIds: [1, 9] });
    expect(outcomes(result)).toEqual({ 'ada-example': 'never: campaign canceled' });
    expect(result.structuredContent?.incomplete).toEqual([
      { part: 'campaign 9', reason: 'HeyReach lists no such campaign' },
    ]);
  });

  test('names the unread parts, and counts nothing of them', async () => {
    campaigns = [
      { id: 1, status: 'IN_PROGRESS', leads: [accepted('ada-example')] },
      { id: 2, status: 'PAUSED', leads: [accepted('bob-example')] },
    ];
    const denied = { status: 403, body: { errorMessage: 'no' } };
    wire.answerWith({
      '/campaign/GetAll': {
        body: {
          totalCount: 2,
          items: [
            { id: 1, status: 'IN_PROGRESS' },
            { id: 2, status: 'PAUSED' },
          ],
        },
      },
      '/campaign/GetLeadsFromCampaign': ({ body }) =>
        body.includes('"campaignId":2')
          ? denied
          : { body: { totalCount: 1, items: [toLead(accepted('ada-example'))] } },
      '/campaign/GetCampaignSequence': denied,
      '/inbox/GetConversationsV3': denied,
    });
    const result = await wire.call('find_leads', { stage: 'accepted_not_messaged' });
    expect(result.structuredContent).toMatchObject({ found: 1, byOutcome: { unknown: 1 } });
    const { incomplete } = result.structuredContent as { incomplete: { part: string }[] };
    expect(incomplete.map(({ part }) => part)).toEqual([
      'leads of campaign 2',
      'sequence of campaign 1',
      'inbox of 1 person',
    ]);
  });

  test('returns no file for a workspace without such leads', async () => {
    const result = await wire.call('find_leads', { stage: 'replied' });
    expect(result.structuredContent).toMatchObject({ found: 0, byReason: {}, rows: [] });
    expect(result.structuredContent).not.toHaveProperty('resultId');
  });

  test('requires a stage', async () => {
    expectInvalid(await wire.call('find_leads', {}), 'stage');
    expectInvalid(await wire.call('find_leads', { stage: 'somewhere' }), 'stage');
    expect(wire.sent()).toEqual([]);
  });
});

describe('find_leads on the default sandbox', () => {
  const at = useSandbox({ seed: 1 }, 'in-process');

  test('names campaigns that cannot stall, whose leads it does not read', async () => {
    const statuses = ['PAUSED'];
    const refused = await at.peer.callTool('find_leads', { stage: 'stalled', statuses });
    expect(refused.content[0]?.text).toContain('only leads of IN_PROGRESS campaigns stall');
    const campaigns = [...at.sandbox.workspace.campaigns.values()];
    const paused = campaigns.find(({ status }) => status === 'PAUSED')!;
    const { structuredContent } = await at.peer.callTool('find_leads', { stage: 'stalled', campaignIds: [paused.id] });
    expect(structuredContent).toMatchObject({
      found: 0,
      nextStep: expect.stringContaining('No campaign is IN_PROGRESS, and only their leads stall: no leads were read.'),
    });
  });

  test('stalled: finds a lead whose sender does not continue', async () => {
    const { campaigns, people, accounts } = at.sandbox.workspace;
    const find = async () => rowsOf(await at.peer.callTool('find_leads', { stage: 'stalled', limit: 100 }));
    const [campaignId, enrolment] = [...campaigns.values()]
      .filter(({ status }) => status === 'IN_PROGRESS')
      .flatMap(({ id, enrolments }) => [...enrolments.values()].map((lead) => [id, lead] as const))
      .find(([, { status, personId }]) => status === 'InSequence' && /^[a-z0-9-]+$/.test(people.get(personId)!.slug))!;
    const { slug } = people.get(enrolment.personId)!;
    const isFound = (rows: Record<string, unknown>[]) => rows.some(({ profileUrl }) => profileUrl === slug);
    expect(isFound(await find())).toBe(false);
    enrolment.lastActionTime = Date.now() - 200 * 86_400_000;
    accounts.get(enrolment.senderId)!.authIsValid = false;
    const rows = await find();
    expect(rows).toContainEqual(
      expect.objectContaining({ profileUrl: slug, campaignId, reason: 'sender: login invalid' }),
    );
  });
});

function toLead({ slug, connection = 'None', message = 'None', status = 'Pending', ...more }: Lead) {
  const { sender = 1, lastActionDays = 1, errorCode } = more;
  const at = ago(lastActionDays);
  return {
    id: slug.length,
    linkedInUserProfile: {
      profileUrl: `https://www.linkedin.com/in/${slug}`,
      firstName: slug,
      lastName: 'Example',
      companyName: 'Example Ltd',
    },
    lastActionTime: at,
    failedTime: status === 'Failed' ? at : null,
    creationTime: ago(100),
    leadCampaignStatus: status,
    leadConnectionStatus: connection,
    leadMessageStatus: message,
    errorCode: errorCode ?? null,
    leadCampaignStatusMessage: errorCode === undefined ? null : `Says why: ${errorCode}`,
    linkedInSenderId: sender,
    linkedInSenderFullName: 'Grace Example',
  };
}
