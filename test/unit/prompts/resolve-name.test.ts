import { expect, test } from 'vitest';
import { resolveCampaign, resolveSender } from '../../../src/prompts/resolve-name.ts';
import { callerOn } from '../../support/tools/people-index.ts';
import { useToolHarness } from '../../support/tools/tool-harness.ts';

const wire = useToolHarness();
const context = () => callerOn(wire.stub.url).context;

const page = (items: object[], totalCount = items.length) => ({ body: { totalCount, items } });
const CAMPAIGNS = [
  { id: 600113, name: 'Founders  Q3' },
  { id: 600061, name: 'founders q4' },
  { id: 600001, name: 'Founders' },
  { id: 600229, name: 'Zürich' },
  { id: 600290, name: '600113' },
  { id: 600300, name: 'Straße σοφος' },
  { id: 600301, name: 'Основатели' },
];

function answerCampaigns() {
  wire.answerWith({
    '/campaign/GetAll': page(CAMPAIGNS),
    '/campaign/GetById': ({ path }) => {
      const campaign = CAMPAIGNS.find(({ id }) => path.endsWith(`=${id}`));
      return campaign === undefined
        ? { status: 404, body: { errorMessage: 'Campaign with id 7 was not found.' } }
        : { body: campaign };
    },
  });
}

test.each([
  ['founders', 600001],
  ['  FOUNDERS q3 ', 600113],
  ['Zu\u0308rich', 600229],
  ['zür', 600229],
  ['STRASSE ΣΟΦΟΣ', 600300],
  ['straße σοφοσ', 600300],
  ['600113', 600113],
])('%j is the campaign %i', async (text, id) => {
  answerCampaigns();
  expect(await resolveCampaign(text, context())).toMatchObject({ ok: true, id });
});

test('requires the id if two match, and names both', async () => {
  answerCampaigns();
  expect(await resolveCampaign('founders q', context())).toEqual({
    ok: false,
    reason: '2 campaigns match "founders q": "Founders Q3" (600113), "founders q4" (600061). Give the id.',
  });
});

test('names the most similar if none matches', async () => {
  answerCampaigns();
  expect(await resolveCampaign('Foundrs Q4', context())).toEqual({
    ok: false,
    reason: 'No campaign is named "Foundrs Q4". The nearest is "founders q4" (600061).',
  });
  expect(await resolveCampaign('страсе', context())).toEqual({ ok: false, reason: 'No campaign is named "страсе".' });
  expect(await resolveCampaign('Осноователи', context())).toMatchObject({
    reason: 'No campaign is named "Осноователи". The nearest is "Основатели" (600301).',
  });
  expect(await resolveCampaign('7', context())).toEqual({ ok: false, reason: 'No campaign is named "7".' });
});

test('finds senders too, with one request each', async () => {
  wire.answerWith({
    '/li_account/GetAll': page([{ id: 170001, firstName: 'Grace', lastName: 'Sender' }]),
    '/campaign/GetAll': page([{ id: 600049, name: 'Partners' }]),
  });
  expect(await resolveSender('grace', context())).toEqual({ ok: true, id: 170001, name: 'Grace Sender' });
  expect(await resolveCampaign('PARTNERS', context())).toEqual({ ok: true, id: 600049, name: 'Partners' });
  expect(wire.sent().map(({ path }) => path)).toEqual(['/api/public/li_account/GetAll', '/api/public/campaign/GetAll']);
});

test('finds others with the keyword search above 1,000 campaigns, and the reason says how many were compared', async () => {
  const all = Array.from({ length: 1_200 }, (_, at) => ({
    id: at + 1,
    name: at === 1_150 ? 'Late one' : `Campaign ${at}`,
  }));
  wire.answerWith({
    '/campaign/GetAll': ({ body }) => {
      const { offset, limit, keyword = '' } = JSON.parse(body);
      const matches = all.filter(({ name }) => name.toLowerCase().includes(keyword.toLowerCase()));
      return page(matches.slice(offset, offset + limit), matches.length);
    },
  });
  expect(await resolveCampaign('late one', context())).toEqual({ ok: true, id: 1_151, name: 'Late one' });
  expect(await resolveCampaign('absent', context())).toEqual({
    ok: false,
    reason: 'No campaign is named "absent". Only the first 1000 campaigns were compared.',
  });
});
