import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { connectStdio, type ToolResult } from '../../../support/clients/clients.ts';
import { evabootSheet, outcomesOf, UNWANTED_DOMAIN } from '../../../support/heyreach/evaboot.ts';
import { useSandbox } from '../../../support/programs/sandbox-harness.ts';
import { TEST_KEY } from '../../../support/runs/keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'import-'));
const unwanted = join(folder, 'do-not-contact.txt');
writeFileSync(unwanted, `${UNWANTED_DOMAIN}\n`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FILES = { HEYREACH_FILES_DIR: folder, HEYREACH_DO_NOT_CONTACT: unwanted };
const tokensOf = (result: ToolResult) => encode(JSON.stringify(result.structuredContent)).length;

interface Confirmation {
  preview: { text: string } & Record<string, unknown>;
  confirmToken: string;
}
const confirmationOf = ({ structuredContent }: ToolResult) => structuredContent?.confirmation as Confirmation;
const textOf = (result: ToolResult) => confirmationOf(result).preview.text;
const errorOf = ({ structuredContent }: ToolResult) => structuredContent?.error as Record<string, unknown>;

describe('import_leads on a sandbox', () => {
  const at = useSandbox({}, 'in-process', ['--confirm', 'token'], FILES);
  const call = (args: Record<string, unknown>) => at.peer.callTool('import_leads', args);
  const counts = {
    ...{ good: 210, duplicates: 8, companies: 6, withoutLastName: 3, running: 10, blacklisted: 2, doNotContact: 4 },
  };
  /** The number of people in each list. */
  const writes = () => [...at.sandbox.workspace.lists.values()].map(({ members }) => members.size);
  const listOf = (status: 'DRAFT' | 'IN_PROGRESS') =>
    at.sandbox.workspace.campaigns.get(at.sandbox.workspace.fixtures.campaigns[status][0]!)!.listId!;
  beforeEach(() => writeFileSync(join(folder, 'leads.csv'), evabootSheet(at.sandbox.workspace, counts)));

  test('previews a file, imports it with the token, and accounts for each row', async () => {
    const args = { file: 'leads.csv', newListName: 'Imported by a test' };
    const preview = await call(args);
    expect(confirmationOf(preview).preview).toMatchObject({
      ...{ rows: 243, toSend: 210, contacts: false },
      refused: { company_or_pub_url: 6, no_last_name: 3 },
      skipped: { duplicate: 8, in_running_campaign: 10, blacklisted: 2, do_not_contact: 4 },
    });
    expect(preview.structuredContent?.nextStep).toContain('Check the preview. If it is right, call import_leads again');
    expect(tokensOf(preview)).toBeLessThanOrEqual(1_200);
    const done = await call({ ...args, confirmToken: confirmationOf(preview).confirmToken });
    expect(tokensOf(done)).toBeLessThanOrEqual(500);
    expect(done.structuredContent).toMatchObject({
      ...{ rows: 243, sent: 210, added: 210, updated: 0, failed: 0, unaccounted: 0 },
      listSize: { before: 0, after: 210, grewBy: 210 },
    });
    const { uri = '' } = (done.structuredContent?.outcome ?? {}) as { uri?: string };
    expect(done.content).toContainEqual(expect.objectContaining({ type: 'resource_link', uri }));
    const outcomes = await outcomesOf((await at.peer.readResource(uri)).map((content) => content.text).join(''));
    expect(outcomes.map(({ row }) => row)).toEqual(Array.from({ length: 243 }, (_, index) => String(index + 1)));
    expect(outcomes.filter(({ outcome }) => outcome === 'added')).toHaveLength(210);
    expect(outcomes.filter(({ outcome }) => outcome === 'skipped:do_not_contact')).toHaveLength(4);
  });

  test('reports for each row whether it was added or updated', async () => {
    const listId = listOf('DRAFT');
    const members = [...at.sandbox.workspace.lists.get(listId)!.members.keys()].slice(0, 3);
    const slugs = members.map((id) => at.sandbox.workspace.people.get(id)!.slug);
    const rows = [...slugs, 'told-apart-example'].map(
      (slug) => `https://www.linkedin.com/in/${slug.toUpperCase()}/,Ada,Example`,
    );
    const args = { text: ['profileUrl,firstName,lastName', ...rows].join('\n'), toListId: listId, skip: [] };
    const { confirmToken } = confirmationOf(await call(args));
    const { structuredContent } = await call({ toListId: listId, skip: [], confirmToken });
    expect(structuredContent).toMatchObject({ sent: 4, added: 1, updated: 3, unaccounted: 0 });
    expect(structuredContent).not.toHaveProperty('addedOrUpdated');
    const { uri = '' } = (structuredContent?.outcome ?? {}) as { uri?: string };
    const outcomes = await outcomesOf((await at.peer.readResource(uri)).map((content) => content.text).join(''));
    expect(outcomes.map(({ outcome, wasInTarget }) => [outcome, wasInTarget])).toEqual([
      ...slugs.map(() => ['updated', 'yes']),
      ['added', 'no'],
    ]);
  });

  test('uses the rows of its token if text is omitted, and rejects other rows', async () => {
    const text = 'profileUrl,firstName,lastName\nhttps://www.linkedin.com/in/kept-example,Ada,Example\n';
    const args = { text, newListName: 'Kept by a token' };
    const preview = await call(args);
    const { confirmToken } = confirmationOf(preview);
    expect(preview.structuredContent?.nextStep).toContain('; omit text.');
    const other = await call({ ...args, text: text.replace('Ada', 'Mei'), confirmToken });
    expect(errorOf(other)).toMatchObject({ kind: 'confirmation_other_arguments' });
    const done = await call({ newListName: 'Kept by a token', confirmToken });
    expect(done.structuredContent).toMatchObject({ sent: 1, added: 1 });
    const again = await call({ newListName: 'Kept by a token', confirmToken });
    expect(errorOf(again)).toMatchObject({ kind: 'confirmation_used' });
  });

  test('needs the file again with the token of a file, and says so', async () => {
    const args = { file: 'leads.csv', newListName: 'From a file', max: 3 };
    const preview = await call(args);
    const { confirmToken } = confirmationOf(preview);
    expect(preview.structuredContent?.nextStep).not.toContain('omit');
    const { file: _, ...without } = args;
    expect(errorOf(await call({ ...without, confirmToken }))).toMatchObject({
      ...{ kind: 'confirmation_rows_needed', outcome: 'not_sent' },
      nextStep: expect.stringContaining('with text or file'),
    });
    expect((await call({ ...args, confirmToken })).structuredContent).toMatchObject({ sent: 3 });
  });

  test('imports the clear people of check_contacted by resultId, with their names', async () => {
    const first = await at.peer.callTool('check_contacted', { file: 'leads.csv', output: 'file' });
    // A checked result that is checked again keeps the names.
    const again = { resultId: first.structuredContent?.resultId, output: 'file' };
    const checked = await at.peer.callTool('check_contacted', again);
    const { resultId, verdicts } = checked.structuredContent as {
      resultId: string;
      verdicts: Record<string, number>;
    };
    const where = [{ field: 'verdict', op: 'equals', value: 'clear' }];
    const args = { resultId, where, newListName: 'Clear people' };
    const preview = await call(args);
    expect(confirmationOf(preview).preview).toMatchObject({
      toSend: 210,
      // The check leaves duplicates out.
      rows: 235,
      skipped: { filtered: 235 - verdicts.clear! },
      refused: { no_last_name: 3 },
    });
    expect(textOf(preview)).toContain('"Example, Sons & Co"');
    const done = await call({ ...args, confirmToken: confirmationOf(preview).confirmToken });
    expect(done.structuredContent).toMatchObject({ sent: 210, added: 210 });
  });

  test('imports the members of a list by resultId, with their custom fields', async () => {
    const from = listOf('IN_PROGRESS');
    const id = [...at.sandbox.workspace.lists.get(from)!.members.keys()][0]!;
    const person = at.sandbox.workspace.people.get(id)!;
    person.customFields.push({ name: 'opener', value: 'Hello there' });
    const { resultId } = (await at.peer.callTool('check_contacted', { fromListId: from, output: 'file' }))
      .structuredContent as { resultId: string };
    const where = [{ field: 'profileUrl', op: 'contains', value: person.slug }];
    const preview = await call({ resultId, where, newListName: 'With fields', skip: [] });
    // An empty skip switches the opt-outs off, so the preview warns about them.
    expect(JSON.stringify(preview.structuredContent)).toContain('People on the blacklist are not left out');
    expect(confirmationOf(preview).preview).toMatchObject({ toSend: 1 });
    expect(textOf(preview)).toContain('custom field opener');
    expect(textOf(preview)).toContain('opener "Hello there"');
  });

  test('a changed file invalidates the confirmation, and nothing is written', async () => {
    const args = { file: 'leads.csv', toListId: listOf('DRAFT') };
    const { confirmToken } = confirmationOf(await call(args));
    writeFileSync(join(folder, 'leads.csv'), evabootSheet(at.sandbox.workspace, { ...counts, good: 209 }));
    const before = writes();
    const rejected = await call({ ...args, confirmToken });
    expect(errorOf(rejected)).toMatchObject({ kind: 'confirmation_changed' });
    expect(writes()).toEqual(before);
    const other = await call({ ...args, max: 5, confirmToken: confirmationOf(rejected).confirmToken });
    expect(errorOf(other)).toMatchObject({ kind: 'confirmation_other_arguments' });
    expect(writes()).toEqual(before);
  });

  test('requires the decision of a person for a list of running campaigns', async () => {
    const preview = await call({ file: 'leads.csv', toListId: listOf('IN_PROGRESS'), max: 20 });
    expect(confirmationOf(preview).preview).toMatchObject({ contacts: true, toSend: 20 });
    expect(textOf(preview)).toContain('whose campaigns will contact them?');
    expect(textOf(preview)).toMatch(
      /^Work: 20 people at \d+ invitations a day, \d+ days?\. Senders that work: 2 of 2$/m,
    );
    expect(preview.structuredContent?.nextStep).toContain('Show the preview to the person you work for');
    expect(tokensOf(preview)).toBeLessThanOrEqual(1_200);
  });

  test('copies members of a list into a new list', async () => {
    const from = listOf('IN_PROGRESS');
    const where = [{ field: 'companyName', op: 'not_empty' }];
    const args = { fromListId: from, newListName: 'Copied by a test', where, skip: [], max: 7 };
    const preview = await call(args);
    const done = await call({ ...args, confirmToken: confirmationOf(preview).confirmToken });
    expect(done.structuredContent).toMatchObject({ sent: 7, added: 7 });
  });
});

describe('import_leads of a client with forms', () => {
  const at = useSandbox({}, 'in-process');
  const text = 'profileUrl,firstName,lastName\nhttps://www.linkedin.com/in/form-example,Ada,Example\n';

  test('asks a person only if campaigns contact people', async () => {
    const { campaigns, fixtures, lists } = at.sandbox.workspace;
    const listOf = (status: 'DRAFT' | 'IN_PROGRESS') => campaigns.get(fixtures.campaigns[status][0]!)!.listId!;
    const questions: string[] = [];
    let decision = 'Do not import';
    const peer = await connectStdio('v1', {
      env: { HEYREACH_BASE_URL: at.sandbox.url, HEYREACH_API_KEY: TEST_KEY },
      built: false,
      person: async (question) => {
        questions.push(question);
        return { action: 'accept', content: { decision } };
      },
    });
    const call = (args: object) => peer.callTool('import_leads', { text, ...args });
    try {
      const quiet = await call({ toListId: listOf('DRAFT') });
      expect(quiet.structuredContent?.nextStep).toContain('Check the preview.');
      const { confirmToken } = confirmationOf(quiet);
      const done = await peer.callTool('import_leads', { toListId: listOf('DRAFT'), confirmToken });
      expect(done.structuredContent).toMatchObject({ sent: 1, added: 1 });
      expect(questions).toEqual([]);

      const live = listOf('IN_PROGRESS');
      const before = lists.get(live)!.members.size;
      const declined = await call({ toListId: live, skip: [] });
      expect(declined.structuredContent).toMatchObject({ declined: true });
      expect(lists.get(live)!.members.size).toBe(before);
      decision = 'Import';
      expect((await call({ toListId: live, skip: [] })).structuredContent).toMatchObject({ sent: 1 });
      expect(lists.get(live)!.members.size).toBe(before + 1);
      expect(questions).toHaveLength(2);
      expect(questions[0]).toContain('whose campaigns will contact them?');
    } finally {
      await peer.close();
    }
  });
});

describe('import_leads in mode draft', () => {
  const at = useSandbox({}, 'in-process', ['--mode', 'draft'], FILES);
  test('adds people only where no campaign contacts them', async () => {
    const { campaigns, fixtures } = at.sandbox.workspace;
    const listOf = (status: 'DRAFT' | 'IN_PROGRESS') => campaigns.get(fixtures.campaigns[status][0]!)!.listId!;
    const text = 'profileUrl,firstName,lastName\nhttps://www.linkedin.com/in/draft-example,Ada,Example\n';
    const call = (toListId: number) => at.peer.callTool('import_leads', { text, toListId });
    expect((await call(listOf('DRAFT'))).structuredContent).toMatchObject({ sent: 1, added: 1 });
    expect(errorOf(await call(listOf('IN_PROGRESS')))).toMatchObject({ kind: 'draft_mode', outcome: 'not_sent' });
    const running = await at.peer.callTool('import_leads', { text, toCampaignId: fixtures.campaigns.IN_PROGRESS[0] });
    expect(errorOf(running)).toMatchObject({ kind: 'draft_mode' });
  });
});
