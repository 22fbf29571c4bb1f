import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { useApp } from './app-host.ts';
import { findBarriers } from './barriers.ts';
import { resultOf } from './inbox-results.ts';

const at = useApp('list_unanswered');
const cards = () => at.view.frame.locator('.people > li');
const button = (name: string | RegExp, within: Locator = cards().first()) => within.getByRole('button', { name });
const textOf = (selector: string) => at.view.frame.locator(selector).first().textContent();

describe('states', () => {
  test('loading, until the result arrives', async () => {
    await at.open({ result: null });
    const main = at.view.frame.locator('main');
    await expect.poll(() => main.textContent()).toBe('Loading …');
    expect(await main.getAttribute('aria-busy')).toBe('true');
    await at.view.host('sendResult', resultOf({}));
    await expect.poll(() => cards().count()).toBe(1);
    expect(await main.getAttribute('aria-busy')).toBe(null);
  });

  test('empty', async () => {
    await at.open({ result: resultOf() });
    await expect
      .poll(() => at.view.frame.locator('main').textContent())
      .toContain('No one is waiting for a reply.9 conversations were read.');
  });

  test('incomplete', async () => {
    const result = resultOf({});
    Object.assign(result.structuredContent, { incomplete: [{ part: 'sender 1', reason: 'no time was left' }] });
    await at.open({ result });
    await expect.poll(() => textOf('.gaps')).toContain('sender 1: no time was left');
  });

  test('an error, with its next step and a retry', async () => {
    const error = {
      kind: 'api',
      message: 'HeyReach is not available.',
      nextStep: 'Retry in a minute.',
      outcome: 'not_sent',
    };
    await at.open({ result: { content: [], isError: true, structuredContent: { error } } }, { limit: 2 });
    await expect
      .poll(() => at.view.frame.getByRole('alert').textContent())
      .toContain('HeyReach is not available.Retry in a minute.');
    await at.view.frame.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => cards().count()).toBe(2);
    expect(at.view.calls).toEqual([['list_unanswered', { limit: 2 }]]);
  });

  test('a cancelled call, and the closing of the view', async () => {
    await at.open({ result: null });
    await at.view.host('cancel', 'by the user');
    await expect.poll(() => at.view.frame.getByRole('alert').textContent()).toContain('The call was cancelled.');
    expect(await at.view.host('teardown')).toEqual({});
  });

  test('a job, whose result the view fetches', async () => {
    const job = { id: 'job-1', kind: 'list_unanswered', state: 'running', done: 3, total: 9, requests: 3 };
    await at.open({
      result: { content: [], structuredContent: { job } },
      answer: () => ({ content: [], structuredContent: { job, result: resultOf({}).structuredContent } }),
    });
    await expect.poll(() => at.view.frame.locator('main').textContent()).toContain('running, 3 of 9 done');
    await at.view.frame.getByRole('button', { name: 'Check again' }).click();
    await expect.poll(() => cards().count()).toBe(1);
    expect(at.view.calls).toEqual([['get_job', { jobId: 'job-1' }]]);
  });
});

describe('texts of other people', () => {
  const HOSTILE = '<img src=x onerror="alert(1)"></script><script>alert(2)</script>';

  test('stay plain text', async () => {
    const messages = [{ index: 0, createdAt: '2026-11-28T09:30:00Z', body: HOSTILE, sender: 'CORRESPONDENT' }];
    await at.open({
      result: resultOf({ name: HOSTILE, company: HOSTILE, said: HOSTILE, weSaid: HOSTILE }),
      answer: () => ({ content: [], structuredContent: { messages } }),
    });
    await button('Show thread').click();
    await expect.poll(() => at.view.frame.locator('.thread li').count()).toBe(1);
    await button('Stop contact …').click();
    expect((await cards().first().textContent())!.split(HOSTILE).length).toBeGreaterThanOrEqual(7);
    expect(await at.view.evaluate('document.querySelectorAll("img, main script").length')).toBe(0);
  });

  test('keep their own direction, and long texts do not widen the page', async () => {
    const people = [
      { name: 'مثال العربية', said: 'مرحبا، أخبرني المزيد من فضلك' },
      { name: '模板 陈', said: '听起来不错，请把资料发给我' },
      { name: 'Donaudampfschifffahrtsgesellschaft'.repeat(4), said: 'https://example.com/'.repeat(12) },
    ];
    await at.open({ result: resultOf(...people), width: 320 });
    await expect.poll(() => cards().count()).toBe(3);
    const direction = (of: string) => `getComputedStyle(document.querySelector(${JSON.stringify(of)})).direction`;
    expect(await at.view.evaluate(direction('li:nth-child(1) .said'))).toBe('rtl');
    expect(await at.view.evaluate(direction('li:nth-child(1) h2'))).toBe('rtl');
    expect(await at.view.evaluate(direction('li:nth-child(2) .said'))).toBe('ltr');
    expect(await at.view.evaluate('document.documentElement.scrollWidth')).toBe(320);
  });
});

describe('looks', () => {
  test.each([320, 720])('no accessibility problems, in light and dark, %i px wide', async (width) => {
    await at.open({ width });
    await button('Show thread').click();
    await expect.poll(() => at.view.frame.locator('.thread li').count()).toBeGreaterThan(1);
    await button('Stop contact …').click();
    expect(await findBarriers(at.view)).toEqual([]);
    await at.view.host('changeContext', { theme: 'dark' });
    await expect
      .poll(() => at.view.evaluate('getComputedStyle(document.documentElement).backgroundColor'))
      .toBe('rgb(31, 31, 30)');
    expect(await findBarriers(at.view)).toEqual([]);
    expect(await at.view.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });

  test('uses the colors and the font of the host', async () => {
    const variables = {
      '--color-background-primary': 'light-dark(rgb(1, 2, 3), rgb(4, 5, 6))',
      '--font-sans': 'serif',
    };
    await at.open({ result: resultOf({}), context: { theme: 'dark', styles: { variables } } });
    await expect
      .poll(() => at.view.evaluate('getComputedStyle(document.documentElement).backgroundColor'))
      .toBe('rgb(4, 5, 6)');
    expect(await at.view.evaluate('getComputedStyle(document.body).fontFamily')).toBe('serif');
  });

  test('shows dates in the format of the user', async () => {
    await at.open({ result: resultOf({}), context: { locale: 'de-DE', timeZone: 'Asia/Tokyo' } });
    await expect.poll(() => textOf('.since')).toBe('28. Nov., 18:30 · 2 days');
  });

  test('the frame has the height of the content', async () => {
    await at.open();
    await expect.poll(() => cards().count()).toBe(25);
    const height = await at.view.evaluate<number>('document.documentElement.scrollHeight');
    await expect.poll(async () => Number((await at.view.page.locator('iframe').boundingBox())!.height)).toBe(height);
  });
});
