import { describe, expect, test } from 'vitest';
import type { LeadList } from '../../../../src/sandbox/index.ts';
import {
  ask,
  campaignNamed,
  changesSince,
  confirm,
  expectChanged,
  leadRow,
  linesOf,
  listNamed,
  textOf,
  useAsking,
} from '../../../support/clients/elicitation.ts';
import { type Sandboxed, useSandbox } from '../../../support/programs/sandbox-harness.ts';
import { inFastTime } from '../../../support/runs/fast-time.ts';

const queued = useSandbox({}, 'in-process', ['--confirm', 'ask']);

const has = (list: LeadList, { sandbox }: Sandboxed, slug: string) =>
  list.members.has(sandbox.workspace.slugs.get(slug) ?? '');

describe.each([
  ['add_leads_to_list', 'POST /list/AddLeadsToListV2'],
  ['add_leads_to_list_v1', 'POST /list/AddLeadsToList'],
])('%s', (tool, request) => {
  const at = useAsking();

  test('shows the campaigns and the people they will contact, and adds them once confirmed', async () => {
    const list = listNamed(at, 'Founders, autumn');
    const args = { listId: list.id, leads: [leadRow('jane'), leadRow('john', { firstName: '' })] };
    const { id } = campaignNamed(at, 'Founders, autumn');
    const shown = await ask(at, tool, args);
    expect(linesOf(shown)).toEqual([
      'Add 1 person to the list "Founders, autumn", used by 1 campaign that will contact them?',
      `List: "Founders, autumn" (list ${list.id}), 140 entries`,
      'Campaigns that will contact them: 1',
      `- "Founders, autumn" (campaign ${id}), IN_PROGRESS`,
      'People to add: 1 of 2 rows',
      'Their senders: 2',
      '- "Grace Sender" (LinkedIn account 170001)',
      '- "Tomás Remitente" (LinkedIn account 170138)',
      'Warning: These campaigns contact the new leads automatically. A SCHEDULED campaign does so once it starts.',
      expect.stringMatching(/^Warning: "Founders, autumn": The fallbackMessage has variables too/),
      'Warning: Rows not sent, because HeyReach would drop or reject them: 1, row 1 (firstName is missing, and HeyReach silently drops leads without a name).',
      'People:',
      '- "Jane Example", "Example GmbH" (in/jane-example)',
    ]);
    expect(shown.preview).toMatchObject({
      list: { listId: list.id, name: 'Founders, autumn', totalItemsCount: 140 },
      campaigns: [{ campaignId: id, name: 'Founders, autumn', status: 'IN_PROGRESS' }],
      toSend: 1,
      refused: 1,
    });
    expect(has(list, at, 'jane-example')).toBe(false);
    const { data, sent } = await confirm(at, tool, args, shown);
    expect(sent).toEqual([request]);
    expect(data).toMatchObject({ sent: 1, added: 1 });
    expect(has(list, at, 'jane-example')).toBe(true);
  });

  test.each([
    ['Fair visitors', 'STARTING'],
    ['Newsletter readers', 'SCHEDULED'],
  ])('requires confirmation for %s, whose campaign is %s', async (name, status) => {
    const { preview } = await ask(at, tool, { listId: listNamed(at, name).id, leads: [leadRow('jane')] });
    expect(textOf({ preview })).toMatch(new RegExp(`Campaigns that will contact them: 1\\n- .*, ${status}\\n`));
  });

  test.each(['Partners to be', 'Emptied list'])(
    'requires no confirmation for %s, whose campaigns are not running',
    async (name) => {
      const list = listNamed(at, name);
      const result = await at.peer.callTool(tool, { listId: list.id, leads: [leadRow('quiet')] });
      expect(result.isError).toBeFalsy();
      expect(result.structuredContent).toMatchObject({ sent: 1, added: 1 });
      expect(result.structuredContent).not.toHaveProperty('confirmation');
      expect(has(list, at, 'quiet-example')).toBe(true);
    },
  );

  test('requires confirmation when only the campaign names the list', async () => {
    const { id } = listNamed(at, 'Heads of sales');
    const value = { id, name: 'Heads of sales', listType: 'USER_LIST', totalItemsCount: 120, campaignIds: null };
    at.sandbox.faults.add({ match: { path: '/list/GetById' }, kind: 'wrongJson', value });
    const { preview } = await ask(at, tool, { listId: id, leads: [leadRow('jane')] });
    expect(preview).toMatchObject({ campaigns: [{ name: 'Heads of sales', status: 'IN_PROGRESS' }] });
  });

  test('requires confirmation when the list names a running campaign that the listing omits', async () => {
    const value = { totalCount: 0, items: [] };
    at.sandbox.faults.add({ match: { path: '/campaign/GetAll' }, kind: 'wrongJson', value });
    const { preview } = await ask(at, tool, { listId: listNamed(at, 'Heads of sales').id, leads: [leadRow('jane')] });
    expect(preview).toMatchObject({ campaigns: [{ name: 'Heads of sales', status: 'IN_PROGRESS' }] });
  });

  test('requires a new confirmation after another campaign on the list started', async () => {
    const list = listNamed(at, 'Fair visitors');
    const args = { listId: list.id, leads: [leadRow('late')] };
    const shown = await ask(at, tool, args);
    const paused = campaignNamed(at, 'Fair follow-up');
    paused.status = 'IN_PROGRESS';
    const fresh = await expectChanged(at, tool, args, shown);
    expect(textOf(fresh)).toContain('used by 2 campaigns that will contact them?');
    expect(textOf(fresh)).toContain('"Fair follow-up"');
    expect(has(list, at, 'late-example')).toBe(false);
    paused.status = 'PAUSED';
  });

  test('stays confirmed when no campaign on the list is running any more', async () => {
    const list = listNamed(at, 'Agencies');
    const args = { listId: list.id, leads: [leadRow('jane')] };
    const shown = await ask(at, tool, args);
    campaignNamed(at, 'Agencies by InMail 💼').status = 'PAUSED';
    const { sent } = await confirm(at, tool, args, shown);
    expect(sent).toEqual([request]);
    expect(has(list, at, 'jane-example')).toBe(true);
  });

  test('sends nothing when a campaign of the list cannot be read', async () => {
    at.sandbox.faults.add({ match: { path: '/campaign/GetById' }, kind: 'status', status: 403 });
    const list = listNamed(at, 'Emptied list');
    const before = at.sandbox.requests.length;
    const result = await at.peer.callTool(tool, { listId: list.id, leads: [leadRow('unread')] });
    expect(result.structuredContent?.error).toMatchObject({ kind: 'forbidden' });
    expect(changesSince(at, before)).toEqual([]);
    expect(has(list, at, 'unread-example')).toBe(false);
  });

  test('counts campaigns beyond the read limit as running', async () => {
    const { workspace } = at.sandbox;
    const draft = campaignNamed(at, 'Partners, second try');
    const list = { ...listNamed(at, 'Emptied list'), id: 999_000, name: 'Much used' };
    workspace.lists.set(list.id, list);
    for (let id = 999_001; id <= 999_012; id += 1) workspace.campaigns.set(id, { ...draft, id, listId: list.id });
    const { preview } = await ask(at, tool, { listId: list.id, leads: [leadRow('jane')] });
    expect(textOf({ preview })).toContain('used by 2 campaigns that will contact them?');
    expect(textOf({ preview })).toContain('\nAnd 2 more campaigns, not read and assumed to be running\n');
    expect(preview).toMatchObject({ campaigns: [], moreCampaigns: 2 });
  });

  test('fails without a confirmation when no row can be sent', async () => {
    const leads = [leadRow('jane', { lastName: '' })];
    const result = await at.peer.callTool(tool, { listId: listNamed(at, 'Founders, autumn').id, leads });
    expect(result.structuredContent?.error).toMatchObject({ kind: 'invalid_input', outcome: 'not_sent' });
    expect(result.structuredContent).not.toHaveProperty('confirmation');
  });
});

describe('remove_leads_from_list', () => {
  const at = useAsking();
  const tool = 'remove_leads_from_list';

  test('shows the people and the list, and removes them once confirmed', async () => {
    const list = listNamed(at, 'Founders, autumn');
    const [ada = '', leslie = ''] = list.members.keys();
    const { id } = campaignNamed(at, 'Founders, autumn');
    const args = { listId: list.id, leadMemberIds: [ada, leslie, '1234567'] };
    const shown = await ask(at, tool, args);
    expect(linesOf(shown)).toEqual([
      'Remove 3 people from the list "Founders, autumn"?',
      `List: "Founders, autumn" (list ${list.id}), 140 entries`,
      'People to remove: 3',
      'Campaigns on the list: 1',
      `- "Founders, autumn" (campaign ${id}), IN_PROGRESS`,
      'Warning: This cannot be undone. To restore these people, they must be added again with all their data.',
      'Warning: A campaign on the list is running. It may go on contacting people it has already started with. stop_lead_in_campaign stops that.',
      'Warning: Not in the list: 1 of the 3.',
      'People:',
      '- "Ada Example", "Example Ltd" (in/ada-example-1a2b)',
      expect.stringMatching(/^- "Leslie Fictional", "Placeholder GmbH" \(in\/leslie-/),
      '- "1234567" (not in the list)',
    ]);
    expect(shown.preview).toMatchObject({
      list: { listId: list.id, name: 'Founders, autumn', totalItemsCount: 140 },
      given: 3,
      notInList: 1,
      people: [
        { given: ada, name: 'Ada Example', profileUrl: 'https://www.linkedin.com/in/ada-example-1a2b' },
        { given: leslie, name: 'Leslie Fictional' },
        { given: '1234567' },
      ],
      campaigns: [{ campaignId: id, status: 'IN_PROGRESS' }],
    });
    expect(list.members.size).toBe(140);
    const { data, sent } = await confirm(at, tool, args, shown);
    expect(sent).toEqual(['DELETE /list/DeleteLeadsFromList']);
    expect(data).toMatchObject({ given: 3, accepted: 3 });
    expect(list.members.size).toBe(138);
  });

  test('shows the first five of many', async () => {
    const list = listNamed(at, 'Partners to be');
    const leadMemberIds = [...list.members.keys()].slice(0, 30);
    const { preview } = await ask(at, tool, { listId: list.id, leadMemberIds });
    expect(linesOf({ preview }).slice(-7)).toEqual([
      'People:',
      ...Array.from({ length: 5 }, () => expect.stringMatching(/^- ".+" \(in\/.+\)$/)),
      '- and 25 more',
    ]);
    expect(preview.text).not.toContain('://');
    expect(textOf({ preview })).not.toContain('running');
  });

  test('shows the given ids when names cannot be read', async () => {
    at.sandbox.faults.add({ match: { path: '/list/GetLeadsFromList' }, kind: 'status', status: 400 });
    const list = listNamed(at, 'Partners to be');
    const { preview } = await ask(at, tool, { listId: list.id, leadMemberIds: ['1234567'] });
    expect(textOf({ preview })).toContain('People to remove: 1\nTheir names could not be read.\n');
    expect(preview).not.toHaveProperty('notInList');
  });

  test('does not report absent people when one page does not contain the whole list', async () => {
    const value = { totalCount: 5_000, items: [] };
    at.sandbox.faults.add({ match: { path: '/list/GetLeadsFromList' }, kind: 'wrongJson', value });
    const list = listNamed(at, 'Partners to be');
    const { preview } = await ask(at, tool, { listId: list.id, leadMemberIds: ['1234567'] });
    expect(textOf({ preview })).not.toContain('not in the list');
    expect(preview).not.toHaveProperty('notInList');
  });

  test('requires a new confirmation after a campaign on the list started, but not for a new size', async () => {
    const list = listNamed(at, 'Partners to be');
    const [first = ''] = list.members.keys();
    const args = { listId: list.id, leadMemberIds: [first] };
    const shown = await ask(at, tool, args);
    expect(shown.preview.warnings).toHaveLength(1);
    const draft = campaignNamed(at, 'Partners, second try');
    draft.status = 'IN_PROGRESS';
    const fresh = await expectChanged(at, tool, args, shown);
    expect(textOf(fresh)).toContain('"Partners, second try"');
    expect(fresh.preview.warnings).toHaveLength(2);
    expect(list.members.has(first)).toBe(true);
    list.members.set('580000001', 0);
    await confirm(at, tool, args, fresh);
    expect(list.members.has(first)).toBe(false);
  });
});

describe('remove_leads_from_list_by_url', () => {
  const at = useAsking();
  const tool = 'remove_leads_from_list_by_url';

  test('shows the people for every spelling of a URL, and removes them once confirmed', async () => {
    const list = listNamed(at, 'Founders, autumn');
    const args = {
      listId: list.id,
      profileUrls: [
        'linkedin.com/in/ADA-example-1a2b/',
        'https://www.linkedin.com/in/unknown-example',
        'https://www.linkedin.com/sales/lead/ACwAAExample,NAME',
      ],
    };
    const shown = await ask(at, tool, args);
    expect(textOf(shown)).toContain(
      [
        'Remove 3 people from the list "Founders, autumn"?',
        `List: "Founders, autumn" (list ${list.id}), 140 entries`,
        'People to remove: 3',
        'Campaigns on the list: 1',
      ].join('\n'),
    );
    expect(linesOf(shown).slice(-4)).toEqual([
      'People:',
      '- "Ada Example", "Example Ltd" (in/ada-example-1a2b)',
      '- in/unknown-example (not in the list)',
      '- sales/ACwAAExample',
    ]);
    expect(shown.preview).toMatchObject({ given: 3, notInList: 1 });
    const { data, sent } = await confirm(at, tool, args, shown);
    expect(sent).toEqual(['DELETE /list/DeleteLeadsFromListByProfileUrl']);
    expect(data).toMatchObject({ accepted: 3, notFound: { length: 2 } });
    expect(list.members.size).toBe(139);
  });

  test('requires a new confirmation after the status of a campaign on the list changed', async () => {
    const list = listNamed(at, 'Heads of sales');
    const [first = ''] = list.members.keys();
    const args = { listId: list.id, profileUrls: [at.sandbox.workspace.people.get(first)!.profileUrl] };
    const shown = await ask(at, tool, args);
    expect(textOf(shown)).toContain('), IN_PROGRESS');
    campaignNamed(at, 'Heads of sales').status = 'PAUSED';
    const fresh = await expectChanged(at, tool, args, shown);
    expect(textOf(fresh)).toContain('), PAUSED');
    expect(list.members.has(first)).toBe(true);
  });
});

test('requires confirmation when a running campaign begins to use the list while the add is queued', async () => {
  const at = queued;
  const args = { listId: at.sandbox.workspace.fixtures.emptyList, leads: [leadRow('jane')] };
  const add = '/list/AddLeadsToListV2';
  at.sandbox.faults.add({ match: { path: add }, kind: 'rateLimit', retryAfter: '2' });
  const result = await inFastTime(async () => {
    const adding = at.peer.callTool('add_leads_to_list', args);
    const sent = () => at.sandbox.requests.filter(({ path }) => path.includes(add)).length;
    await expect.poll(sent, { interval: 1 }).toBe(1);
    const feeding = [...at.sandbox.workspace.campaigns.values()].find(({ listId }) => listId === args.listId)!;
    feeding.status = 'IN_PROGRESS';
    return adding;
  });
  expect(result.structuredContent?.error).toMatchObject({ kind: 'changed', outcome: 'not_sent' });
  expect(at.sandbox.requests.filter(({ path }) => path.includes(add))).toHaveLength(1);
});
