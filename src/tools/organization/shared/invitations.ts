import * as z from 'zod';
import { lazy } from '../../../lib/lazy.ts';
import { literal } from '../../../lib/outside-text.ts';
import { countNoun, SHOWN_ROWS } from '../../../lib/text-format.ts';
import { copied, ids, list } from '../../../mcp/arguments/fields.ts';
import { type Preview, titled } from '../../../mcp/confirmation/preview.ts';
import type { InputOf, ToolContext } from '../../../mcp/tool.ts';
import { readWorkspaceNames } from './workspace-names.ts';

const MAX_EMAIL = 320;
const email = () => copied(z.email('must be an e-mail address').max(MAX_EMAIL));

/** The parameters of every invitation. */
export const invitationFields = lazy(() => ({
  inviterEmail: copied(email().describe('E-mail of the inviting user')),
  emails: list(email(), 'E-mails to invite', { min: 1, max: 100 }),
}));
export const invitedWorkspaces = lazy(() => ({ workspaceIds: ids('Workspaces they can access', { min: 1 }) }));

type Admins = InputOf<ReturnType<typeof invitationFields>>;
type Managers = Admins & InputOf<ReturnType<typeof invitedWorkspaces>>;
type Members = Managers & { permissions?: Record<string, boolean> | undefined };

const URL_WARNING =
  'Anyone with an invitation URL can join. The result contains the URLs. HeyReach sends no e-mail, so the URLs must be passed on.';

export async function previewAdmins(input: Admins, context: ToolContext): Promise<Preview> {
  const people = countNoun(input.emails.length, 'person', 'people');
  const workspaces = await readWorkspaceNames('all', context);
  return {
    question: `Invite ${people} as admins of the whole organization?`,
    lines: [
      ...inviterLines(input),
      'Role: admin of the whole organization',
      ...(workspaces.lines.length === 0
        ? ['Workspaces they can access: all']
        : titled('Workspaces they can access (all of the organization)', workspaces.lines)),
      ...emailLines(input),
    ],
    warnings: [URL_WARNING, ...foreignWarning(input), ...workspaces.warnings],
    facts: { role: 'Admin', ...factsOf(input), workspaces: workspaces.facts },
    boundState: null,
  };
}

export async function previewMembers(input: Members, context: ToolContext): Promise<Preview> {
  const { permissions } = input;
  const { lines, warnings, facts } = await showWorkspaces(input, context);
  const named = (granted: boolean) =>
    Object.entries(permissions ?? {})
      .filter(([, value]) => value === granted)
      .map(([name]) => name);
  return {
    question: `Invite ${peopleInto(input)} as members?`,
    lines: [
      ...inviterLines(input),
      'Role: member',
      ...(permissions === undefined
        ? ['Permissions: not given, so HeyReach decides']
        : [...titled('Permissions granted', named(true)), ...titled('Permissions withheld', named(false))]),
      ...lines,
      ...emailLines(input),
    ],
    warnings: [URL_WARNING, ...foreignWarning(input), ...warnings],
    facts: { role: 'Member', ...factsOf(input), ...facts, ...(permissions === undefined ? {} : { permissions }) },
    boundState: null,
  };
}

export async function previewManagers(input: Managers, context: ToolContext): Promise<Preview> {
  const { lines, warnings, facts } = await showWorkspaces(input, context);
  return {
    question: `Attach ${peopleInto(input)} as managers?`,
    lines: [...inviterLines(input), 'Role: manager', ...lines, ...emailLines(input)],
    warnings: [
      'They are attached at once and do not have to register. If the result contains a URL, anyone with it can join.',
      ...foreignWarning(input),
      ...warnings,
    ],
    facts: { role: 'Manager', ...factsOf(input), ...facts },
    boundState: null,
  };
}

function peopleInto({ emails, workspaceIds }: Managers): string {
  return `${countNoun(emails.length, 'person', 'people')} to ${countNoun(workspaceIds.length, 'workspace')}`;
}

function inviterLines({ inviterEmail }: Admins): string[] {
  return [`Invited by: ${literal(inviterEmail)}`];
}

function emailLines({ emails }: Admins): string[] {
  return titled('E-mails', emails.map(literal));
}

/** Warns about addresses at other domains, which are easy to miss in a long list. */
function foreignWarning({ inviterEmail, emails }: Admins): string[] {
  const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  const own = domainOf(inviterEmail);
  const foreign = emails.map(domainOf).filter((domain) => domain !== own);
  if (foreign.length === 0) return [];
  const domains = [...new Set(foreign)];
  const more = domains.length > SHOWN_ROWS ? `, and ${domains.length - SHOWN_ROWS} more` : '';
  const shown = `${domains.slice(0, SHOWN_ROWS).map(literal).join(', ')}${more}`;
  return [
    `Not at ${literal(own)}, the domain of the inviter: ${foreign.length} of ${emails.length}. They are at ${shown}.`,
  ];
}

function factsOf({ inviterEmail, emails }: Admins): Record<string, unknown> {
  return { inviterEmail, invited: emails.length, emails: emails.slice(0, SHOWN_ROWS) };
}

async function showWorkspaces({ workspaceIds }: Managers, context: ToolContext) {
  const names = await readWorkspaceNames(workspaceIds, context);
  return {
    lines: titled('Workspaces they can access', names.lines),
    warnings: names.warnings,
    facts: { workspaces: names.facts },
  };
}
