import type { LeadProfile } from '../../client/operations/fields.ts';
import { replaceVariables } from '../../lib/template-variables.ts';
import type { LeadFields } from './lead-fields.ts';

/** A text as a lead would read it. */
export interface FilledText {
  /** Variables whose value is unknown stay as they are written. */
  text: string;
  /** Variables without a value: HeyReach sends the fallback instead. */
  missing: string[];
  /** Variables whose value this server cannot read, those of the sender included. */
  unknown: string[];
}

/** Fills the variables of a text. `{{x}}` and other forms stay, because HeyReach may not fill them. */
export function fillText(text: string, lead: LeadProfile, fields: LeadFields): FilledText {
  const missing = new Set<string>();
  const unknown = new Set<string>();
  const filled = replaceVariables(text, (name, place) => {
    const value = fields.valueOf(lead, name);
    if (typeof value === 'object') return value.text;
    (value === undefined ? missing : unknown).add(name);
    return place;
  });
  return { text: filled, missing: [...missing], unknown: [...unknown] };
}
