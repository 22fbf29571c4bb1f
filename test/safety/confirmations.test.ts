import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryStore } from '../../src/client/index.ts';
import { Confirmations, spentIn } from '../../src/safety/confirmations.ts';
import { digest } from '../../src/safety/hash.ts';
import { spentInFiles } from '../../src/safety/spent-files.ts';
import { createSeals } from '../../src/transports/asking.ts';

const SECRET = 'a-made-up-secret-of-more-than-32-characters';
const subject = { tool: 'send_message', input: { message: 'Hello', linkedInAccountId: 1 }, key: 'one key' };
const binds = { newest: ['2026-06-01', 'ME', 'Hi'] };
const open = (secret = SECRET) => new Confirmations(createSeals(secret), spentIn(createMemoryStore()));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-06-15T10:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a confirmation', () => {
  test('is good for the call it was made for, whatever the order of the arguments', async () => {
    const confirmations = open();
    const { text, expiresAt } = await confirmations.issue('token', subject, binds);
    expect(expiresAt).toBe('2026-06-15T10:10:00.000Z');
    const same = { ...subject, input: { linkedInAccountId: 1, message: 'Hello' } };
    const read = await confirmations.read('token', text, same);
    if ('fault' in read) throw new Error(read.fault);
    expect(read.stillBinds({ newest: ['2026-06-01', 'ME', 'Hi'] })).toBe(true);
    expect(read.stillBinds({ newest: ['2026-06-01', 'ME', 'Hi!'] })).toBe(false);
    expect(await confirmations.spend(read)).toBe(true);
    expect(await confirmations.spend(read)).toBe(false);
    expect(await confirmations.read('token', text, same)).toEqual({ fault: 'used' });
  });

  test.each([
    ['token', 600],
    ['state', 300],
  ] as const)('lives its time as a %s, and not a second more', async (via, seconds) => {
    const confirmations = open();
    const { text } = await confirmations.issue(via, subject, binds);
    vi.setSystemTime(Date.parse('2026-06-15T10:00:00Z') + (seconds - 1) * 1_000);
    expect(await confirmations.read(via, text, subject)).not.toHaveProperty('fault');
    vi.setSystemTime(Date.parse('2026-06-15T10:00:00Z') + (seconds + 1) * 1_000);
    expect(await confirmations.read(via, text, subject)).toEqual({ fault: 'expired' });
  });

  test.each([
    ['another key', { key: 'another key' }, 'other_key'],
    ['another tool', { tool: 'start_campaign' }, 'other_tool'],
    ['another argument', { input: { message: 'Hello!', linkedInAccountId: 1 } }, 'other_arguments'],
    ['an argument more', { input: { ...subject.input, subject: '' } }, 'other_arguments'],
  ] as const)('is not good for %s', async (_, other, fault) => {
    const confirmations = open();
    const { text } = await confirmations.issue('token', subject, binds);
    expect(await confirmations.read('token', text, { ...subject, ...other })).toEqual({ fault });
  });

  test('cannot be altered, made with another secret, or carried another way', async () => {
    const confirmations = open();
    const { text } = await confirmations.issue('token', subject, binds);
    const [version, payload = '', mac] = text.split('.');
    const forged = Buffer.from(payload, 'base64url').toString().replace('send_message', 'start_campaign');
    const altered = [version, Buffer.from(forged).toString('base64url'), mac].join('.');
    for (const bad of [altered, `${text}A`, text.slice(0, -4), '', 'v1..', 'x'.repeat(2_000)]) {
      expect(await confirmations.read('token', bad, subject), bad).toEqual({ fault: 'forged' });
    }
    expect(await open(`${SECRET}!`).read('token', text, subject)).toEqual({ fault: 'forged' });
    expect(await confirmations.read('state', text, subject)).toEqual({ fault: 'forged' });
  });

  test('shows whoever holds it neither arguments, nor key, nor what it is bound to', async () => {
    const { text } = await open().issue('token', subject, binds);
    const payload = Buffer.from(text.split('.')[1] ?? '', 'base64url').toString();
    expect(payload).toContain('send_message');
    expect(payload).not.toMatch(/Hello|one key|2026-06-01|Hi/);
    // The same key is another digest each time, so that tokens cannot be told to be of one key.
    expect(payload).not.toContain(digest('one key'));
  });
});

describe('used confirmations as files', () => {
  test('are known to other processes, used once, and gone when they are of no use', async () => {
    vi.useRealTimers();
    const folder = mkdtempSync('/tmp/heyreach-mcp-spent-');
    const [one, other] = [spentInFiles(SECRET, folder), spentInFiles(SECRET, folder)];
    expect(await one.has('id')).toBe(false);
    expect(await Promise.all([one.add('id', 60_000), other.add('id', 60_000)])).toEqual(
      expect.arrayContaining([true, false]),
    );
    expect(await other.has('id')).toBe(true);
    expect(await spentInFiles(`${SECRET}!`, folder).has('id')).toBe(false);
    const [own = ''] = readdirSync(folder);
    expect(statSync(`${folder}/${own}`).mode & 0o777).toBe(0o700);
    expect(own).not.toContain(SECRET);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await one.add('next', 10);
    expect(readdirSync(`${folder}/${own}`)).toEqual(['next']);
    rmSync(folder, { recursive: true });
  });
});
