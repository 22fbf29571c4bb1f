import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import { operation } from '../operation.ts';
import { leadProfile, outsideText, outsideTexts, texts } from './fields.ts';

export const TAG_COLORS = ['Blue', 'Green', 'Purple', 'Pink', 'Red', 'Cyan', 'Yellow', 'Orange'] as const;

/** A lead that HeyReach already has. `experiences` and `education` are strings that hold JSON. */
export const lead = lazy(() =>
  leadProfile().extend({
    fullName: outsideText,
    username: outsideText,
    summary: outsideText,
    industry: outsideText,
    experiences: outsideText,
    education: outsideText,
    emailEnrichments: outsideTexts,
  }),
);

interface TagLeadRequest {
  leadProfileUrl?: string | undefined;
  leadLinkedInId?: string | undefined;
  tags: string[];
  /** Always sent, because its default is undocumented. */
  createTagIfNotExisting: boolean;
}

const newTags = lazy(() => z.looseObject({ newAssignedTags: texts }));

/** An empty 200 means that the tags were set. */
const tagging = { retry: 'idempotent', answers: 'maybe_object' } as const;

export const leads = {
  getLead: operation<{ profileUrl: string }>().answering('POST /lead/GetLead', lead, { retry: 'safe' }),
  getTags: operation<{ profileUrl: string }>().answering('POST /lead/GetTags', () => z.looseObject({ tags: texts }), {
    retry: 'safe',
  }),
  addTags: operation<TagLeadRequest>().answering('POST /lead/AddTags', () => newTags().optional(), tagging),
  /** Removes all present tags first. */
  replaceTags: operation<TagLeadRequest>().answering('POST /lead/ReplaceTags', () => newTags().optional(), tagging),
  createTags: operation<{ tags: { displayName: string; color: (typeof TAG_COLORS)[number] }[] }>().answering(
    'POST /lead_tags/CreateTags',
    () => z.unknown(),
    { retry: 'never', answers: 'anything' },
  ),
};
