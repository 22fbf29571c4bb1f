import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HeyReachClient, HeyReachConnection } from '../../../../src/client/index.ts';
import { type Sandbox, startSandbox } from '../../../../src/sandbox/index.ts';
import { lintSequence } from '../../../../src/workflows/sequence/lint.ts';
import { renderSequence } from '../../../../src/workflows/sequence/render.ts';
import { findingLine } from '../../../../src/workflows/shared/finding.ts';
import { TEST_KEY } from '../../../support/runs/keys.ts';
import { end, message, type TestNode } from '../../../support/tools/sequences.ts';

let sandbox: Sandbox;
let connection: HeyReachConnection;
let client: HeyReachClient;
const call = {};

beforeAll(async () => {
  sandbox = await startSandbox({ clock: 'manual', rateLimit: false });
  connection = new HeyReachConnection({ origin: sandbox.url });
  client = connection.clientFor(TEST_KEY);
});
afterAll(async () => {
  await connection.close();
  await sandbox.close();
});

/** A campaign's sequence and the rows of its list, as HeyReach returns them. */
async function read(campaignId: number) {
  const [campaign, sequence] = await Promise.all([
    client.campaigns.getById({ campaignId }, call),
    client.campaigns.getSequence({ campaignId }, call),
  ]);
  const listId = campaign.linkedInUserListId;
  const page = listId == null ? undefined : await client.lists.getLeads({ listId, offset: 0, limit: 1_000 }, call);
  return { sequence, leads: page?.items ?? [] };
}

test('a ready campaign warns only about the six leads without a company, in step 2', async () => {
  const { sequence, leads } = await read(600_229);
  const companies = leads.filter(({ companyName }) => (companyName ?? '') === '');
  expect([companies.length, leads.length]).toEqual([6, 100]);
  expect(lintSequence(sequence, { leads }).map(findingLine)).toEqual([
    'Leads have no `COMPANY`: they get the fallback (step 2 MESSAGE at sequence.conditionalNode; 6 of 100 leads). Read the fallback, or complete the leads.',
  ]);
});

test('a campaign without a sequence has a finding with severity stop', async () => {
  const { sequence, leads } = await read(600_290);
  expect(lintSequence(sequence, { leads })).toEqual([
    expect.objectContaining({ severity: 'stop', problem: 'The campaign has no sequence' }),
  ]);
});

test('every other sequence of the sandbox has no finding with severity stop', async () => {
  const { items } = await client.campaigns.getAll({ offset: 0, limit: 100 }, call);
  const ids = (items ?? []).flatMap(({ id }) => id ?? []).filter((id) => id !== 600_290);
  expect(ids.length).toBeGreaterThan(5);
  for (const id of ids) {
    const { sequence, leads } = await read(id);
    expect(
      lintSequence(sequence, { leads }).filter(({ severity }) => severity === 'stop'),
      `campaign ${id}`,
    ).toEqual([]);
  }
});

/** Four messages of the longest length, with a variable. */
const longSequence = (words: string) =>
  [1, 2, 3, 4].reduce<TestNode>(
    (next, index) => message([`{FIRST_NAME} ${index} ${words.repeat(1_000).slice(0, 7_900)}`], 'Hello', next),
    end(),
  );

test.each([
  ['the ready campaign', 'draftReadyToStart', undefined],
  ['the deepest sequence', 'deepSequenceCampaign', undefined],
  ['four long texts', 'draftReadyToStart', 'A few of our customers asked for this. '],
  ['four long texts in Cyrillic', 'draftReadyToStart', 'Несколько наших клиентов просили об этом. '],
  ['four long texts in Japanese', 'draftReadyToStart', '何人かのお客様からご要望がありました。'],
] as const)('three renderings are at most 900 tokens: %s', async (_, fixture, words) => {
  const { sequence, leads } = await read(sandbox.workspace.fixtures[fixture]);
  const rendered = renderSequence(words === undefined ? sequence : longSequence(words), leads, 3);
  expect(rendered.map(({ chosenFor }) => chosenFor)).toEqual(['most fields', 'fewest fields', 'non-Latin name']);
  expect(rendered.some(({ texts }) => texts.length < 3)).toBe(false);
  const tokens = encode(JSON.stringify(rendered)).length;
  expect(tokens).toBeGreaterThan(300);
  expect(tokens).toBeLessThanOrEqual(900);
});
