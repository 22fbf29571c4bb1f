import { expect } from 'vitest';
import type { Campaign, LeadList } from '../../../src/sandbox/index.ts';
import { type Sandboxed, useSandbox } from '../programs/sandbox-harness.ts';
import type { ToolResult } from './clients.ts';

/** A sandbox with a stopped clock, and the program with confirmations. Its client gets previews with tokens. */
export const useAsking = () =>
  useSandbox({ clock: 'manual', startAt: Date.parse('2026-06-15T10:00:00Z') }, 'in-process', ['--confirm', 'ask']);

/** The sandbox's senders. Ines has no Sales Navigator, Mei's login is invalid. */
export const SENDERS = { grace: 170_001, tomas: 170_138, ines: 170_275, oleg: 170_412, mei: 170_549 };

const READS = /^(GET \S+|POST \/\w+\/Get\w+)$/;

export interface Confirmation {
  required: boolean;
  preview: { text: string; warnings?: string[] } & Record<string, unknown>;
  confirmToken: string;
}
const confirmationIn = (result: ToolResult) => result.structuredContent?.confirmation as Confirmation;

/** The lines of a preview, without the marks that separate them in Markdown. */
export const linesOf = ({ preview }: Pick<Confirmation, 'preview'>) =>
  preview.text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/ {2}$/, ''));

/** The lines of a preview as one text. */
export const textOf = (shown: Pick<Confirmation, 'preview'>) => linesOf(shown).join('\n');

export const campaignNamed = ({ sandbox }: Sandboxed, name: string): Campaign =>
  [...sandbox.workspace.campaigns.values()].find((campaign) => campaign.name === name)!;

export const listNamed = ({ sandbox }: Sandboxed, name: string): LeadList =>
  [...sandbox.workspace.lists.values()].find((list) => list.name === name)!;

/** A row of leads to add: Jane Example of Example GmbH, for `jane`. */
export const leadRow = (slug: string, more: object = {}) => ({
  profileUrl: `https://www.linkedin.com/in/${slug}-example`,
  firstName: slug.replace(/^./, (first) => first.toUpperCase()),
  lastName: 'Example',
  companyName: 'Example GmbH',
  ...more,
});

/** The requests after the first `count`, such as `POST /campaign/Pause`. */
export function requestsSince({ sandbox }: Sandboxed, count: number): string[] {
  return sandbox.requests
    .slice(count)
    .map(({ method, path }) => `${method} ${path.replace('/api/public', '').replace(/\?.*/, '')}`);
}

/** The requests other than reads. */
export function changesSince(at: Sandboxed, count: number): string[] {
  return requestsSince(at, count).filter((request) => !READS.test(request));
}

/** Makes a call that requires a confirmation, and checks that it only reads. @returns the confirmation. */
export async function ask(at: Sandboxed, tool: string, args: object): Promise<Confirmation> {
  const before = at.sandbox.requests.length;
  const reached = at.sandbox.reached.total;
  const result = await at.peer.callTool(tool, args);
  expect(result.isError, result.content[0]?.text).toBeFalsy();
  expect(at.sandbox.requests.length).toBeGreaterThan(before);
  expect(changesSince(at, before)).toEqual([]);
  expect(at.sandbox.reached.total).toBe(reached);
  expect(confirmationIn(result)).toMatchObject({ required: true, confirmToken: expect.any(String) });
  return confirmationIn(result);
}

/** Makes the confirmed call. @returns its data, and its requests other than reads. */
export async function confirm(at: Sandboxed, tool: string, args: object, { confirmToken }: Confirmation) {
  const before = at.sandbox.requests.length;
  const result = await at.peer.callTool(tool, { ...args, confirmToken });
  expect(result.isError, result.content[0]?.text).toBeFalsy();
  expect(result.structuredContent).not.toHaveProperty('confirmation');
  return { data: result.structuredContent!, sent: changesSince(at, before) };
}

/** Expects that a call is rejected because something changed. @returns the preview of the current state. */
export async function expectChanged(at: Sandboxed, tool: string, args: object, { confirmToken }: Confirmation) {
  const before = at.sandbox.requests.length;
  const reached = at.sandbox.reached.total;
  const result = await at.peer.callTool(tool, { ...args, confirmToken });
  expect(result.isError).toBe(true);
  expect(result.structuredContent?.error).toMatchObject({ kind: 'confirmation_changed', outcome: 'not_sent' });
  expect(changesSince(at, before)).toEqual([]);
  expect(at.sandbox.reached.total).toBe(reached);
  expect(confirmationIn(result).confirmToken).not.toBe(confirmToken);
  return confirmationIn(result);
}
