import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import { operation } from '../operation.ts';
import { count, outsideText, type PageRequest, pageOf, text } from './fields.ts';

/** The statuses of an entry. Only Matched excludes one person. */
export const MATCHING_STATUSES = ['Matching', 'Matched', 'NotFound', 'BroadMatch'] as const;

/** Only `Matched` excludes a person. `BroadMatch` excludes all people of exactly that name. */
export const blacklistedLead = lazy(() =>
  z.looseObject({
    id: z.union([z.string(), z.number()]).nullish(),
    fullName: outsideText,
    email: outsideText,
    profileUrl: outsideText,
    linkedInProfileId: text,
    linkedInMemberId: text,
    matchingStatus: text,
    resolutionStage: text,
    creationTime: text,
  }),
);

/** A person, by at least one of these. */
export interface BlacklistInput {
  linkedInProfileId?: string | undefined;
  profileUrl?: string | undefined;
  email?: string | undefined;
  fullName?: string | undefined;
}

export const blacklist = {
  getLeads: operation<
    PageRequest & { search?: string | undefined; matchingStatus?: (typeof MATCHING_STATUSES)[number] | undefined }
  >().answering('POST /blacklist/GetLeads', () => pageOf(blacklistedLead()), { retry: 'safe' }),
  /** Up to 100 rows. The status is always 200, even if rows were rejected. */
  addLeads: operation<{ leads: BlacklistInput[] }>().answering(
    'POST /blacklist/AddLeads',
    () =>
      z
        .looseObject({
          added: count,
          // HeyReach documents only `entries`, as `{inputIndex, id, created}`, so all three pass unchanged.
          entries: z.unknown().optional(),
          duplicates: z.unknown().optional(),
          validationErrors: z.unknown().optional(),
        })
        .optional(),
    { retry: 'idempotent', answers: 'maybe_object' },
  ),
};
