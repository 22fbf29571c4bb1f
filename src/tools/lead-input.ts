import { z } from 'zod';
import type { LeadInput } from '../client/operations/fields.ts';
import { publishRequired } from './fields.ts';
import { readProfileUrl } from './profile-url.ts';

const part = (description: string, max = 500) => z.string().max(max).describe(description).optional();

const fields = z.strictObject({
  profileUrl: part('Their /in/ or Sales Navigator URL', 1_000),
  firstName: part('First name'),
  lastName: part('Last name'),
  location: part('Location'),
  summary: part('Summary', 5_000),
  companyName: part('Company'),
  position: part('Job title'),
  about: part('About text', 5_000),
  emailAddress: part('E-mail address'),
  customUserFields: z
    .array(
      z.strictObject({
        name: z.string().describe('A-Z, a-z, 0-9, _'),
        value: z.string().max(5_000).describe('Value'),
      }),
    )
    .max(100)
    .describe('Custom fields for message variables')
    .optional(),
});
export type LeadRow = z.output<typeof fields>;

/** A lead as a parameter. What a row lacks is found row by row, so that the other rows still go. */
export function leadRow(description: string) {
  return publishRequired(fields.describe(description), ['profileUrl', 'firstName', 'lastName']);
}

const FIELD_NAME = /^[A-Za-z0-9_]+$/;

/** Why HeyReach would drop a row in silence, or refuse its whole call, because of it; undefined for a good row. */
export function faultOf(row: LeadRow): string | undefined {
  if (isBlank(row.profileUrl)) return 'profileUrl is missing';
  const url = readProfileUrl(row.profileUrl!);
  if (!url.ok) return `profileUrl ${url.reason}`;
  if (isBlank(row.firstName)) return 'firstName is missing; HeyReach drops nameless leads without a word';
  if (isBlank(row.lastName)) return 'lastName is missing; HeyReach drops nameless leads without a word';
  const wrong = row.customUserFields?.find(({ name }) => !FIELD_NAME.test(name));
  if (wrong === undefined) return undefined;
  const mended = wrong.name
    .trim()
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .slice(0, 60);
  return `customUserFields name "${wrong.name.slice(0, 60)}" may only have letters, digits and _ (try ${mended || 'another name'})`;
}

/** Equal for rows that mean the same person. */
export function identityOf(row: LeadRow): string {
  const url = readProfileUrl(row.profileUrl ?? '');
  return url.ok ? url.identity : '';
}

/** The row as it is sent. */
export function toLeadInput(row: LeadRow): LeadInput {
  return { ...row, profileUrl: row.profileUrl!.trim(), firstName: row.firstName!, lastName: row.lastName! };
}

function isBlank(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}
