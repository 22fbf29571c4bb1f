import { z } from 'zod';
import { operation } from '../operation.ts';
import { leadProfile, outsideText, outsideTexts, texts } from './fields.ts';

export const TAG_COLORS = ['Blue', 'Green', 'Purple', 'Pink', 'Red', 'Cyan', 'Yellow', 'Orange'] as const;

/** A person HeyReach holds already; `experiences` and `education` are strings that hold JSON. */
export const lead = leadProfile.extend({
  fullName: outsideText,
  username: outsideText,
  summary: outsideText,
  industry: outsideText,
  experiences: outsideText,
  education: outsideText,
  emailEnrichments: outsideTexts,
});

interface TagLeadRequest {
  leadProfileUrl?: string | undefined;
  leadLinkedInId?: string | undefined;
  tags: string[];
  /** Its default is not documented, so it is always sent. */
  createTagIfNotExisting: boolean;
}

const newTags = z.looseObject({ newAssignedTags: texts });

export const leads = {
  getLead: operation<{ profileUrl: string }>().answering('POST /lead/GetLead', lead, { repeat: 'safe' }),
  getTags: operation<{ profileUrl: string }>().answering('POST /lead/GetTags', z.looseObject({ tags: texts }), {
    repeat: 'safe',
  }),
  addTags: operation<TagLeadRequest>().answering('POST /lead/AddTags', newTags, { repeat: 'same' }),
  /** Removes all present tags first. */
  replaceTags: operation<TagLeadRequest>().answering('POST /lead/ReplaceTags', newTags, { repeat: 'same' }),
  createTags: operation<{ tags: { displayName: string; color: (typeof TAG_COLORS)[number] }[] }>().answering(
    'POST /lead_tags/CreateTags',
    z.unknown(),
    { repeat: 'once', answers: 'anything' },
  ),
};
