import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const PATH = '/api/public/campaign/GetLeadsFromCampaign';

const lead = (index = 1, about: string | null = null) => ({
  id: 7000000 + index,
  linkedInUserProfileId: `ACoAAExample${index}`,
  linkedInUserProfile: {
    linkedin_id: String(580000000 + index),
    profileUrl: `https://www.linkedin.com/in/ada-example-${index}`,
    firstName: 'Ada',
    lastName: 'Example',
    headline: 'Analyst',
    imageUrl: 'https://example.com/ada.png',
    location: 'London',
    companyName: 'Example Ltd',
    companyUrl: null,
    position: 'Analyst',
    about,
    connections: 0,
    followers: 0,
    emailAddress: null,
    enrichedEmailAddress: null,
    customEmailAddress: 'ada@example.com',
  },
  lastActionTime: '2026-09-14T03:28:22.414791Z',
  failedTime: null,
  creationTime: '2026-09-13T21:28:06.933349Z',
  leadCampaignStatus: 'InSequence',
  leadConnectionStatus: 'ConnectionSent',
  leadMessageStatus: 'None',
  errorCode: null,
  leadCampaignStatusMessage: '',
  linkedInSenderId: 170001,
  linkedInSenderFullName: 'Grace Example',
});

describe('list_leads_in_campaign', () => {
  const wire = useToolHarness();

  test('sends the range, days as their first and last moment, the time filter and the page', async () => {
    wire.answerWith({ '/campaign/GetLeadsFromCampaign': { body: { totalCount: 0, items: [] } } });
    await wire.call('list_leads_in_campaign', {
      campaignId: 600001,
      timeFrom: '2026-09-01',
      timeTo: '2026-09-30',
      timeFilter: 'LastActionTakenOrFailedTime',
      offset: 100,
      limit: 100,
    });
    await wire.call('list_leads_in_campaign', { campaignId: 600001, timeFrom: '2026-09-01T09:00:00+02:00' });
    expect(wire.sent()).toEqual([
      post(PATH, {
        campaignId: 600001,
        timeFrom: '2026-09-01T00:00:00Z',
        timeTo: '2026-09-30T23:59:59.999Z',
        timeFilter: 'LastActionTakenOrFailedTime',
        offset: 100,
        limit: 100,
      }),
      post(PATH, { campaignId: 600001, timeFrom: '2026-09-01T09:00:00+02:00', offset: 0, limit: 20 }),
    ]);
  });

  test('returns one flat row per lead without nulls, empty texts and images', async () => {
    wire.answerWith({ '/campaign/GetLeadsFromCampaign': { body: { totalCount: 1, items: [lead()] } } });
    const result = await wire.call('list_leads_in_campaign', { campaignId: 600001 });
    expect(wire.sent()).toEqual([post(PATH, { campaignId: 600001, offset: 0, limit: 20 })]);
    expect(result.structuredContent).toEqual({
      totalCount: 1,
      returned: 1,
      items: [
        {
          id: 7000001,
          linkedin_id: '580000001',
          profileUrl: 'https://www.linkedin.com/in/ada-example-1',
          name: 'Ada Example',
          firstName: 'Ada',
          lastName: 'Example',
          headline: 'Analyst',
          companyName: 'Example Ltd',
          position: 'Analyst',
          location: 'London',
          emailAddress: 'ada@example.com',
          lastActionTime: '2026-09-14T03:28:22.414791Z',
          creationTime: '2026-09-13T21:28:06.933349Z',
          leadCampaignStatus: 'InSequence',
          leadConnectionStatus: 'ConnectionSent',
          leadMessageStatus: 'None',
          linkedInSenderId: 170001,
          linkedInSenderFullName: 'Grace Example',
        },
      ],
    });
  });

  test('returns every field in full detail', async () => {
    const items = [lead(1, 'x'.repeat(3_000))];
    wire.answerWith({ '/campaign/GetLeadsFromCampaign': { body: { totalCount: 1, items } } });
    const result = await wire.call('list_leads_in_campaign', { campaignId: 600001, detail: 'full' });
    expect(result.structuredContent).toEqual({ totalCount: 1, returned: 1, items });
  });

  test('continues a page too large for one result without a gap or a repeat', async () => {
    const all = Array.from({ length: 100 }, (_, index) => lead(index, 'é'.repeat(600)));
    wire.answerWith({
      '/campaign/GetLeadsFromCampaign': ({ body }) => {
        const { offset, limit } = JSON.parse(body) as { offset: number; limit: number };
        return { body: { totalCount: 100, items: all.slice(offset, offset + limit) } };
      },
    });
    const seen: unknown[] = [];
    let pages = 0;
    for (let offset: unknown = 0; offset !== undefined; pages += 1) {
      const args = { campaignId: 600001, offset, limit: 100, detail: 'full' };
      const result = await wire.call('list_leads_in_campaign', args);
      expect(Buffer.byteLength(result.content[0]?.text ?? '')).toBeLessThanOrEqual(48_000);
      const page = result.structuredContent as { items: unknown[]; returned: number; nextOffset?: number };
      expect(page.returned).toBe(page.items.length);
      seen.push(...page.items);
      offset = page.nextOffset;
    }
    expect(pages).toBeGreaterThan(2);
    expect(seen).toEqual(all);
  });

  test("returns HeyReach's own message on a rejection", async () => {
    const errorMessage = 'Campaign with id 600001 was not found.';
    wire.answerWith({ '/campaign/GetLeadsFromCampaign': { status: 404, body: { errorMessage } } });
    const result = await wire.call('list_leads_in_campaign', { campaignId: 600001 });
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toMatchObject({
      status: 404,
      message: errorMessage,
      nextStep: 'Find the campaign with list_campaigns.',
      outcome: 'refused',
    });
  });

  test.each([
    [{ timeFilter: 'Always' }, 'timeFilter must be one of CreationTime, LastActionTakenTime'],
    [{ timeFrom: 'yesterday' }, 'timeFrom must be a UTC day (2026-06-01) or a time with offset'],
    [{ timeTo: '2026-06-01T09:00:00' }, 'timeTo must be a UTC day'],
    [{ leadStatus: 'Finished' }, 'unknown parameter leadStatus'],
  ])('rejects %j', async (args, message) => {
    const result = await wire.call('list_leads_in_campaign', { campaignId: 600001, ...args });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(message);
    expect(wire.sent()).toEqual([]);
  });
});
