import type { ToolContext } from '../define.ts';
import { counted, inline, type Preview, SHOWN_ROWS } from '../preview.ts';
import { titled } from '../preview-lines.ts';
import { readWorkspaceNames } from './workspace-names.ts';

interface Admins {
  inviterEmail: string;
  emails: string[];
}
type Managers = Admins & { workspaceIds: number[] };
type Members = Managers & { permissions?: Record<string, boolean> | undefined };

const LONGEST_EMAIL = 320;
const BY_URL =
  'Whoever has an invitation URL can get in. The URLs come back in the answer; HeyReach sends no e-mail, so they have to be passed on.';

/** Who would be invited into the whole organization. */
export async function previewAdmins(input: Admins, context: ToolContext): Promise<Preview> {
  const people = counted(input.emails.length, 'person', 'people');
  const workspaces = await readWorkspaceNames('all', context);
  return {
    question: `Invite ${people} as admins of the whole organization?`,
    lines: [
      ...whoLines(input),
      'Role: admin of the whole organization',
      ...(workspaces.lines.length === 0
        ? ['Workspaces they get into: all']
        : titled("Workspaces they get into, all of the organization's", workspaces.lines)),
      ...emailLines(input),
    ],
    warnings: [BY_URL, ...foreignWarning(input), ...workspaces.warnings],
    facts: { role: 'Admin', ...factsOf(input), workspaces: workspaces.facts },
    binds: null,
  };
}

/** Who would be invited into which workspaces, with what rights. */
export async function previewMembers(input: Members, context: ToolContext): Promise<Preview> {
  const { permissions } = input;
  const { lines, warnings, facts } = await showWorkspaces(input, context);
  const named = (granted: boolean) =>
    Object.entries(permissions ?? {})
      .filter(([, given]) => given === granted)
      .map(([name]) => name);
  return {
    question: `Invite ${peopleInto(input)} as members?`,
    lines: [
      ...whoLines(input),
      'Role: member',
      ...(permissions === undefined
        ? ['Permissions: not given, so as HeyReach sets them']
        : [...titled('Permissions granted', named(true)), ...titled('Permissions withheld', named(false))]),
      ...lines,
      ...emailLines(input),
    ],
    warnings: [BY_URL, ...foreignWarning(input), ...warnings],
    facts: { role: 'Member', ...factsOf(input), ...facts, ...(permissions === undefined ? {} : { permissions }) },
    binds: null,
  };
}

/** Who would be made a manager of which workspaces. */
export async function previewManagers(input: Managers, context: ToolContext): Promise<Preview> {
  const { lines, warnings, facts } = await showWorkspaces(input, context);
  return {
    question: `Attach ${peopleInto(input)} as managers?`,
    lines: [...whoLines(input), 'Role: manager', ...lines, ...emailLines(input)],
    warnings: [
      'They are attached at once, without a registration of theirs. Should the answer hold a URL, whoever has it can get in.',
      ...foreignWarning(input),
      ...warnings,
    ],
    facts: { role: 'Manager', ...factsOf(input), ...facts },
    binds: null,
  };
}

function peopleInto({ emails, workspaceIds }: Managers): string {
  return `${counted(emails.length, 'person', 'people')} to ${counted(workspaceIds.length, 'workspace')}`;
}

function whoLines({ inviterEmail }: Admins): string[] {
  return [`Invited by: ${inline(inviterEmail, LONGEST_EMAIL)}`];
}

function emailLines({ emails }: Admins): string[] {
  return titled(
    'E-mails',
    emails.map((email) => inline(email, LONGEST_EMAIL)),
  );
}

/** Addresses of another organization, which in a long list are easily overlooked. */
function foreignWarning({ inviterEmail, emails }: Admins): string[] {
  const domainOf = (email: string) => email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  const own = domainOf(inviterEmail);
  const foreign = emails.map(domainOf).filter((domain) => domain !== own);
  if (foreign.length === 0) return [];
  const domains = [...new Set(foreign)];
  const more = domains.length > SHOWN_ROWS ? `, and ${domains.length - SHOWN_ROWS} more` : '';
  const shown = `${domains.slice(0, SHOWN_ROWS).join(', ')}${more}`;
  return [`Not at ${own} as the inviter is: ${foreign.length} of ${emails.length}, but at ${shown}.`];
}

function factsOf({ inviterEmail, emails }: Admins): Record<string, unknown> {
  return { inviterEmail, invited: emails.length, emails: emails.slice(0, SHOWN_ROWS) };
}

async function showWorkspaces({ workspaceIds }: Managers, context: ToolContext) {
  const names = await readWorkspaceNames(workspaceIds, context);
  return {
    lines: titled('Workspaces they get into', names.lines),
    warnings: names.warnings,
    facts: { workspaces: names.facts },
  };
}
