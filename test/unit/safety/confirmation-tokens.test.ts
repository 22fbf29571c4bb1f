import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { digest } from '../../../src/lib/json.ts';
import { createTokenSigners } from '../../../src/mcp/confirmation/elicitation.ts';
import { confirmationFiles } from '../../../src/safety/confirmation-files.ts';
import { ConfirmationTokens } from '../../../src/safety/confirmation-tokens.ts';
import { confirmationsInMemory } from '../../../src/state/memory/confirmations.ts';

const SECRET = 'a-made-up-secret-of-more-than-32-characters';
const scope = { tool: 'send_message', input: { message: 'Hello', linkedInAccountId: 1 }, key: 'one key' };
const boundState = { newest: ['2026-06-01', 'ME', 'Hi there'] };
const openTokens = (secret = SECRET) => new ConfirmationTokens(createTokenSigners(secret), confirmationsInMemory());

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-06-15T10:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a confirmation', () => {
  test('is valid for its call, in any order of the arguments', async () => {
    const confirmations = openTokens();
    const { text, expiresAt } = await confirmations.issue('token', scope, boundState);
    expect(expiresAt).toBe('2026-06-15T10:10:00.000Z');
    const same = { ...scope, input: { linkedInAccountId: 1, message: 'Hello' } };
    const verified = await confirmations.verify('token', text, same);
    if (!verified.ok) throw new Error(verified.error);
    const { confirmation } = verified;
    expect(confirmation.isUnchanged({ newest: ['2026-06-01', 'ME', 'Hi there'] })).toBe(true);
    expect(confirmation.isUnchanged({ newest: ['2026-06-01', 'ME', 'Hi!'] })).toBe(false);
    expect(await confirmations.markUsed(confirmation)).toBe(true);
    expect(await confirmations.markUsed(confirmation)).toBe(false);
    expect(await confirmations.verify('token', text, same)).toEqual({ ok: false, error: 'used' });
  });

  test.each([
    ['token', 600],
    ['state', 300],
  ] as const)('expires as a %s after %d seconds', async (kind, seconds) => {
    const confirmations = openTokens();
    const { text } = await confirmations.issue(kind, scope, boundState);
    vi.setSystemTime(Date.parse('2026-06-15T10:00:00Z') + (seconds - 1) * 1_000);
    expect(await confirmations.verify(kind, text, scope)).toMatchObject({ ok: true });
    vi.setSystemTime(Date.parse('2026-06-15T10:00:00Z') + (seconds + 1) * 1_000);
    expect(await confirmations.verify(kind, text, scope)).toEqual({ ok: false, error: 'expired' });
  });

  test.each([
    ['another key', { key: 'another key' }, 'other_key'],
    ['another tool', { tool: 'start_campaign' }, 'other_tool'],
    ['another argument', { input: { message: 'Hello!', linkedInAccountId: 1 } }, 'other_arguments'],
    ['one argument more', { input: { ...scope.input, subject: '' } }, 'other_arguments'],
  ] as const)('is not valid for %s', async (_, change, error) => {
    const confirmations = openTokens();
    const { text } = await confirmations.issue('token', scope, boundState);
    expect(await confirmations.verify('token', text, { ...scope, ...change })).toEqual({ ok: false, error });
  });

  test('is rejected as request state when altered, made with another secret, or sent as the other kind', async () => {
    const confirmations = openTokens();
    const { text } = await confirmations.issue('state', scope, boundState);
    const [version, payload = '', mac] = text.split('.');
    const forged = Buffer.from(payload, 'base64url').toString().replace('send_message', 'start_campaign');
    const altered = [version, Buffer.from(forged).toString('base64url'), mac].join('.');
    for (const bad of [altered, `${text}A`, text.slice(0, -4), '', 'v1..', 'x'.repeat(2_000)]) {
      expect(await confirmations.verify('state', bad, scope), bad).toEqual({ ok: false, error: 'forged' });
    }
    expect(await openTokens(`${SECRET}!`).verify('state', text, scope)).toEqual({ ok: false, error: 'forged' });
    expect(await confirmations.verify('token', text, scope)).toEqual({ ok: false, error: 'forged' });
  });

  test('is a handle of at most 16 characters, and any other text is rejected', async () => {
    const confirmations = openTokens();
    const { text } = await confirmations.issue('token', scope, boundState);
    expect(text).toMatch(/^[\w-]{1,16}$/);
    const other = text.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    for (const bad of [
      other,
      `${text}A`,
      text.slice(1),
      '',
      ' ',
      '../../etc/passwd',
      '../../etc/passw',
      '.'.repeat(16),
    ]) {
      expect(await confirmations.verify('token', bad, scope), bad).toEqual({ ok: false, error: 'forged' });
    }
    expect(await confirmations.verify('state', text, scope)).toEqual({ ok: false, error: 'forged' });
    expect(await openTokens().verify('token', text, scope)).toEqual({ ok: false, error: 'forged' });
    expect(await confirmations.verify('token', text, scope)).toMatchObject({ ok: true });
  });

  test('a confirmation of one caller stays valid when another caller opens many', async () => {
    const confirmations = openTokens();
    const { text } = await confirmations.issue('token', scope, boundState);
    const busy = { ...scope, key: 'busy key' };
    const first = await confirmations.issue('token', busy, boundState);
    for (let count = 0; count < 1_000; count += 1) await confirmations.issue('token', busy, boundState);
    const last = await confirmations.issue('token', busy, boundState);
    expect(await confirmations.verify('token', text, scope)).toMatchObject({ ok: true });
    expect(await confirmations.verify('token', last.text, busy)).toMatchObject({ ok: true });
    expect(await confirmations.verify('token', first.text, busy)).toEqual({ ok: false, error: 'forged' });
  });

  test('does not reveal arguments, key or bound state', async () => {
    const { text } = await openTokens().issue('state', scope, boundState);
    const payload = Buffer.from(text.split('.')[1] ?? '', 'base64url').toString();
    expect(payload).toContain('send_message');
    expect(payload).not.toMatch(/Hello|one key|2026-06-01|Hi there/);
    // The digest of a key differs in each token, so tokens of one key cannot be linked.
    expect(payload).not.toContain(digest('one key'));
  });
});

describe('confirmations as files', () => {
  let folder: string;
  beforeEach(() => {
    vi.useRealTimers();
    folder = mkdtempSync('/tmp/heyreach-mcp-used-');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const openFiles = (secret = SECRET) =>
    new ConfirmationTokens(createTokenSigners(secret), confirmationFiles(secret, folder));

  test('are known to other processes with the same secret, and valid once across all of them', async () => {
    const { text } = await openFiles().issue('token', scope, boundState);
    const others = [openFiles(), openFiles()];
    const verified = await Promise.all(others.map((each) => each.verify('token', text, scope)));
    const marked = verified.map(async (each, index) => {
      if (!each.ok) throw new Error(each.error);
      expect(each.confirmation.isUnchanged(boundState)).toBe(true);
      return others[index]!.markUsed(each.confirmation);
    });
    expect(await Promise.all(marked)).toEqual(expect.arrayContaining([true, false]));
    expect(await openFiles().verify('token', text, scope)).toEqual({ ok: false, error: 'used' });
    expect(await openFiles(`${SECRET}!`).verify('token', text, scope)).toEqual({ ok: false, error: 'forged' });
  });

  test('are not valid if their proof was altered or belongs to another handle', async () => {
    const [first, second] = [
      await openFiles().issue('token', scope, boundState),
      await openFiles().issue('token', scope, {}),
    ];
    const [own = ''] = readdirSync(folder);
    const fileOf = (handle: string) => `${folder}/${own}/${handle}.shown`;
    copyFileSync(fileOf(first.text), fileOf(second.text));
    expect(await openFiles().verify('token', second.text, scope)).toEqual({ ok: false, error: 'forged' });
    writeFileSync(fileOf(first.text), readFileSync(fileOf(first.text), 'utf8').replace(/.$/, '!'));
    expect(await openFiles().verify('token', first.text, scope)).toEqual({ ok: false, error: 'forged' });
  });

  test('contain digests only, and a caller that opens many has few files', async () => {
    const confirmations = openFiles();
    for (let count = 0; count < 250; count += 1) await confirmations.issue('token', scope, boundState);
    const [own = ''] = readdirSync(folder);
    await expect.poll(() => readdirSync(`${folder}/${own}`).length).toBe(200);
    for (const name of readdirSync(`${folder}/${own}`)) {
      expect(statSync(`${folder}/${own}/${name}`).mode & 0o777).toBe(0o600);
      const payload = Buffer.from(readFileSync(`${folder}/${own}/${name}`, 'utf8').split('.')[1] ?? '', 'base64url');
      expect(payload.toString()).not.toMatch(/Hello|one key|2026-06-01/);
      expect(payload.toString()).not.toContain(name.replace('.shown', ''));
    }
  });
  test('used confirmations are known to other processes, used once, and removed after they expire', async () => {
    const [first, second] = [confirmationFiles(SECRET, folder), confirmationFiles(SECRET, folder)];
    expect(await first.stateOf('id')).toBe('open');
    expect(await Promise.all([first.markUsed('id', 60_000), second.markUsed('id', 60_000)])).toEqual(
      expect.arrayContaining([true, false]),
    );
    expect(await second.stateOf('id')).toBe('used');
    expect(await confirmationFiles(`${SECRET}!`, folder).stateOf('id')).toBe('open');
    const [own = ''] = readdirSync(folder);
    expect(statSync(`${folder}/${own}`).mode & 0o777).toBe(0o700);
    expect(own).not.toContain(SECRET);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await first.markUsed('next', 10);
    expect(readdirSync(`${folder}/${own}`)).toEqual(['next']);
  });
});
