import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { CallerFiles, ResultTable } from '../../../../src/mcp/services/caller-files.ts';
import type { LocalFiles } from '../../../../src/mcp/services/local-files.ts';
import {
  checkSource,
  readSource,
  type SourceInput,
  sourceInput,
} from '../../../../src/workflows/sources/read-source.ts';
import { exampleCampaign } from '../../../support/fixtures/campaign.ts';
import { exampleLead } from '../../../support/fixtures/lead.ts';
import { evaboot } from '../../../support/fixtures/sheets.ts';
import { type HeyReachStub, startStub } from '../../../support/heyreach/heyreach-stub.ts';
import { callerOn } from '../../../support/tools/people-index.ts';

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const result: ResultTable = {
  kind: 'find_leads',
  columns: ['profileUrl', 'sent'],
  rows: [['ada-example', 3], ['mei-example']],
};

let stub: HeyReachStub;
beforeAll(async () => {
  stub = await startStub();
});
afterAll(() => stub.close());

const localFiles: LocalFiles = {
  read: async (name) =>
    name === 'leads.csv'
      ? { ok: true, bytes: Buffer.from(evaboot) }
      : { ok: false, message: 'is not there', nextStep: 'Look elsewhere.' },
};
const files: CallerFiles = {
  keep: () => Promise.reject(new Error('not used')),
  keepOutcome: () => Promise.reject(new Error('not used')),
  find: async (id) => (id === 'abc' ? result : undefined),
  uploaded: async (id) => (id === sha(evaboot) ? Buffer.from(evaboot) : undefined),
};
const read = (input: SourceInput) => readSource(input, { ...callerOn(stub.url).context, files, localFiles });

describe('exactly one source', () => {
  test('may not be blank', () => {
    const input = z.object(sourceInput());
    for (const name of ['file', 'text', 'resultId']) expect(input.safeParse({ [name]: ' ' }).success).toBe(false);
    for (const name of ['fromListId', 'fromCampaignId']) expect(input.safeParse({ [name]: 0 }).success).toBe(false);
  });

  test.each<[SourceInput & { profileUrls?: string[] }, boolean]>([
    [{ text: 'x' }, true],
    [{ profileUrls: ['x'] }, true],
    [{}, false],
    [{ text: 'x', fromListId: 1 }, false],
    [{ text: 'x', profileUrls: ['x'] }, false],
  ])('%j', (input, isRight) => {
    const problem = checkSource(input, 'profileUrls');
    if (isRight) expect(problem).toBeUndefined();
    else expect(problem).toMatch(/^exactly one of file, text, .*, profileUrls is required$/);
  });
});

describe('files and texts', () => {
  test('reads a file, with the digest of its bytes', async () => {
    const source = await read({ file: 'leads.csv' });
    expect(source).toMatchObject({ name: 'file "leads.csv"', digest: sha(evaboot), incomplete: [] });
    expect(source.rows).toHaveLength(2);
  });

  test('a text has the same digest as the same file', async () => {
    expect(await read({ text: evaboot })).toEqual({ ...(await read({ file: 'leads.csv' })), name: 'text' });
  });

  test('reads an upload of the key', async () => {
    expect(await read({ file: `up:${sha(evaboot)}` })).toMatchObject({ digest: sha(evaboot) });
    await expect(read({ file: `up:${'0'.repeat(64)}` })).rejects.toThrow('is no upload of this key');
    await expect(read({ file: 'up:../x' })).rejects.toThrow('is no upload of this key');
  });

  test('errors quote no cell, and say that nothing was sent', async () => {
    await expect(read({ file: 'none.csv' })).rejects.toMatchObject({
      message: 'File "none.csv" is not there',
      nextStep: 'Look elsewhere.',
      outcome: 'not_sent',
    });
    await expect(read({ text: 'a,"secret\n' })).rejects.toMatchObject({
      message: expect.not.stringContaining('secret'),
      outcome: 'not_sent',
    });
  });

  test('a server without files says so', async () => {
    await expect(readSource({ file: 'leads.csv' }, callerOn(stub.url).context)).rejects.toThrow('reads no files');
  });
});

describe('results of other tools', () => {
  test('converts cells to texts', async () => {
    expect(await read({ resultId: 'abc' })).toMatchObject({
      name: 'result abc',
      columns: ['profileUrl', 'sent'],
      rows: [
        ['ada-example', '3'],
        ['mei-example', ''],
      ],
    });
  });

  test('does not find a result of another key, or an old result', async () => {
    await expect(read({ resultId: 'abd' })).rejects.toMatchObject({ outcome: 'not_sent' });
  });
});

describe('lists and campaigns', () => {
  const answer = (answers: Record<string, unknown>) =>
    stub.answer(({ path }) => ({ body: Object.entries(answers).find(([route]) => path.includes(route))?.[1] }));

  test('reads the members of a list, with their custom fields', async () => {
    answer({ GetLeadsFromList: { totalCount: 1, items: [exampleLead()] } });
    const source = await read({ fromListId: 930001 });
    expect(source.columns).toEqual([
      ...['profileUrl', 'firstName', 'lastName', 'companyName', 'position', 'location', 'emailAddress', 'about'],
      ...['headline', 'team'],
    ]);
    expect(source).toMatchObject({ name: 'list 930001', customColumns: ['team'], incomplete: [] });
    expect(source.rows).toEqual([
      [
        ...['https://www.linkedin.com/in/ada-example', 'Ada', 'Example', 'Example Ltd', 'Analyst', 'London'],
        ...['ada@example.com', '', 'Analyst at Example Ltd', 'Data'],
      ],
    ]);
    expect((await read({ fromListId: 930001 })).digest).toBe(source.digest);
  });

  test('reports that a page of a list is missing', async () => {
    answer({ GetLeadsFromList: { totalCount: 3, items: [exampleLead()] } });
    const { incomplete } = await read({ fromListId: 930001 });
    expect(incomplete).toEqual([{ part: 'people of list 930001', reason: 'it changed while it was read' }]);
  });

  test('an empty list is an error', async () => {
    answer({ GetLeadsFromList: { totalCount: 0, items: [] } });
    await expect(read({ fromListId: 930001 })).rejects.toThrow('list 930001 has no people');
  });

  test('a list of companies is not an empty list of people', async () => {
    answer({
      GetLeadsFromList: { totalCount: 0, items: [] },
      'list/GetById': { id: 930149, listType: 'COMPANY_LIST' },
    });
    await expect(read({ fromListId: 930149 })).rejects.toMatchObject({
      message: 'List 930149 is of type COMPANY_LIST: it has companies, not people.',
      nextStep: 'Read it with list_companies_in_list, or find a USER_LIST with list_lists.',
    });
  });

  test.each(['DRAFT', 'SCHEDULED'])('reads the people of the list for a %s campaign', async (status) => {
    answer({
      GetLeadsFromCampaign: { totalCount: 0, items: [] },
      GetLeadsFromList: { totalCount: 1, items: [exampleLead()] },
      GetById: exampleCampaign({ status, linkedInUserListId: 930001 }),
    });
    const source = await read({ fromCampaignId: 600001 });
    expect(source).toMatchObject({ name: 'campaign 600001', incomplete: [] });
    expect(source.rows).toHaveLength(1);
  });

  test('names the list of a running campaign without inserted people', async () => {
    answer({
      GetLeadsFromCampaign: { totalCount: 0, items: [] },
      GetById: exampleCampaign({ status: 'IN_PROGRESS', linkedInUserListId: 930001 }),
    });
    await expect(read({ fromCampaignId: 600001 })).rejects.toMatchObject({
      kind: 'not_found',
      message: 'campaign 600001 shows no people',
      nextStep: expect.stringContaining('Use fromListId 930001'),
    });
  });

  test('says which list has the waiting leads, which a campaign does not show', async () => {
    answer({
      GetLeadsFromCampaign: { totalCount: 1, items: [{ id: 1, linkedInUserProfile: exampleLead() }] },
      GetById: exampleCampaign({ linkedInUserListId: 930001, progressStats: { totalUsers: 3 } }),
    });
    const { rows, incomplete } = await read({ fromCampaignId: 600001 });
    expect(rows).toHaveLength(1);
    expect(incomplete).toEqual([
      { part: '2 leads of campaign 600001', reason: expect.stringContaining('fromListId 930001 has them') },
    ]);
  });
});
