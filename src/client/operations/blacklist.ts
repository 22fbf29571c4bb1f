import { z } from 'zod';
import { operation } from '../operation.ts';
import { count, outsideText, type PageRequest, pageOf, text } from './fields.ts';

export const MATCHING_STATUSES = ['Matching', 'Matched', 'NotFound', 'BroadMatch'] as const;

/** Only `Matched` excludes a person, and `BroadMatch` everybody of exactly that name. */
export const blacklistedLead = z.looseObject({
  id: z.union([z.string(), z.number()]).nullish(),
  fullName: outsideText,
  email: outsideText,
  profileUrl: outsideText,
  linkedInProfileId: text,
  linkedInMemberId: text,
  matchingStatus: text,
  resolutionStage: text,
  creationTime: text,
});

/** One way or another of saying who is meant. */
export interface BlacklistInput {
  linkedInProfileId?: string | undefined;
  profileUrl?: string | undefined;
  email?: string | undefined;
  fullName?: string | undefined;
}

export const blacklist = {
  getLeads: operation<
    PageRequest & { search?: string | undefined; matchingStatus?: (typeof MATCHING_STATUSES)[number] | undefined }
  >().answering('POST /blacklist/GetLeads', pageOf(blacklistedLead), { repeat: 'safe' }),
  /** Always 200, whatever became of the rows; up to 100 of them. */
  addLeads: operation<{ leads: BlacklistInput[] }>().answering(
    'POST /blacklist/AddLeads',
    z.looseObject({
      added: count,
      // What these hold is published for the first only, as `{inputIndex, id, created}`, so all pass as they come.
      entries: z.unknown().optional(),
      duplicates: z.unknown().optional(),
      validationErrors: z.unknown().optional(),
    }),
    { repeat: 'same' },
  ),
};
