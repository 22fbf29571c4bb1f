import { describe, expect, test } from 'vitest';
import { exampleCampaign, exampleSequence } from '../../../support/fixtures/campaign.ts';
import { exampleList } from '../../../support/fixtures/list.ts';
import type { StubAnswer } from '../../../support/heyreach/heyreach-stub.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const account = (id: number, firstName: string, invitations: number, changes: object = {}) => ({
  ...{ id, firstName, lastName: 'Sender', authIsValid: true, isActive: true },
  accountLimits: { connectioRequestLimit: invitations, inMailLimit: 5 },
  ...changes,
});
const GRACE = account(1, 'Grace', 30);
const MAX = account(2, 'Max', 10);
const DEAD = account(3, 'Lou', 20, { authIsValid: false });

const pending = (totalUsersPending: number) => ({ progressStats: { totalUsers: 100, totalUsersPending } });
const sheet = (owners: readonly string[]) =>
  [
    'profileUrl,firstName,lastName,owner',
    ...owners.map((owner, at) => `https://www.linkedin.com/in/person-${at}-example,Ada,Example,${owner}`),
  ].join('\n');
const FORTY = sheet(Array<string>(40).fill(''));

interface Confirmation {
  preview: { text: string; warnings?: string[] };
}

describe('the preview of import_leads', () => {
  const wire = useToolHarness(['--confirm', 'token']);

  /** The lines of the preview, and its warnings. */
  async function previewed(
    args: Record<string, unknown>,
    campaigns: object[],
    others: Record<string, StubAnswer> = {},
  ) {
    const all = campaigns as { id: number; status: string }[];
    const running = all.filter(({ status }) => ['IN_PROGRESS', 'SCHEDULED'].includes(status));
    const onList = all.flatMap(({ id }) => (id < 700_000 ? id : []));
    wire.answerWith({
      '/campaign/GetAll': { body: { totalCount: running.length, items: running } },
      '/campaign/GetById': ({ path }) => ({ body: all.find(({ id }) => path.endsWith(`=${id}`)) }),
      '/campaign/GetCampaignSequence': { body: exampleSequence() },
      '/list/GetById': { body: exampleList({ campaignIds: onList, totalItemsCount: 90 }) },
      '/li_account/GetAll': { body: { totalCount: 3, items: [GRACE, MAX, DEAD] } },
      ...others,
    });
    const { structuredContent } = await wire.call('import_leads', { text: FORTY, skip: [], ...args });
    const confirmation = structuredContent?.confirmation as Confirmation;
    const { text, warnings = [] } = confirmation.preview;
    return {
      lines: text.split(/\n+/),
      warnings: warnings.filter((warning) => !warning.includes('skip does not name')),
    };
  }

  test('shows how many people each sender of a campaign gets, after its queue, and which sender does not work', async () => {
    const target = exampleCampaign({ status: 'IN_PROGRESS', campaignAccountIds: [1, 2, 3], ...pending(40) });
    const other = exampleCampaign({ id: 700_001, status: 'IN_PROGRESS', linkedInUserListId: 5, ...pending(20) });
    const { lines, warnings } = await previewed({ toCampaignId: 600_001 }, [
      target,
      { ...other, campaignAccountIds: [2] },
    ]);
    expect(lines[0]).toBe('Add 40 people to the campaign "Q3 founders", which will contact them?');
    expect(lines).toContain(
      'Work: 40 people after 60 waiting leads at 40 invitations a day, 3 days. Senders that work: 2 of 3',
    );
    const at = lines.indexOf('Senders, if HeyReach shares the people by invitations a day: 3');
    expect(lines.slice(at + 1, at + 4)).toEqual([
      '- "Grace Sender" (LinkedIn account 1): 30 people after 30 waiting leads at 30 invitations a day, 2 days',
      '- "Max Sender" (LinkedIn account 2): 10 people after 30 waiting leads at 10 invitations a day, 4 days',
      '- "Lou Sender" (LinkedIn account 3): sends nothing, login invalid',
    ]);
    expect(warnings).toContain('The login of "Lou Sender" (LinkedIn account 3) is invalid: it delivers nothing.');
  });

  test('names people who are assigned to a sender that does not work', async () => {
    const text = sheet([...Array<string>(7).fill('3'), ...Array<string>(3).fill('1')]);
    const target = exampleCampaign({ status: 'IN_PROGRESS', campaignAccountIds: [1, 3], ...pending(0) });
    const { lines, warnings } = await previewed({ text, toCampaignId: 600_001, senderColumn: 'owner' }, [target]);
    expect(lines).toContain('- "Lou Sender" (LinkedIn account 3): sends nothing, login invalid; 7 people wait for it');
    expect(lines).toContain('- "Grace Sender" (LinkedIn account 1): 3 people at 30 invitations a day, 1 day');
    expect(warnings).toContain('People who wait for a sender that sends no invitations now: 7.');
  });

  test('names senders that the campaign does not have', async () => {
    const text = sheet(['1', '2', '2', 'Max Sender', '']);
    const target = exampleCampaign({ status: 'IN_PROGRESS', campaignAccountIds: [1], ...pending(0) });
    const { lines, warnings } = await previewed({ text, toCampaignId: 600_001, senderColumn: 'owner' }, [target]);
    expect(lines[0]).toMatch(/^Add 2 people/);
    expect(warnings).toContain(
      'Rows are not sent for senders that are not in the campaign: "2" (2 rows), "Max Sender" (1 row).',
    );
  });

  test('shows the people of cells that have more text', async () => {
    const cell = '"Ada, see https://www.linkedin.com/in/ada-example"';
    const text = `profile,first name,last name\n${cell},Ada,Example`;
    const { lines } = await previewed({ text, newListName: 'Founders' }, []);
    expect(lines).toContain('- "profile" as profileUrl, such as "in/ada-example"');
  });

  test('calculates with the scarcest step of the campaign', async () => {
    const target = exampleCampaign({ status: 'PAUSED', campaignAccountIds: [1], ...pending(0) });
    const inMail = { nodeType: 'INMAIL', actionDelay: 0, actionDelayUnit: 'HOUR', payload: {} };
    const { lines } = await previewed({ toCampaignId: 600_001 }, [target], {
      '/campaign/GetCampaignSequence': { body: inMail },
    });
    expect(lines).toContain('Sender: "Grace Sender" (LinkedIn account 1): 40 people at 5 InMails a day, 8 days');
    expect(lines).toContain('They wait in the campaign and are contacted only after it is resumed.');
  });

  test('says when no sender works', async () => {
    const target = exampleCampaign({ status: 'IN_PROGRESS', campaignAccountIds: [3], ...pending(0) });
    const { warnings } = await previewed({ toCampaignId: 600_001 }, [target]);
    expect(warnings).toContain('No sender can send invitations now, so the people wait.');
  });

  const FEEDS = [
    ['IN_PROGRESS', 'contacts them now'],
    ['SCHEDULED', 'contacts them from its start on'],
    ['PAUSED', 'contacts them once it is resumed'],
    ['DRAFT', 'contacts them once it is started'],
    ['FINISHED', 'is over and does not restart'],
  ] as const;

  test.each(FEEDS)('says what a %s campaign does with people of its list', async (status, effect) => {
    const { lines } = await previewed({ toListId: 930_001 }, [exampleCampaign({ status, ...pending(0) })]);
    expect(lines).toContain(`- "Q3 founders" (campaign 600001), ${status}: ${effect}`);
    const isContacted = status === 'IN_PROGRESS' || status === 'SCHEDULED';
    expect(lines.includes('No campaign contacts them now.')).toBe(!isContacted);
    expect(lines).toContain(
      isContacted ? 'Campaigns that will contact them: 1' : 'Campaigns on the list that do not run: 1',
    );
  });

  test('names the most important of many campaigns', async () => {
    const many = ['FINISHED', 'DRAFT', 'PAUSED', 'CANCELED', 'FAILED'].map((status, at) =>
      exampleCampaign({ id: 600_001 + at, status, ...pending(0) }),
    );
    const { lines } = await previewed({ toListId: 930_001 }, many);
    const at = lines.indexOf('Campaigns on the list that do not run: 4');
    expect(lines.slice(at + 1, at + 5).map((line) => line.split('), ')[1] ?? line)).toEqual([
      'PAUSED: contacts them once it is resumed',
      'DRAFT: contacts them once it is started',
      'FAILED: contacts them once it is resumed',
      '- and 2 more',
    ]);
  });

  test.each([
    [
      [{ id: 8, name: 'founders ', listType: 'USER_LIST', totalItemsCount: 12 }],
      '"founders" (list 8), 12 entries. toListId adds to it.',
    ],
    [
      [{ id: 9, name: 'Founders', listType: 'COMPANY_LIST', totalItemsCount: 1 }],
      '"Founders" (list 9), 1 entry. It has companies.',
    ],
    [[{ id: 7, name: 'Founders 2', listType: 'USER_LIST', totalItemsCount: 3 }], undefined],
  ])('says that a new list has the name of an existing list: %j', async (items, shown) => {
    const { lines, warnings } = await previewed({ newListName: 'Founders' }, [], {
      '/list/GetAll': { body: { totalCount: 1, items } },
    });
    expect(lines[0]).toBe('Add 40 people to a new list "Founders"?');
    expect(warnings).toEqual(shown === undefined ? [] : [`A list of this name exists: ${shown}`]);
    const read = wire.sent().filter(({ path }) => path.includes('/list/GetAll'));
    expect(read.map(({ body }) => body)).toEqual([{ keyword: 'Founders', offset: 0, limit: 100 }]);
  });

  test('says when the names of lists could not be read', async () => {
    const { warnings } = await previewed({ newListName: 'Founders' }, [], {
      '/list/GetAll': { status: 403, body: {} },
    });
    expect(warnings).toEqual(['Whether a list of this name exists was not checked.']);
  });
});
