import { describe, expect, test } from 'vitest';
import type { ToolResult } from '../../../support/clients/clients.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { useFastTime } from '../../../support/runs/fast-time.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { rowsOf } from '../../../support/tools/tables.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';
import { describeTagTool } from './tag-tools.ts';

// Speeds up the clock, which shortens pauses and retries of the program.
useFastTime();

describeTagTool('add_lead_tags', '/lead/AddTags', [
  [['hot lead', 'old', 'tech'], 'success'],
  [['hot lead', 'old'], 'an error'],
]);

describe('add_lead_tags with several people', () => {
  const wire = useToolHarness();
  const ada = 'https://www.linkedin.com/in/ada-example';
  const mei = 'https://www.linkedin.com/in/mei-example';
  const tags = ['tech'];
  const urlOf = (body: string) => (JSON.parse(body) as { leadProfileUrl: string }).leadProfileUrl;
  const table = (result: ToolResult) => rowsOf(result, result.structuredContent?.outcomes as never);

  test('sends one request per person, and returns a row for each', async () => {
    wire.answerWith({
      '/lead/AddTags': ({ body }) => ({ body: { newAssignedTags: urlOf(body) === ada ? ['tech'] : [] } }),
    });
    const result = await wire.call('add_lead_tags', { leadProfileUrls: [ada, 'mei-example'], tags });
    expect(wire.sent().sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
      post('/api/public/lead/AddTags', { leadProfileUrl: ada, tags, createTagIfNotExisting: true }),
      post('/api/public/lead/AddTags', { leadProfileUrl: mei, tags, createTagIfNotExisting: true }),
    ]);
    expect(result.structuredContent).toEqual({
      given: 2,
      counts: { done: 2 },
      outcomes: {
        columns: ['index', 'person', 'outcome', 'newTags', 'note'],
        rows: [
          [0, 'ada-example', 'done', ['tech'], null],
          [1, 'mei-example', 'done', [], null],
        ],
      },
    });
  });

  test('names rows without a person and repeated rows, and tags the others', async () => {
    wire.answerWith({ '/lead/AddTags': { body: { newAssignedTags: ['tech'] } } });
    const leadProfileUrls = ['ada@example.com', ada, 'HTTPS://linkedin.com/in/ADA-example/?a=b', mei, 7];
    const result = await wire.call('add_lead_tags', { leadProfileUrls, tags });
    expect(wire.sent()).toHaveLength(2);
    expect(result.structuredContent?.counts).toEqual({ refused: 2, done: 2, duplicate: 1 });
    expect(table(result)).toEqual([
      {
        index: 0,
        person: 'ada@example.com',
        outcome: 'refused',
        newTags: null,
        note: expect.stringMatching(/^leadProfileUrls\[0\] must be a LinkedIn profile URL .*, not an e-mail address$/),
      },
      { index: 1, person: 'ada-example', outcome: 'done', newTags: ['tech'], note: null },
      { index: 2, person: 'ADA-example', outcome: 'duplicate', newTags: null, note: 'the person of index 1' },
      { index: 3, person: 'mei-example', outcome: 'done', newTags: ['tech'], note: null },
      {
        index: 4,
        person: '7',
        outcome: 'refused',
        newTags: null,
        note: 'leadProfileUrls[4] must be a string, got 7',
      },
    ]);
  });

  test('a failure at each position leaves the other people tagged', async () => {
    const leadProfileUrls = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `https://www.linkedin.com/in/${name}-example`);
    for (const [at, failing] of leadProfileUrls.entries()) {
      wire.answerWith({
        '/lead/AddTags': ({ body }) =>
          urlOf(body) === failing
            ? { status: 400, body: { errorMessage: 'Could not resolve the lead.' } }
            : { body: { newAssignedTags: tags } },
      });
      const result = await wire.call('add_lead_tags', { leadProfileUrls, tags });
      expect(result.isError).toBeFalsy();
      expect(result.structuredContent?.counts).toEqual({ done: 5, refused: 1 });
      expect(table(result)[at]).toMatchObject({ outcome: 'refused', note: 'Could not resolve the lead.' });
    }
  });

  test('the tags of the person decide a rejection after a lost response', async () => {
    const calls = new Map<string, number>();
    wire.answerWith({
      '/lead/AddTags': ({ body }) => {
        calls.set(urlOf(body), (calls.get(urlOf(body)) ?? 0) + 1);
        return calls.get(urlOf(body)) === 1 ? { status: 500 } : { status: 400, body: { errorMessage: 'busy' } };
      },
      '/lead/GetTags': ({ body }) =>
        body.includes('ada') ? { body: { tags } } : body.includes('mei') ? { body: { tags: [] } } : { status: 403 },
    });
    const result = await wire.call('add_lead_tags', { leadProfileUrls: [ada, mei, 'bo-example'], tags });
    expect(table(result).map(({ outcome }) => outcome)).toEqual(['done', 'refused', 'unknown']);
  });

  test('fails only when every person failed', async () => {
    wire.answerWith({ '/lead/AddTags': { status: 400, body: { errorMessage: 'no such tag' } } });
    const args = { leadProfileUrls: [ada, mei], tags, createTagIfNotExisting: false };
    const result = await wire.call('add_lead_tags', args);
    expect(result.isError).toBe(true);
    expect(result.structuredContent).toMatchObject({
      error: {
        outcome: 'refused',
        nextStep: 'Correct what the message names. With createTagIfNotExisting true, missing tags are created.',
      },
      counts: { refused: 2 },
    });
  });

  test.each([{ leadProfileUrl: ada }, { leadLinkedInId: '580000001' }])(
    'people and one person cannot be combined: %j',
    async (person) => {
      const result = await wire.call('add_lead_tags', { ...person, leadProfileUrls: [mei], tags });
      expectInvalid(result, 'leadProfileUrls cannot be combined with leadProfileUrl or leadLinkedInId');
      expect(wire.sent()).toEqual([]);
    },
  );

  test('accepts 1 to 100 people, of whom at least one is readable', async () => {
    const many = Array.from({ length: 101 }, (_, index) => `person-${index}`);
    const call = (leadProfileUrls: unknown[]) => wire.call('add_lead_tags', { leadProfileUrls, tags });
    expectInvalid(await call(many), 'leadProfileUrls must have at most 100 entries');
    expectInvalid(await call([]), 'leadProfileUrls must have at least 1 entries');
    expectInvalid(await call(['ada@example.com', 'x y']), 'leadProfileUrls[0] must be a LinkedIn profile URL');
    expect(wire.sent()).toEqual([]);
  });
});
