import * as z from 'zod';
import type { LeadInput } from '../../client/operations/fields.ts';
import { isBlank, trimInvisible } from '../../lib/blank-text.ts';
import { lazy } from '../../lib/lazy.ts';
import { unwrapLink } from '../../lib/link-text.ts';
import { canonicalProfileUrl, expandSlug, identityOf as personOf, readProfileUrl } from '../../lib/linkedin-url.ts';
import { quoteInput } from '../../lib/outside-text.ts';
import { isIdPlaceholder, isNamePlaceholder, isPlaceholder, isProgramWord } from '../../lib/placeholder.ts';
import { sanitizeText } from '../../lib/sanitize-text.ts';
import { list, profileUrl, publishRequired, textId } from '../../mcp/arguments/fields.ts';

const part = (description: string, max = 500) => z.string().max(max).describe(description).optional();

const fields = lazy(() =>
  z.strictObject({
    profileUrl: part('Their /in/ or Sales Navigator URL', 1_000),
    firstName: part('First name'),
    lastName: part('Last name'),
    location: part('Location'),
    summary: part('Summary', 5_000),
    companyName: part('Company'),
    position: part('Job title'),
    about: part('About text', 5_000),
    emailAddress: part('E-mail address'),
    customUserFields: list(
      z.strictObject({
        name: z.string().describe('A-Z, a-z, 0-9, _'),
        value: z.string().max(5_000).describe('Value'),
      }),
      'Message variables',
      { max: 100 },
    ).optional(),
  }),
);
/** A lead as it was given. `rejected` says why a row cannot be read. */
export type LeadRow = z.output<ReturnType<typeof fields>> & { rejected?: string };

/** A lead as a parameter. Missing fields are checked per row, so that the other rows are still sent. */
export function leadRow(description: string) {
  return publishRequired(fields().describe(description), ['profileUrl', 'firstName', 'lastName']);
}

const FIELD_NAME = /^[A-Za-z0-9_]+$/;

/** Why HeyReach would silently drop a row or reject its whole call. Undefined for a valid row. */
export function rejectReasonOf(row: LeadRow): string | undefined {
  if (row.rejected !== undefined) return row.rejected;
  if (isBlank(row.profileUrl)) return 'profileUrl is missing';
  const url = readProfileUrl(expandSlug(row.profileUrl!));
  if (!url.ok) return `profileUrl ${url.reason}`;
  const placeholder = placeholderIn(row);
  if (placeholder !== undefined) return placeholder;
  const invalid = row.customUserFields?.find(({ name }) => !FIELD_NAME.test(name));
  if (invalid === undefined) return undefined;
  const suggestion = invalid.name
    .trim()
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .slice(0, 60);
  return `customUserFields name "${invalid.name.slice(0, 60)}" may only have letters, digits and _ (try ${suggestion || 'another name'})`;
}

/** Why a row has no name, or a field that a program did not fill in. A message would repeat the placeholder. */
function placeholderIn(row: LeadRow): string | undefined {
  for (const part of ['firstName', 'lastName'] as const) {
    const name = row[part];
    if (isBlank(name)) return `${part} is missing, and HeyReach silently drops leads without a name`;
    if (!isNamePlaceholder(name!, part)) continue;
    const isSurname = part === 'lastName' && isProgramWord(name!);
    const hint = isSurname ? '. Write a real surname like a name, with one capital letter (Null)' : '';
    return `${part} ${shown(name!)} is a placeholder that no program filled in${hint}`;
  }
  const fields = OTHER_FIELDS.map((name) => [name, row[name]] as const);
  const custom = (row.customUserFields ?? []).map(({ name, value }) => [`customUserFields ${name}`, value] as const);
  const unfilled = [...fields, ...custom].find(([name, value]) => isUnfilled(name, value));
  if (unfilled === undefined) return undefined;
  const [name, value = ''] = unfilled;
  return `${name.slice(0, 80)} ${shown(value)} is a placeholder that no program filled in. Leave out a field without a value`;
}

const OTHER_FIELDS = ['location', 'summary', 'companyName', 'position', 'about', 'emailAddress'] as const;

function isUnfilled(name: string, value: string | undefined): boolean {
  if (value === undefined) return false;
  return name === 'emailAddress' ? isIdPlaceholder(value) : isPlaceholder(value);
}

function shown(value: string): string {
  return quoteInput(value, 60);
}

/** Equal for rows of the same person. */
export function identityOf(row: LeadRow): string {
  return personOf(row.profileUrl) ?? '';
}

/** The row in the form of the request. Blank fields are left out, so that HeyReach does not fill in nothing. */
export function toLeadInput(row: LeadRow): LeadInput {
  const { customUserFields, ...fields } = row;
  const filled = Object.fromEntries(
    Object.entries(fields).filter(([, value]) => !isBlank(value as string)),
  ) as Partial<LeadInput>;
  return {
    ...filled,
    ...(isBlank(row.emailAddress) ? {} : { emailAddress: unwrapLink(row.emailAddress!) }),
    ...(customUserFields === undefined
      ? {}
      : {
          customUserFields: customUserFields.map(({ name, value }) => ({ name, value: isBlank(value) ? '' : value })),
        }),
    profileUrl: canonicalProfileUrl(row.profileUrl!),
    firstName: trimInvisible(sanitizeText(row.firstName!)),
    lastName: trimInvisible(sanitizeText(row.lastName!)),
  };
}

/** Parameters that identify a lead. One of them is required. */
export const identityFields = lazy(() => ({
  profileUrl: profileUrl('Profile URL or slug; this, linkedinId or email').optional(),
  linkedinId: textId('LinkedIn member id', 60).optional(),
  email: textId('E-mail address', 320).optional(),
}));

type Identity = {
  [Name in keyof ReturnType<typeof identityFields>]?: z.output<ReturnType<typeof identityFields>[Name]>;
};

const EMAIL = /^[^@\s]+@[^@\s]+$/;

/** Why the parameters do not name exactly one person. undefined where they do. */
export function checkIdentity(input: Identity): string | undefined {
  const { profileUrl, linkedinId, email } = input;
  const count = [profileUrl, linkedinId, email].filter((value) => value !== undefined).length;
  if (count === 0) return 'one of profileUrl, linkedinId and email is required';
  // HeyReach uses one of them without saying which.
  if (count > 1) return 'profileUrl, linkedinId and email exclude each other; give one';
  return email === undefined || EMAIL.test(email) ? undefined : 'email must be an address such as ada@example.com';
}
