import { describe, expect, test } from 'vitest';
import { useApp } from './app-host.ts';
import { findBarriers } from './barriers.ts';

const COLUMNS = ['campaignId', 'name', 'status', 'acceptance', 'reply', 'interested', 'note'];
const ROWS = [
  [1, 'Beta', 'IN_PROGRESS', [10, 40, 0.25, 0.2, 5], [4, 10, 0.4], 2, null],
  [2, 'alpha', 'PAUSED', [30, 40, 0.75, 0.8, -5], null, 9, 'small'],
  [3, '模板 陈', 'DRAFT', null, [1, 20, 0.05], 0, null],
];

function resultOf(rows: unknown[][], further: object = {}) {
  const data = {
    period: { startDate: '2026-11-01', endDate: '2026-11-03', days: 3 },
    before: { startDate: '2026-10-29', endDate: '2026-10-31' },
    totals: { sent: 80, acceptance: 0.5, acceptanceBefore: 0.45, reply: 0.17, replyBefore: 0.2, interested: 1_234 },
    totalRows: rows.length,
    columns: COLUMNS,
    rows,
    howCounted: 'Rates compare events within the period.',
    ...further,
  };
  return { content: [{ type: 'text', text: JSON.stringify(data) }], structuredContent: data };
}

const DAYS = [
  { day: '2026-11-01', connectionsAccepted: 4 },
  { day: '2026-11-02', totalMessageReplies: 2, totalInmailReplies: 1 },
  { day: '2026-11-03' },
];
const answerDays = () => ({ content: [], structuredContent: { byDay: DAYS } });

const at = useApp('get_performance');
const rows = () => at.view.frame.locator('.scroll tbody tr');
const names = () => at.view.frame.locator('.scroll tbody th > div:first-child').allTextContents();
const sortButton = (name: string) => at.view.frame.getByRole('button', { name, exact: true });
const sortOf = (name: string) => at.view.frame.getByRole('columnheader', { name }).getAttribute('aria-sort');
const note = () => at.view.frame.locator('main > .note').first().textContent();

describe('a result of the server', () => {
  test('has its totals, a row per campaign, and a line per day', async () => {
    await at.open();
    const { totals, rows: resultRows } = (await at.host.peer.callTool('get_performance', {})).structuredContent as {
      totals: { sent: number };
      rows: unknown[][];
    };
    await expect.poll(() => rows().count()).toBe(resultRows.length);
    expect(await names()).toEqual(resultRows.map((row) => row[1]));
    expect(await at.view.frame.locator('.totals').textContent()).toContain(`Invitations${totals.sent}`);
    await expect.poll(() => at.view.frame.locator('polyline').count()).toBe(2);
    const points = (await at.view.frame.locator('polyline').first().getAttribute('points'))!.split(' ');
    expect(points).toHaveLength(30);
    const period = { startDate: expect.stringMatching(/^\d{4}-/), endDate: expect.stringMatching(/^\d{4}-/) };
    expect(at.view.calls).toEqual([['get_overall_stats', { ...period, byDay: true }]]);
  });

  test.each(['sender', 'week', 'campaign_and_sender'])('by %s', async (by) => {
    await at.open({}, { by });
    await expect.poll(() => rows().count()).toBeGreaterThan(1);
    expect((await names()).filter((name) => name === '(no name)')).toEqual([]);
  });

  test('shows the period, the comparison, the unfinished day and the filter', async () => {
    const period = { startDate: '2026-11-01', endDate: '2026-11-30', days: 30, partialDay: '2026-11-30' };
    await at.open({ result: resultOf(ROWS, { period, leftOut: { tooSmall: 1, otherRate: 2 } }), answer: answerDays });
    await expect
      .poll(note)
      .toBe('Nov 1, 2026 – Nov 30, 2026, compared with Oct 29, 2026 – Oct 31, 2026. Nov 30 is not over.');
    expect(await at.view.frame.locator('main').textContent()).toContain('The filter leaves out 3 rows.');
    expect(await at.view.frame.locator('main').textContent()).toContain('Rates compare events within the period.');
  });

  test('shows rates with their numbers, their change and a bar', async () => {
    await at.open({ result: resultOf(ROWS), answer: answerDays });
    await expect.poll(() => rows().count()).toBe(3);
    expect(await rows().nth(1).locator('td').first().textContent()).toBe('75%▼ -5 pts30 of 40');
    expect(await rows().nth(1).locator('.value').getAttribute('width')).toBe('75');
    expect(await rows().nth(1).locator('.mark').getAttribute('x')).toBe('80');
    expect(await rows().nth(2).locator('td').first().textContent()).toBe('–');
    expect(await at.view.frame.locator('.totals').textContent()).toBe(
      'Invitations80Acceptance50% ▲ +5 ptsReplies17% ▼ -3 ptsInterested1,234',
    );
  });
});

describe('the daily chart', () => {
  test('has the filters of the call, and shows its content in words and numbers', async () => {
    await at.open(
      { result: resultOf(ROWS), answer: answerDays },
      { linkedInAccountIds: [7], campaignIds: [1, 2], workspace: 'north' },
    );
    await expect
      .poll(() => at.view.frame.getByRole('img').getAttribute('aria-label'))
      .toBe('Per day, Accepted invitations: 4 in all, most on Nov 1 with 4; Replies: 3 in all, most on Nov 2 with 3');
    const period = { startDate: '2026-11-01', endDate: '2026-11-03' };
    expect(at.view.calls).toEqual([
      ['get_overall_stats', { accountIds: [7], campaignIds: [1, 2], ...period, byDay: true, workspace: 'north' }],
    ]);
    expect(await at.view.frame.locator('polyline.accepted').getAttribute('points')).toBe(
      '0.0,0.0 300.0,120.0 600.0,120.0',
    );
    await at.view.frame.getByText('Numbers by day').click();
    const cells = at.view.frame.locator('details tbody tr').nth(1).locator('th, td');
    expect(await cells.allTextContents()).toEqual(['Nov 2', '0', '3']);
  });

  test('loads the days that the server left out', async () => {
    await at.open({
      result: resultOf(ROWS),
      answer: (_, { startDate }) => ({
        content: [],
        structuredContent:
          startDate === '2026-11-01'
            ? { byDay: DAYS.slice(0, 1), nextStartDate: '2026-11-02' }
            : { byDay: DAYS.slice(1) },
      }),
    });
    await expect.poll(() => at.view.frame.locator('details tbody tr').count()).toBe(3);
    expect(at.view.calls).toHaveLength(2);
  });

  test('the table remains after its failure', async () => {
    const error = { kind: 'api', message: 'HeyReach is not available.', nextStep: 'Retry.', outcome: 'not_sent' };
    await at.open({
      result: resultOf(ROWS),
      answer: () => ({ content: [], isError: true, structuredContent: { error } }),
    });
    await expect
      .poll(() => at.view.frame.locator('figure').textContent())
      .toBe('The days could not be read. HeyReach is not available.');
    expect(await rows().count()).toBe(3);
  });

  test('is absent if the host does not forward calls', async () => {
    await at.open({ result: resultOf(ROWS), capabilities: {} });
    await expect.poll(() => rows().count()).toBe(3);
    expect(await at.view.frame.locator('figure').count()).toBe(0);
    expect(at.view.calls).toEqual([]);
  });
});

describe('sorting by keyboard', () => {
  test('reverses the order, keeps empty cells last and the focus in place, and announces the order', async () => {
    await at.open({ result: resultOf(ROWS), answer: answerDays });
    await sortButton('Acceptance').focus();
    await at.view.page.keyboard.press('Enter');
    await expect.poll(names).toEqual(['alpha', 'Beta', '模板 陈']);
    expect(await sortOf('Acceptance')).toBe('descending');
    expect(await at.view.frame.locator('body > [role=status]').textContent()).toBe('Sorted by Acceptance, descending.');
    await at.view.page.keyboard.press('Space');
    await expect.poll(names).toEqual(['Beta', 'alpha', '模板 陈']);
    expect(await sortOf('Acceptance')).toBe('ascending');
    expect(await at.view.evaluate('document.activeElement.textContent')).toBe('Acceptance');
    await at.view.page.keyboard.press('Tab');
    await at.view.page.keyboard.press('Enter');
    await expect.poll(names).toEqual(['Beta', '模板 陈', 'alpha']);
    expect([await sortOf('Acceptance'), await sortOf('Replies')]).toEqual([null, 'descending']);
  });

  test('sorts names from A to Z, whatever their case', async () => {
    await at.open({ result: resultOf(ROWS), answer: answerDays });
    await sortButton('Name').click();
    await expect.poll(names).toEqual(['alpha', 'Beta', '模板 陈']);
    expect(await sortOf('Name')).toBe('ascending');
  });

  test('applies to further rows', async () => {
    await at.open({
      result: resultOf(ROWS, { nextCursor: 'next' }),
      answer: (name) =>
        name === 'get_performance' ? resultOf([[4, 'Omega', 'PAUSED', null, null, 50, null]]) : answerDays(),
    });
    await sortButton('Interested').click();
    await at.view.frame.getByRole('button', { name: 'Show more rows' }).click();
    await expect.poll(names).toEqual(['Omega', 'alpha', 'Beta', '模板 陈']);
    expect(at.view.calls.at(-1)).toEqual(['get_performance', { cursor: 'next' }]);
  });
});

describe('states and texts', () => {
  test('empty, loading and error', async () => {
    await at.open({ result: null });
    await expect.poll(() => at.view.frame.locator('main').textContent()).toBe('Loading …');
    await at.view.host('sendResult', resultOf([]));
    await expect
      .poll(() => at.view.frame.locator('main').textContent())
      .toContain('There are no results in this period.');
    const error = { kind: 'api', message: 'HeyReach said no.', nextStep: 'Check the key.', outcome: 'refused' };
    await at.view.host('sendResult', { content: [], isError: true, structuredContent: { error } });
    await expect
      .poll(() => at.view.frame.getByRole('alert').textContent())
      .toContain('HeyReach said no.Check the key.');
  });

  test('several workspaces have a table each, and no daily chart', async () => {
    const { columns, rows: resultRows, ...counts } = resultOf(ROWS).structuredContent;
    const workspaces = ['north', 'south'].map((workspace) => ({ workspace, ...counts }));
    const tables = workspaces.map(({ workspace }) => ({ workspace, columns, rows: resultRows }));
    await at.open({ result: { content: [], structuredContent: { workspaces, tables } } }, { workspace: 'all' });
    await expect.poll(() => rows().count()).toBe(6);
    expect(await at.view.frame.getByRole('heading', { level: 2 }).allTextContents()).toEqual(['north', 'south']);
    expect(at.view.calls).toEqual([]);
  });

  test('names of other people stay plain text, in their own direction', async () => {
    const hostile = '<img src=x onerror="alert(1)"></script><script>alert(2)</script>';
    const arabic = 'مثال العربية';
    const renamed = [hostile, arabic].map((name, index) => ROWS[index]!.map((cell, at) => (at === 1 ? name : cell)));
    await at.open({ result: resultOf(renamed), answer: answerDays });
    await expect.poll(names).toEqual([hostile, arabic]);
    expect(await at.view.evaluate('document.querySelectorAll("img, main script").length')).toBe(0);
    const directions = 'document.querySelectorAll(".scroll tbody th > div:first-child")';
    expect(await at.view.evaluate(`[...${directions}].map((name) => getComputedStyle(name).direction)`)).toEqual([
      'ltr',
      'rtl',
    ]);
  });
});

test.each([320, 720])('no accessibility problems, in light and dark, %i px wide', async (width) => {
  await at.open({ width });
  await at.view.frame.getByText('Numbers by day').click();
  await sortButton('Replies').click();
  for (const theme of ['light', 'dark']) {
    await at.view.host('changeContext', { theme });
    await expect.poll(() => at.view.evaluate('document.documentElement.style.colorScheme')).toBe(theme);
    expect(await findBarriers(at.view)).toEqual([]);
  }
  // Only the table scrolls.
  expect(await at.view.evaluate('document.documentElement.scrollWidth')).toBe(width);
});
